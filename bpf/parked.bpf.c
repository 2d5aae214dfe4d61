// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
//
// An iterator over the threads of a process: where those that do not run now stand. User space walks their stacks from
// there, to tell calls that an exception or longjmp left from calls that are open. Reads only. Needs Linux 6.1 (iterators
// over one process's tasks).

#include "program.h"

#include "parked.h"

struct pt_regs___kernel {
  unsigned long bp;
  unsigned long ip;
  unsigned long sp;
} __attribute__((preserve_access_index));

struct mm_struct;
struct pid;

struct task_struct {
  struct mm_struct *mm;
  unsigned long nvcsw;
  unsigned long nivcsw;
  int pid;
  struct pid *thread_pid;
  int on_cpu;
} __attribute__((preserve_access_index));

#include "number.h"

const volatile struct coral_pid_space pid_space SEC(".rodata.pid_space");

struct bpf_iter_meta {
  struct seq_file *seq;
} __attribute__((preserve_access_index));

struct bpf_iter__task {
  struct bpf_iter_meta *meta;
  struct task_struct *task;
} __attribute__((preserve_access_index));

SEC("iter/task")
int parked(struct bpf_iter__task *context) {
  struct task_struct *task = context->task;
  struct coral_parked parked = {};
  struct pt_regs___kernel *regs;

  if (!task || !task->mm || task->on_cpu)
    return 0;
  regs = (void *)bpf_task_pt_regs(task);
  parked.ip = regs->ip;
  parked.sp = regs->sp;
  parked.bp = regs->bp;
  parked.switches = task->nvcsw + task->nivcsw;
  parked.thread = number_of(task, &pid_space);
  bpf_seq_write(context->meta->seq, &parked, sizeof(parked));
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
