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

INLINE void push_frame(struct coral_stack *stack, const struct owner *owner, u32 slot, u32 max_frames) {
  struct coral_frame *caller = top_frame(stack, owner->key);
  u32 parent = caller ? caller->node : CORAL_NODE_ROOT;
  u32 index = stack->open;
  struct coral_frame *frame;

  if (index >= max_frames)
    return leave_untracked(stack, owner->depth, slot, CORAL_LOSS_STACK_TOO_DEEP);
  frame = frame_at(stack, owner->key, index, true);
  if (!frame)
    return leave_untracked(stack, owner->depth, slot, CORAL_LOSS_STACK_MAP_FULL);
  frame->depth = owner->depth;
  frame->child_ns = 0;
  frame->slot = slot;
  frame->node = enter_node(parent, slot);
  stack->thread = owner->thread;
  stack->open = index + 1;
  frame->start_ns = bpf_ktime_get_boot_ns();
}

INLINE void open_call(const struct owner *owner, u32 slot, u32 max_frames) {
  u32 place = place_for_call(owner);
  struct coral_stack *stack = stack_at(place);

  if (!stack)
    return count_untracked(slot, CORAL_LOSS_STACK_MAP_FULL);
  unwind(place, owner->key, owner->depth);
  forget_untracked(stack, owner->depth);
  push_frame(stack, owner, slot, max_frames);
}

/* Shows the call singly where it is asked for. */
INLINE void show_call(const struct owner *owner, const struct coral_frame *frame, const struct coral_knobs *slot_knobs,
                      u64 duration_ns, u64 earlier) {
  struct coral_call call = {
      .start_ns = frame->start_ns,
      .duration_ns = duration_ns,
      .goroutine = owner->goroutine,
      .thread = owner->thread,
      .tgid = owner->tgid,
      .slot = frame->slot,
      .flags = why_shown(slot_knobs, duration_ns, earlier),
  };

  if (call.flags || duration_ns > slot_knobs->slowest_threshold_ns)
    record_call(&call, slot_knobs);
}

/* Adds a returned call everywhere and takes its frame off. A function of one RET returns at the hit that opened it: 0 ns. */
INLINE void settle(struct coral_stack *stack, const struct owner *owner, struct coral_frame *frame,
                   const struct coral_knobs *slot_knobs, u64 now_ns) {
  u64 duration_ns = now_ns > frame->start_ns ? now_ns - frame->start_ns : 0;
  u32 index = stack->open - 1;
  struct coral_frame *caller = index ? frame_at(stack, owner->key, index - 1, false) : 0;
  u64 earlier = count_return(frame->slot, duration_ns);

  leave_node(frame->node, caller ? caller->node : CORAL_NODE_ROOT, duration_ns, duration_ns - frame->child_ns);
  if (caller)
    caller->child_ns += duration_ns;
  show_call(owner, frame, slot_knobs, duration_ns, earlier);
  drop_top(stack, owner->key);
}

/* No stack: it began before the probes were on, or found no room for a stack. */
INLINE void return_without_stack(u32 slot) {
  u32 reason = CORAL_LOSS_STACK_MAP_FULL;
  u64 *turned_away = bpf_map_lookup_elem(&losses, &reason);

  if (turned_away && *turned_away)
    return count_loss(CORAL_LOSS_UNMATCHED_RETURN);
  count_joined_mid_call(slot);
}

INLINE void return_without_frame(struct coral_stack *stack, u64 depth, u32 slot) {
  if (stack->untracked_from && depth >= stack->untracked_from)
    return count_loss(CORAL_LOSS_UNMATCHED_RETURN);
  count_joined_mid_call(slot);
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

INLINE void close_call(const struct owner *owner, u32 slot, const struct coral_knobs *slot_knobs, u64 now_ns) {
  u32 place = find_place(owner->key);
  struct coral_stack *stack = stack_at(place);
  struct coral_frame *frame;

  if (!stack)
    return return_without_stack(slot);
  start_over_if_reused(stack, place, owner->key, owner->goroutine);
  frame = frame_of_return(stack, place, owner, slot);
  if (frame)
    settle(stack, owner, frame, slot_knobs, now_ns);
  else
    return_without_frame(stack, owner->depth, slot);
  forget_untracked(stack, owner->depth);
  if (!stack->open && !stack->untracked_from)
    give_back_place(place);
}

#endif
