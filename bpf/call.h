/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
 *
 * Opening and closing a call on its owner's shadow stack.
 */
#ifndef CORAL_CALL_H
#define CORAL_CALL_H

#include "owner.h"
#include "record.h"
#include "stack.h"
#include "tree.h"

/* A call without a frame is remembered by depth, so that its return is not taken for one that began before us. */
INLINE void leave_untracked(struct coral_stack *stack, u64 depth, u32 slot, u32 reason) {
  if (!stack->untracked_from || depth < stack->untracked_from)
    stack->untracked_from = depth;
  count_untracked(slot, reason);
}

/* Untracked calls at `depth` and deeper are over. */
INLINE void forget_untracked(struct coral_stack *stack, u64 depth) {
  if (stack->untracked_from >= depth)
    stack->untracked_from = 0;
}

INLINE u32 place_for_call(const struct owner *owner) {
  u32 place = find_place(owner->key);
  struct coral_stack *stack;

  if (place != NO_PLACE) {
    stack = stack_at(place);
    if (stack)
      start_over_if_reused(stack, place, owner->key, owner->goroutine);
    return place;
  }
  place = take_place(owner->key);
  stack = stack_at(place);
  if (stack) {
    stack->goroutine = owner->goroutine;
    stack->tgid = owner->tgid;
  }
  return place;
}

/* A call that is to be opened. */
struct opening {
  struct pt_regs *regs;
  const struct coral_knobs *slot_knobs;
  u32 slot;
  u32 epoch;
  u32 max_frames;
};

INLINE void push_frame(struct coral_stack *stack, const struct owner *owner, const struct opening *opening) {
  struct coral_frame *caller = top_frame(stack, owner->key);
  u32 parent = caller ? caller->node : CORAL_NODE_ROOT;
  u32 index = stack->open, slot = opening->slot;
  struct coral_frame *frame;

  if (index >= opening->max_frames)
    return leave_untracked(stack, owner->depth, slot, CORAL_LOSS_STACK_TOO_DEEP);
  frame = frame_at(stack, owner->key, index, true);
  if (!frame)
    return leave_untracked(stack, owner->depth, slot, CORAL_LOSS_STACK_MAP_FULL);
  frame->depth = owner->depth;
  frame->child_ns = 0;
  frame->slot = slot;
  frame->epoch = opening->epoch;
  frame->node = enter_node(parent, slot);
  frame->capture = NO_CAPTURE;
  if (opening->slot_knobs->capture & CORAL_CAPTURE_ENTRY)
    frame->capture = capture_arguments(opening->regs, slot, owner->key, owner->depth);
  stack->thread = owner->thread;
  stack->open = index + 1;
  frame->start_ns = bpf_ktime_get_boot_ns();
}

INLINE void open_call(const struct owner *owner, const struct opening *opening) {
  u32 place = place_for_call(owner);
  struct coral_stack *stack = stack_at(place);

  if (!stack)
    return count_untracked(opening->slot, CORAL_LOSS_STACK_MAP_FULL);
  stack->waiting_since = 0;
  unwind(place, owner->key, owner->depth);
  forget_untracked(stack, owner->depth);
  push_frame(stack, owner, opening);
}

/* A call that opens no frame while frames of its slot may still be closed: what it finds at its depth was left. */
INLINE void pass_by(const struct owner *owner, u32 slot) {
  u32 place = find_place(owner->key);
  struct coral_stack *stack = stack_at(place);

  count_untimed(slot);
  if (!stack)
    return;
  start_over_if_reused(stack, place, owner->key, owner->goroutine);
  unwind(place, owner->key, owner->depth);
}

/* Shows the call singly where it is asked for. */
INLINE void show_call(const struct owner *owner, struct coral_frame *frame, const struct coral_knobs *slot_knobs,
                      bpf_user_pt_regs_t *regs, u64 duration_ns, u64 earlier) {
  struct coral_call call = {
      .start_ns = frame->start_ns,
      .duration_ns = duration_ns,
      .goroutine = owner->goroutine,
      .thread = owner->thread,
      .tgid = owner->tgid,
      .slot = frame->slot,
  };

  if (slot_knobs->capture) {
    show_with_values(regs, &call, frame->capture, earlier);
    return;
  }
  call.flags = why_shown(slot_knobs, duration_ns, earlier);
  if (is_recorded(&call, slot_knobs))
    record_call(&call, slot_knobs);
}

/* A call that returns. */
struct closing {
  struct pt_regs *regs;
  const struct coral_knobs *slot_knobs;
  u64 now_ns;
  u32 slot;
};

/* Adds a returned call everywhere and takes its frame off. A function of one RET returns at the hit that opened it: 0 ns. */
INLINE void settle(struct coral_stack *stack, const struct owner *owner, struct coral_frame *frame,
                   const struct closing *closing) {
  u64 duration_ns = closing->now_ns > frame->start_ns ? closing->now_ns - frame->start_ns : 0;
  u32 index = stack->open - 1;
  struct coral_frame *caller = index ? frame_at(stack, owner->key, index - 1, false) : 0;
  u64 earlier = count_return(frame->slot, duration_ns);

  leave_node(frame->node, caller ? caller->node : CORAL_NODE_ROOT, duration_ns, duration_ns - frame->child_ns);
  if (caller)
    caller->child_ns += duration_ns;
  show_call(owner, frame, closing->slot_knobs, closing->regs, duration_ns, earlier);
  drop_top(stack, owner->key, frame);
}

/* A return whose call has no frame: it began before the probes were on, unless it was one of those not to be followed. */
INLINE void join_mid_call(const struct closing *closing) {
  if (!WAS_UNTIMED(closing->slot_knobs->state))
    count_joined_mid_call(closing->slot);
}

/* No stack: it began before the probes were on, or found no room for a stack. */
INLINE void return_without_stack(const struct closing *closing) {
  u32 reason = CORAL_LOSS_STACK_MAP_FULL;
  u64 *turned_away = bpf_map_lookup_elem(&losses, &reason);

  if (turned_away && *turned_away)
    return count_loss(CORAL_LOSS_UNMATCHED_RETURN);
  join_mid_call(closing);
}

INLINE void return_without_frame(struct coral_stack *stack, u64 depth, const struct closing *closing) {
  if (stack->untracked_from && depth >= stack->untracked_from)
    return count_loss(CORAL_LOSS_UNMATCHED_RETURN);
  join_mid_call(closing);
}

/* The frame of the call that returns now. A frame of another function at its depth was left without a return. */
INLINE struct coral_frame *frame_of_return(struct coral_stack *stack, u32 place, const struct owner *owner, u32 slot) {
  struct coral_frame *frame;

  unwind(place, owner->key, owner->depth + 1);
  frame = top_frame(stack, owner->key);
  if (!frame || frame->depth != owner->depth)
    return 0;
  if (frame->slot == slot)
    return frame;
  unwind(place, owner->key, owner->depth);
  return 0;
}

INLINE void close_call(const struct owner *owner, const struct closing *closing) {
  u32 place = find_place(owner->key);
  struct coral_stack *stack = stack_at(place);
  struct coral_frame *frame;

  if (!stack)
    return return_without_stack(closing);
  start_over_if_reused(stack, place, owner->key, owner->goroutine);
  stack->waiting_since = 0;
  frame = frame_of_return(stack, place, owner, closing->slot);
  if (frame)
    settle(stack, owner, frame, closing);
  else
    return_without_frame(stack, owner->depth, closing);
  forget_untracked(stack, owner->depth);
  give_back_if_empty(stack, place);
}

#endif
