/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
 *
 * Waiting of goroutines: each wait is charged to every call that is open on the goroutine, by reason. A goroutine that
 * waits runs nowhere, so whoever lets it begin or end its wait is alone with its stack.
 */
#ifndef CORAL_WAITING_H
#define CORAL_WAITING_H

#include "owner.h"
#include "stack.h"
#include "tree.h"

struct charging {
  u64 owner;
  u64 waited_ns;
  u32 place;
  u32 reason;
  u32 caller_node;
};

INLINE void count_wait(u32 slot, u32 reason, u64 waited_ns) {
  u32 index = slot * CORAL_WAIT_REASONS + (reason & (CORAL_WAIT_REASONS - 1));
  struct coral_wait *wait = bpf_map_lookup_elem(&waits, &index);

  if (!wait)
    return;
  ATOMIC_ADD(&wait->count, 1);
  ATOMIC_ADD(&wait->total_ns, waited_ns);
}

static long charge_one(u32 index, void *data) {
  struct charging *charging = data;
  struct coral_stack *stack = stack_at(charging->place);
  struct coral_frame *frame = stack ? frame_at(stack, charging->owner, index, false) : 0;

  if (!frame || is_stale(frame))
    return 0;
  count_wait(frame->slot, charging->reason, charging->waited_ns);
  if (frame->node != charging->caller_node)
    wait_in_node(frame->node, charging->waited_ns);
  charging->caller_node = frame->node;
  return 0;
}

/* Frames at the depth of the wait and below were left. */
INLINE void begin_wait(struct coral_stack *stack, u32 place, const struct owner *owner, u32 reason, u64 now_ns) {
  start_over_if_reused(stack, place, owner->key, owner->goroutine);
  unwind(stack, place, owner->key, owner->depth);
  stack->wait_reason = reason;
  stack->waiting_since = now_ns;
  give_back_if_empty(stack, place);
}

INLINE void end_wait(struct coral_stack *stack, u32 place, u64 owner, u64 now_ns) {
  u64 since = stack->waiting_since;
  struct charging charging = {.owner = owner, .place = place, .reason = stack->wait_reason, .caller_node = CORAL_NODE_ROOT};

  stack->waiting_since = 0;
  if (!since || now_ns < since)
    return;
  charging.waited_ns = now_ns - since;
  bpf_loop(stack->open, charge_one, &charging, 0);
}

#endif
