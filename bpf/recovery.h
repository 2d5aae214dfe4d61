/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
 *
 * A goroutine whose panic was recovered goes on in the frame whose deferred function did it, a thread in the frame that
 * caught the exception. The calls inside of that one are over; none of them returns, and nothing else tells so before a
 * call begins where they stood.
 */
#ifndef CORAL_RECOVERY_H
#define CORAL_RECOVERY_H

#include "call.h"

/* The stack pointer that it goes on with. */
INLINE bool find_recovered_sp(u64 *sp, u64 g, const struct coral_knobs *slot_knobs) {
  u32 in_panic = slot_knobs->recovered_sp_offset;

  if (bpf_probe_read_user(sp, sizeof(*sp), (void *)(g + slot_knobs->recovered_offset)))
    return false;
  return !in_panic || !bpf_probe_read_user(sp, sizeof(*sp), (void *)(*sp + in_panic));
}

INLINE void leave_deeper(struct coral_stack *stack, u32 place, const struct owner *owner) {
  unwind(stack, place, owner->key, owner->depth);
  forget_untracked(stack, owner->depth);
  give_back_if_empty(stack, place);
}

INLINE void recover(u64 g, const struct coral_knobs *slot_knobs) {
  struct owner owner = {.key = (u64)slot_knobs->process << CORAL_OWNER_PROCESS_SHIFT};
  u32 place = find_place(owner.key | g);
  struct coral_stack *stack = stack_at(place);
  u64 sp;

  if (!stack)
    return;
  if (!find_recovered_sp(&sp, g, slot_knobs) || !own_by_goroutine(&owner, g, sp, slot_knobs->goid_offset)) {
    count_loss(CORAL_LOSS_G_UNREADABLE);
    return;
  }
  start_over_if_reused(stack, place, owner.key, owner.goroutine);
  leave_deeper(stack, place, &owner);
}

/* The same for a thread that has caught an exception: it is in the frame that did, whose callee is hit. */
INLINE void catch_exception(struct pt_regs *regs, const struct coral_knobs *slot_knobs) {
  struct owner owner = {};
  struct coral_stack *stack;
  u32 place;

  own_by_thread(&owner, regs->rsp, slot_knobs);
  place = find_place(owner.key);
  stack = stack_at(place);
  if (stack && is_on_its_stack(&owner, &stack->own_stack))
    leave_deeper(stack, place, &owner);
}

#endif
