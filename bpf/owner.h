/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
 *
 * Whose call a hit belongs to, and how deep in its stack: goroutines move between threads and their stacks move in
 * memory, but stack.hi - SP stays.
 */
#ifndef CORAL_OWNER_H
#define CORAL_OWNER_H

#include "maps.h"
#include "own-stack.h"

#define G_STACK_HI_WORD 1
#define G_WORDS (CORAL_G_BYTES / 8)
#define TLS_G_OFFSET 8 /* g lies below the thread pointer */

/* Not a loss: the owner is known. */
#define OWNED CORAL_LOSS_COUNT

struct owner {
  u64 key; /* as in struct coral_bucket */
  u64 depth;
  u64 goroutine; /* goid; 0: unknown or a thread */
  u32 thread;
  u32 tgid;
  bool is_thread;
};

INLINE bool g_from_tls(u64 *g) {
  u64 fsbase = bpf_get_current_task_btf()->thread.fsbase;

  return !bpf_probe_read_user(g, sizeof(*g), (void *)(fsbase - TLS_G_OFFSET)) && *g;
}

INLINE bool find_g(u64 *g, const struct pt_regs *regs, u32 site_flags) {
  u64 ax = regs->rax, r14 = regs->r14;

  STAY_BEHIND(ax); /* a choice of registers would be a computed access to them */
  STAY_BEHIND(r14);
  *g = site_flags & CORAL_SITE_G_AX ? ax : r14;
  return site_flags & CORAL_SITE_G_TLS ? g_from_tls(g) : true;
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

/* `sp` points at the return address. */
INLINE void own_by_thread(struct owner *owner, u64 sp, const struct coral_knobs *slot_knobs) {
  struct task_struct *task = bpf_get_current_task_btf();

  owner->tgid = process_of(task, &config.pid_space);
  owner->thread = number_of(task, &config.pid_space);
  owner->key = (u64)slot_knobs->process << CORAL_OWNER_PROCESS_SHIFT | owner->thread;
  owner->depth = ~sp;
  owner->is_thread = true;
}

/* OWNED, or the loss that says why the owner is not known. */
INLINE u32 find_owner(struct owner *owner, struct pt_regs *regs, u32 site_flags, const struct coral_knobs *slot_knobs) {
  u64 sp = regs->rsp, g;

  own_by_thread(owner, sp, slot_knobs);
  if (site_flags & CORAL_SITE_THREAD)
    return OWNED;
  owner->is_thread = false;
  owner->key = (u64)slot_knobs->process << CORAL_OWNER_PROCESS_SHIFT;
  if (find_g(&g, regs, site_flags) && own_by_goroutine(owner, g, sp, slot_knobs->goid_offset))
    return OWNED;
  return CORAL_LOSS_G_UNREADABLE;
}

/* Only there does depth say who called whom. Goroutines' stacks are theirs. */
INLINE bool is_on_its_stack(const struct owner *owner, struct coral_own_stack *own) {
  return !owner->is_thread || is_on_own_stack(own, ~owner->depth);
}

#endif
