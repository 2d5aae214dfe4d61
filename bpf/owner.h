/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
 *
 * Whose call a hit belongs to, and how deep in its stack: goroutines move between threads and their stacks move in
 * memory, but stack.hi - SP stays.
 */
#ifndef CORAL_OWNER_H
#define CORAL_OWNER_H

#include "program.h"

#define G_STACK_HI_WORD 1
#define G_WORDS (CORAL_G_BYTES / 8)
#define TLS_G_OFFSET 8 /* g lies below the thread pointer */

/* The one kernel field that is read; the loader finds its place in the running kernel. */
struct thread_struct {
  unsigned long fsbase;
} __attribute__((preserve_access_index));

struct task_struct {
  struct thread_struct thread;
} __attribute__((preserve_access_index));

struct owner {
  u64 key; /* as in struct coral_bucket */
  u64 depth;
  u64 goroutine; /* goid; 0: unknown or a thread */
  u32 thread;
  u32 tgid;
};

INLINE bool g_from_tls(u64 *g) {
  struct task_struct *task = (void *)bpf_get_current_task();
  u64 fsbase = 0;

  if (bpf_probe_read_kernel(&fsbase, sizeof(fsbase), __builtin_preserve_access_index(&task->thread.fsbase)))
    return false;
  return !bpf_probe_read_user(g, sizeof(*g), (void *)(fsbase - TLS_G_OFFSET)) && *g;
}

INLINE bool own_by_goroutine(struct owner *owner, u64 g, u64 sp, u32 goid_offset) {
  u64 words[G_WORDS];
  u32 goid_word = goid_offset / 8;

  if (bpf_probe_read_user(words, sizeof(words), (void *)g))
    return false;
  owner->key |= g;
  owner->depth = words[G_STACK_HI_WORD] - sp;
  if (goid_word > 0 && goid_word < G_WORDS)
    owner->goroutine = words[goid_word];
  return true;
}

/* False where the goroutine's descriptor cannot be read. `sp` points at the return address. */
INLINE bool find_owner(struct owner *owner, struct pt_regs *regs, u64 sp, u32 site_flags, const struct coral_knobs *slot_knobs) {
  u64 pid_tgid = bpf_get_current_pid_tgid();
  u64 g = regs->r14;

  owner->key = (u64)slot_knobs->process << CORAL_OWNER_PROCESS_SHIFT;
  owner->tgid = pid_tgid >> 32;
  owner->thread = (u32)pid_tgid;
  if (site_flags & CORAL_SITE_THREAD) {
    owner->key |= owner->thread;
    owner->depth = ~sp;
    return true;
  }
  if ((site_flags & CORAL_SITE_G_TLS) && !g_from_tls(&g))
    return false;
  return own_by_goroutine(owner, g, sp, slot_knobs->goid_offset);
}

#endif
