/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
 *
 * Opening and closing a call on its owner's shadow stack.
 */
#ifndef CORAL_CALL_H
#define CORAL_CALL_H

#include "charge.h"
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

/* A call that is to be opened. */
struct opening {
  struct pt_regs *regs;
  const struct coral_knobs *slot_knobs;
  u32 slot;
  u32 epoch;
  u32 max_frames;
};

/* Where the `go` statement is that started the goroutine; 0 where that is not known. */
INLINE u64 starter_of(const struct owner *owner, const struct coral_knobs *slot_knobs) {
  u64 g = owner->key & ((1ULL << CORAL_OWNER_PROCESS_SHIFT) - 1), starter = 0;
  u32 offset = slot_knobs->starter_offset;

  if (!owner->goroutine || !offset || bpf_probe_read_user(&starter, sizeof(starter), (void *)(g + offset)))
    return 0;
  return starter;
}

/* Whether there was room for it. */
INLINE bool push_frame(struct coral_stack *stack, u32 parent, const struct owner *owner, const struct opening *opening) {
  u32 index = stack->open, slot = opening->slot;
  struct coral_frame *frame;

  if (index >= opening->max_frames) {
    leave_untracked(stack, owner->depth, slot, CORAL_LOSS_STACK_TOO_DEEP);
    return false;
  }
  frame = frame_at(stack, owner->key, index, true);
  if (!frame) {
    leave_untracked(stack, owner->depth, slot, CORAL_LOSS_STACK_MAP_FULL);
    return false;
  }
  frame->depth = owner->depth;
  frame->child_ns = 0;
  frame->slot = slot;
  frame->epoch = opening->epoch;
  frame->node = enter_node(parent, slot, parent == CORAL_NODE_ROOT ? starter_of(owner, opening->slot_knobs) : 0);
  frame->capture = NO_CAPTURE;
  if (opening->slot_knobs->capture & CORAL_CAPTURE_ENTRY)
    frame->capture = capture_arguments(opening->regs, slot, owner->key, owner->depth);
  stack->thread = owner->thread;
  stack->tgid = owner->tgid;
  WRITTEN();
  stack->open = index + 1;
  frame->start_ns = bpf_ktime_get_boot_ns();
  return true;
}

/* The place of the stack that the call was put on; NO_PLACE: it is untracked. */
INLINE u32 open_call(const struct owner *owner, const struct opening *opening) {
  u32 place = find_or_take_place(owner->key);
  struct coral_stack *stack = stack_at(place);
  struct coral_frame *caller;

  if (!stack) {
    count_untracked(opening->slot, CORAL_LOSS_STACK_MAP_FULL);
    return NO_PLACE;
  }
  if (!is_on_its_stack(owner, &stack->own_stack)) {
    count_untracked(opening->slot, CORAL_LOSS_FOREIGN_STACK);
    give_back_if_empty(stack, place);
    return NO_PLACE;
  }
  start_over_if_reused(stack, place, owner->key, owner->goroutine);
  end_other_wait(stack);
  caller = unwind(stack, place, owner->key, owner->depth);
  forget_untracked(stack, owner->depth);
  return push_frame(stack, caller ? caller->node : CORAL_NODE_ROOT, owner, opening) ? place : NO_PLACE;
}

/* A call that opens no frame while frames of its slot may still be closed: what it finds at its depth was left. */
INLINE void pass_by(const struct owner *owner, u32 slot) {
  u32 place = find_place(owner->key);
  struct coral_stack *stack = stack_at(place);

  count_untimed(slot);
  if (!stack || !is_on_its_stack(owner, &stack->own_stack))
    return;
  start_over_if_reused(stack, place, owner->key, owner->goroutine);
  unwind(stack, place, owner->key, owner->depth);
}

/* Shows the call singly where it is asked for. */
INLINE void show_call(const struct owner *owner, struct coral_frame *frame, const struct coral_knobs *slot_knobs,
                      bpf_user_pt_regs_t *regs, u64 duration_ns, u64 earlier) {
  u32 flags = slot_knobs->capture ? 0 : why_shown(slot_knobs, duration_ns, earlier);
  struct coral_call call;

  if (!slot_knobs->capture && !flags && duration_ns <= slot_knobs->slowest_threshold_ns)
    return;
  call = (struct coral_call){
      .start_ns = frame->start_ns,
      .duration_ns = duration_ns,
      .goroutine = owner->goroutine,
      .thread = owner->thread,
      .tgid = owner->tgid,
      .slot = frame->slot,
      .flags = flags,
  };
  if (slot_knobs->capture)
    show_with_values(regs, &call, frame->capture, earlier);
  else
    record_call(&call, slot_knobs);
}

