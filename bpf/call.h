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
INLINE void leave_untracked(struct coral_chunk *head, u64 depth, u32 slot, u32 reason) {
  if (!head->untracked_from || depth < head->untracked_from)
    head->untracked_from = depth;
  count_untracked(slot, reason);
}

/* Untracked calls at `depth` and deeper are over. */
INLINE void forget_untracked(struct coral_chunk *head, u64 depth) {
  if (head->untracked_from >= depth)
    head->untracked_from = 0;
}

INLINE struct coral_chunk *head_for_call(const struct owner *owner) {
  struct coral_chunk *head = find_chunk(&owner->key, 0);

  if (head) {
    start_over_if_reused(head, &owner->key, owner->goroutine);
    return head;
  }
  head = make_chunk(&owner->key, 0);
  if (head)
    head->goroutine = owner->goroutine;
  return head;
}

INLINE struct coral_chunk *chunk_for_push(struct coral_chunk *head, const struct coral_stack_key *stack, u32 index) {
  if (index < CORAL_FRAMES_PER_CHUNK)
    return head;
  if (FRAME_IN_CHUNK(index) == 0)
    return make_chunk(stack, index / CORAL_FRAMES_PER_CHUNK);
  return find_chunk(stack, index / CORAL_FRAMES_PER_CHUNK);
}

INLINE void push_frame(struct coral_chunk *head, const struct owner *owner, u32 slot, u32 max_frames) {
  struct coral_frame *caller = top_frame(head, &owner->key);
  u32 parent = caller ? caller->node : CORAL_NODE_ROOT;
  u32 index = head->open;
  struct coral_chunk *chunk;
  struct coral_frame *frame;

  if (index >= max_frames)
    return leave_untracked(head, owner->depth, slot, CORAL_LOSS_STACK_TOO_DEEP);
  chunk = chunk_for_push(head, &owner->key, index);
  if (!chunk)
    return leave_untracked(head, owner->depth, slot, CORAL_LOSS_STACK_MAP_FULL);
  frame = &chunk->frames[FRAME_IN_CHUNK(index)];
  frame->depth = owner->depth;
  frame->child_ns = 0;
  frame->slot = slot;
  frame->node = enter_node(parent, slot);
  head->thread = owner->thread;
  head->open = index + 1;
  frame->start_ns = bpf_ktime_get_boot_ns();
}

INLINE void open_call(const struct owner *owner, u32 slot, u32 max_frames) {
  struct coral_chunk *head = head_for_call(owner);

  if (!head)
    return count_untracked(slot, CORAL_LOSS_STACK_MAP_FULL);
  unwind(head, &owner->key, owner->depth);
  forget_untracked(head, owner->depth);
  push_frame(head, owner, slot, max_frames);
}

/* Shows the call singly where it is asked for. */
INLINE void show_call(const struct owner *owner, const struct coral_frame *frame, const struct coral_knobs *slot_knobs,
                      u64 duration_ns, u64 earlier) {
  struct coral_call call = {
      .start_ns = frame->start_ns,
      .duration_ns = duration_ns,
      .goroutine = owner->goroutine,
      .thread = owner->thread,
      .tgid = owner->key.tgid,
      .slot = frame->slot,
      .flags = why_shown(slot_knobs, duration_ns, earlier),
  };

  if (call.flags || duration_ns > slot_knobs->slowest_threshold_ns)
    record_call(&call, slot_knobs);
}

/* Adds a returned call everywhere and takes its frame off. A function of one RET returns at the hit that opened it: 0 ns. */
INLINE void settle(struct coral_chunk *head, const struct owner *owner, struct coral_frame *frame,
                   const struct coral_knobs *slot_knobs, u64 now_ns) {
  u64 duration_ns = now_ns > frame->start_ns ? now_ns - frame->start_ns : 0;
  u32 index = head->open - 1;
  struct coral_frame *caller = index ? frame_at(head, &owner->key, index - 1) : 0;
  u64 earlier = count_return(frame->slot, duration_ns);

  leave_node(frame->node, caller ? caller->node : CORAL_NODE_ROOT, duration_ns, duration_ns - frame->child_ns);
  if (caller)
    caller->child_ns += duration_ns;
  show_call(owner, frame, slot_knobs, duration_ns, earlier);
  drop_top(head, &owner->key);
}

/* No stack: it began before the probes were on, or found no room for a stack. */
INLINE void return_without_stack(u32 slot) {
  u32 reason = CORAL_LOSS_STACK_MAP_FULL;
  u64 *turned_away = bpf_map_lookup_elem(&losses, &reason);

  if (turned_away && *turned_away)
    return count_loss(CORAL_LOSS_UNMATCHED_RETURN);
  count_joined_mid_call(slot);
}

INLINE void return_without_frame(struct coral_chunk *head, u64 depth, u32 slot) {
  if (head->untracked_from && depth >= head->untracked_from)
    return count_loss(CORAL_LOSS_UNMATCHED_RETURN);
  count_joined_mid_call(slot);
}

/* The frame of the call that returns now. A frame of another function at its depth was left without a return. */
INLINE struct coral_frame *frame_of_return(struct coral_chunk *head, const struct owner *owner, u32 slot) {
  struct coral_frame *frame;

  unwind(head, &owner->key, owner->depth + 1);
  frame = top_frame(head, &owner->key);
  if (!frame || frame->depth != owner->depth)
    return 0;
  if (frame->slot == slot)
    return frame;
  unwind(head, &owner->key, owner->depth);
  return 0;
}

INLINE void close_call(const struct owner *owner, u32 slot, const struct coral_knobs *slot_knobs, u64 now_ns) {
  struct coral_chunk *head = find_chunk(&owner->key, 0);
  struct coral_frame *frame;

  if (!head)
    return return_without_stack(slot);
  start_over_if_reused(head, &owner->key, owner->goroutine);
  frame = frame_of_return(head, owner, slot);
  if (frame)
    settle(head, owner, frame, slot_knobs, now_ns);
  else
    return_without_frame(head, owner->depth, slot);
  forget_untracked(head, owner->depth);
  if (!head->open && !head->untracked_from)
    delete_chunk(&owner->key, 0);
}

#endif
