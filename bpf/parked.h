/* SPDX-License-Identifier: Apache-2.0
 *
 * What the program `parked` says of a thread that is not running; shared with user space.
 */
#ifndef CORAL_PARKED_H
#define CORAL_PARKED_H

#include "coral.h"

/* User registers as they were when the thread last entered the kernel. */
struct coral_parked {
  u64 ip;
  u64 sp;
  u64 bp;
  u64 switches; /* how often it has left a CPU: the same number again says that it did not run in between */
  u32 thread;
  u32 reserved;
};

#endif
