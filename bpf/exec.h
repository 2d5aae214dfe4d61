/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
 *
 * The end of a process image. What a process runs after exec is not what was probed, though it may be the same file or
 * map the same libraries: its hits are none of this session's, from the first on.
 */
#ifndef CORAL_EXEC_H
#define CORAL_EXEC_H

#include "maps.h"

static long forget_image(u32 slot, void *data) {
  struct coral_knobs *slot_knobs = bpf_map_lookup_elem(&knobs, &slot);

  if (slot_knobs && slot_knobs->tgid == *(u32 *)data)
    __sync_lock_test_and_set(&slot_knobs->generations, CORAL_NO_GENERATION); /* against user space's compare-and-swap */
  return 0;
}

/* 0 is a process that the agent does not see, and a slot that has none yet. */
INLINE void forget_images(u32 tgid) {
  if (tgid)
    bpf_loop(config.slots, forget_image, &tgid, 0);
}

#endif