/* A call that returns. */
struct closing {
  struct pt_regs *regs;
  u64 sp; /* points at the return address, or did */
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

  leave_node(frame->node, caller ? caller->node : CORAL_NODE_ROOT, duration_ns - frame->child_ns, frame->child_ns);
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

/* No stack: its call was on a foreign one or found no room for one, which was counted then, or began before the probes were on. */
INLINE void return_without_stack(const struct owner *owner, const struct closing *closing) {
  struct coral_own_stack own = {};
  u32 reason = CORAL_LOSS_STACK_MAP_FULL;
  u64 *turned_away = bpf_map_lookup_elem(&losses, &reason);

  if ((!turned_away || !*turned_away) && is_on_its_stack(owner, &own))
    join_mid_call(closing);
}

/* An untracked call was counted as a loss, with its reason, where it began: its return is no second one. */
INLINE void return_without_frame(struct coral_stack *stack, u64 depth, const struct closing *closing) {
  if (!stack->untracked_from || depth < stack->untracked_from)
    join_mid_call(closing);
}

/* The frame of the call that returns now. A frame of another function at its depth was left without a return. */
INLINE struct coral_frame *frame_of_return(struct coral_stack *stack, u32 place, const struct owner *owner, u32 slot) {
  struct coral_frame *frame = unwind(stack, place, owner->key, owner->depth + 1);

  if (!frame || frame->depth != owner->depth)
    return 0;
  if (frame->slot == slot)
    return frame;
  unwind(stack, place, owner->key, owner->depth);
  return 0;
}

INLINE void close_call(const struct owner *owner, const struct closing *closing) {
  u32 place = find_place(owner->key);
  struct coral_stack *stack = stack_at(place);
  struct coral_frame *frame;

  if (!stack)
    return return_without_stack(owner, closing);
  if (!is_on_its_stack(owner, &stack->own_stack)) /* which was counted where the call began */
    return;
  start_over_if_reused(stack, place, owner->key, owner->goroutine);
  end_other_wait(stack);
  frame = frame_of_return(stack, place, owner, closing->slot);
  if (frame && is_in_system_call(stack))
    charge_innermost(place, owner->key, closing->now_ns);
  if (frame)
    settle(stack, owner, frame, closing);
  else
    return_without_frame(stack, owner->depth, closing);
  forget_untracked(stack, owner->depth);
  give_back_if_empty(stack, place);
}

/* The thread that opened the last call on a stack, at the depth of the one that returns. */
INLINE void own_by_last(struct owner *owner, const struct coral_stack *stack, const struct closing *closing) {
  owner->thread = stack->thread;
  owner->tgid = stack->tgid;
  owner->key = (u64)closing->slot_knobs->process << CORAL_OWNER_PROCESS_SHIFT | owner->thread;
  owner->depth = ~closing->sp;
}

/* The innermost frame, if it is the returning call's. Stacks of threads are apart, and the slot is of one process: no
 * other thread can have a call of it at this depth, so that nobody needs to ask whose the place is now. */
INLINE struct coral_frame *innermost(struct coral_stack *stack, const struct owner *owner, u32 slot) {
  struct coral_frame *frame = top_frame(stack, owner->key);

  return frame && frame->depth == owner->depth && frame->slot == slot && !is_stale(frame) ? frame : 0;
}

/* The return that uprobe.session reports of a call that it has opened at `place`. Where it has no frame any more, it was
 * counted when that was dropped, and the place may be another's. */
INLINE void close_session_call(u32 place, const struct closing *closing) {
  struct coral_stack *stack = stack_at(place);
  struct owner owner = {};
  struct coral_frame *frame;

  if (!stack)
    return;
  own_by_last(&owner, stack, closing);
  frame = innermost(stack, &owner, closing->slot);
  if (!frame) {
    own_by_thread(&owner, closing->sp, closing->slot_knobs);
    if (!is_place_of(place, owner.key))
      return;
    frame = frame_of_return(stack, place, &owner, closing->slot);
  }
  if (frame)
    settle(stack, &owner, frame, closing);
  forget_untracked(stack, owner.depth);
  give_back_if_empty(stack, place);
}

#endif
