/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
 *
 * Moving a slot from one link to another while it is hit. For a while both links' programs run at each hit: first that
 * of the younger link (the kernel puts new consumers in front), then the old one. The younger decides by the slot's
 * generation whether the hit is its own and leaves a mark; the old one takes what was not taken. So each hit counts
 * once, whenever the generation changes.
 */
#ifndef CORAL_GENERATION_H
#define CORAL_GENERATION_H

#include "maps.h"

#define GENERATION_OF(cookie) ((u32)((cookie) >> CORAL_COOKIE_GENERATION_SHIFT) & (CORAL_GENERATIONS - 1))
#define CURRENT_GENERATION(word) ((word) & 0xff)
#define COMING_GENERATION(word) ((((word) >> CORAL_COMING_SHIFT) & 0xff) - 1)
#define IS_SETTLED(word) (!(((word) >> CORAL_COMING_SHIFT) & 0xff))
#define ADDRESS_BITS 48

/* A hit of this thread at an address during the slot's present change of links. */
INLINE u64 mark_of(u64 address, u32 word) {
  return address | (u64)(word >> CORAL_CHANGE_SHIFT) << ADDRESS_BITS;
}

INLINE bool take_hit(u64 mark) {
  u64 thread = bpf_get_current_pid_tgid();

  return !bpf_map_update_elem(&taken_hits, &thread, &mark, BPF_ANY);
}

INLINE bool leave_hit(void) {
  u64 thread = bpf_get_current_pid_tgid();

  bpf_map_delete_elem(&taken_hits, &thread);
  return false;
}

INLINE bool is_taken(u64 mark) {
  u64 thread = bpf_get_current_pid_tgid();
  u64 *taken = bpf_map_lookup_elem(&taken_hits, &thread);

  return taken && *taken == mark;
}

/* Whether this program is the one that counts the hit. */
INLINE bool is_ours(const struct pt_regs *regs, u64 cookie, const struct coral_knobs *slot_knobs) {
  u32 word = *(volatile u32 *)&slot_knobs->generations;
  u32 mine = GENERATION_OF(cookie);

  if (IS_SETTLED(word))
    return mine == CURRENT_GENERATION(word);
  if (mine != COMING_GENERATION(word))
    return !is_taken(mark_of(regs->rip, word));
  return mine == CURRENT_GENERATION(word) && take_hit(mark_of(regs->rip, word)) ? true : leave_hit();
}

#endif
