/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
 *
 * The number of a thread in the pid namespace of the agent, by which user space finds it in /proc. Needs `pid` and
 * `thread_pid` of struct task_struct.
 */
#ifndef CORAL_NUMBER_H
#define CORAL_NUMBER_H

#include <bpf/bpf_core_read.h>

struct upid {
  int nr;
} __attribute__((preserve_access_index));

struct pid {
  struct upid numbers[1];
} __attribute__((preserve_access_index));

/* `level` is a constant to the verifier. The first namespace's number is at hand. */
INLINE u32 number_of(struct task_struct *task, u32 level) {
  struct pid *pid;
  u32 number = 0;

  if (!level)
    return task->pid;
  pid = task->thread_pid;
  bpf_probe_read_kernel(&number, sizeof(number),
                        (void *)pid + bpf_core_field_offset(struct pid, numbers) + level * bpf_core_type_size(struct upid));
  return number;
}

#endif
