/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
 *
 * The kernel's fields that are read; the loader finds their places in the running kernel.
 */
#ifndef CORAL_TASK_H
#define CORAL_TASK_H

#include "program.h"

struct pid;

struct thread_struct {
  unsigned long fsbase;
} __attribute__((preserve_access_index));

struct mm_struct {
  unsigned long start_stack;
} __attribute__((preserve_access_index));

struct vm_area_struct {
  unsigned long vm_start;
  unsigned long vm_end;
} __attribute__((preserve_access_index));

struct task_struct {
  struct thread_struct thread;
  struct mm_struct *mm;
  s32 pid;
  s32 tgid;
  struct pid *thread_pid;
  struct task_struct *group_leader;
  u64 start_time;
  unsigned long sas_ss_sp; /* sigaltstack */
  unsigned long sas_ss_size;
} __attribute__((preserve_access_index));

#include "number.h"

/* The same of its process. */
INLINE u32 process_of(struct task_struct *task, const volatile struct coral_pid_space *space) {
  return space->level ? number_of(task->group_leader, space) : (u32)task->tgid;
}

#endif
