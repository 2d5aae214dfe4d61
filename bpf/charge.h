/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
 *
 * What one open call has waited, and waiting that goes on while calls of the goroutine are opened and closed: a system
 * call's, which the functions that make it begin and end within.
 */
#ifndef CORAL_CHARGE_H
#define CORAL_CHARGE_H

#include "stack.h"
#include "tree.h"

INLINE void count_wait(u32 slot, u32 reason, u64 waited_ns) {
  u32 index = slot * CORAL_WAIT_REASONS + (reason & (CORAL_WAIT_REASONS - 1));
  struct coral_wait *wait = bpf_map_lookup_elem(&waits, &index);

  if (!wait)
    return;
  ATOMIC_ADD(&wait->count, 1);
  ATOMIC_ADD(&wait->total_ns, waited_ns);
}

/* Its part of a wait, which may have begun before the call did. Where its caller is in the same node, that has it already. */
INLINE u32 charge(const struct coral_frame *frame, u32 reason, u64 since_ns, u64 now_ns, u32 caller_node) {
  u64 from_ns = frame->start_ns > since_ns ? frame->start_ns : since_ns;
  u64 waited_ns = now_ns > from_ns ? now_ns - from_ns : 0;

  count_wait(frame->slot, reason, waited_ns);
  if (frame->node != caller_node)
    wait_in_node(frame->node, waited_ns);
  return frame->node;
}

INLINE bool is_in_system_call(const struct coral_stack *stack) {
  return stack->waiting_since && stack->wait_reason == CORAL_WAIT_SYSCALL;
}

/* A call that returns before the system call does that it is made for has waited since it was made, or since it began itself. */
CHECKED_ONCE int charge_innermost(u32 place, u64 owner, u64 now_ns) {
  struct coral_stack *stack = stack_at(place);
  struct coral_frame *frame = stack ? top_frame(stack, owner) : 0;
  struct coral_frame *caller = stack && stack->open > 1 ? frame_at(stack, owner, stack->open - 2, false) : 0;

  if (frame)
    charge(frame, CORAL_WAIT_SYSCALL, stack->waiting_since, now_ns, caller ? caller->node : CORAL_NODE_ROOT);
  return 0;
}

/* A goroutine that calls or returns has waited, unless it does so to make its system call. Without open calls the wait is
 * that of who had the place before. */
INLINE void end_other_wait(struct coral_stack *stack) {
  if (!stack->open || stack->wait_reason != CORAL_WAIT_SYSCALL)
    stack->waiting_since = 0;
}

#endif
