/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
 *
 * The number of a thread in the pid namespace of the agent, by which user space finds it in /proc. Needs `pid` and
 * `thread_pid` of struct task_struct.
 */
#ifndef CORAL_NUMBER_H
#define CORAL_NUMBER_H

#include <bpf/bpf_core_read.h>

#include "coral.h"

struct ns_common {
  unsigned int inum;
} __attribute__((preserve_access_index));

struct pid_namespace {
  struct ns_common ns;
} __attribute__((preserve_access_index));

struct upid {
  int nr;
  struct pid_namespace *ns;
} __attribute__((preserve_access_index));

struct pid {
  unsigned int level;
  struct upid numbers[1];
} __attribute__((preserve_access_index));

/* 0: the agent does not see it. The first namespace's number is at hand. `space` is a constant to the verifier, but none to
 * the compiler, which would copy it as it was declared. */
INLINE u32 number_of(struct task_struct *task, const volatile struct coral_pid_space *space) {
  struct pid *pid = task->thread_pid;
  struct upid *own;

  if (!space->level)
    return task->pid;
  if (BPF_CORE_READ(pid, level) < space->level)
    return 0;
  own = (void *)pid + bpf_core_field_offset(struct pid, numbers) + space->level * bpf_core_type_size(struct upid);
  return BPF_CORE_READ(own, ns, ns.inum) == space->inum ? (u32)BPF_CORE_READ(own, nr) : 0;
}

#endif
