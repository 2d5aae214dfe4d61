/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
 *
 * Waiting of goroutines: each wait is charged to every call that is open on the goroutine, by reason. A goroutine that
 * waits runs nowhere, so whoever lets it begin or end its wait is alone with its stack.
 */
#ifndef CORAL_WAITING_H
#define CORAL_WAITING_H

#include "charge.h"
#include "owner.h"
#include "stack.h"

struct charging {
  u64 owner;
  u64 since_ns;
  u64 now_ns;
  u32 place;
  u32 reason;
  u32 caller_node;
};

static long charge_one(u32 index, void *data) {
  struct charging *charging = data;
  struct coral_stack *stack = stack_at(charging->place);
  struct coral_frame *frame = stack ? frame_at(stack, charging->owner, index, false) : 0;

  if (frame && !is_stale(frame))
    charging->caller_node = charge(frame, charging->reason, charging->since_ns, charging->now_ns, charging->caller_node);
  return 0;
}

/* Frames below the depth of the wait were left; one at its depth is that of the function that begins it. */
INLINE void begin_wait(struct coral_stack *stack, u32 place, const struct owner *owner, u32 reason, u64 now_ns) {
  start_over_if_reused(stack, place, owner->key, owner->goroutine);
  unwind(stack, place, owner->key, owner->depth + 1);
  stack->wait_reason = reason;
  stack->waiting_since = now_ns;
  give_back_if_empty(stack, place);
}

INLINE void end_wait(struct coral_stack *stack, u32 place, u64 owner, u64 now_ns) {
  u64 since = stack->waiting_since;
  struct charging charging = {owner, since, now_ns, place, stack->wait_reason, CORAL_NODE_ROOT};

  stack->waiting_since = 0;
  if (!since || now_ns < since)
    return;
  bpf_loop(stack->open, charge_one, &charging, 0);
}

#endif
