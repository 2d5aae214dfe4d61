// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
//
// How deep the pid namespace lies of who runs this, from 0: the other objects number processes as that namespace does.

#include "program.h"

struct pid {
  unsigned int level;
} __attribute__((preserve_access_index));

struct task_struct {
  struct pid *thread_pid;
} __attribute__((preserve_access_index));

SEC("syscall")
int level(void *unused) {
  return bpf_get_current_task_btf()->thread_pid->level;
}

char LICENSE[] SEC("license") = "GPL";
