/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
 *
 * Shadow stacks: the open calls of a goroutine or thread. One thread at a time runs a goroutine, so a stack has one
 * writer. A stack has its place while it holds a call; user space may walk it at any time.
 */
#ifndef CORAL_STACK_H
#define CORAL_STACK_H

#include "capture-places.h"
#include "places.h"
#include "stats.h"

#define MAX_FRAMES (CORAL_MAX_CHUNKS * CORAL_FRAMES_PER_CHUNK)
#define FRAME_IN_CHUNK(index) ((index) & (CORAL_FRAMES_PER_CHUNK - 1))

static const struct coral_chunk no_frames;

INLINE struct coral_chunk *find_chunk(u64 owner, u32 chunk) {
  struct coral_chunk_key key = {.owner = owner, .chunk = chunk};

  return bpf_map_lookup_elem(&chunks, &key);
}

INLINE struct coral_chunk *make_chunk(u64 owner, u32 chunk) {
  struct coral_chunk_key key = {.owner = owner, .chunk = chunk};

  if (bpf_map_update_elem(&chunks, &key, &no_frames, BPF_ANY))
    return 0;
  return bpf_map_lookup_elem(&chunks, &key);
}

INLINE void delete_chunk(u64 owner, u32 chunk) {
  struct coral_chunk_key key = {.owner = owner, .chunk = chunk};

  bpf_map_delete_elem(&chunks, &key);
}

/* The frame at a position below `open`, or, with `make`, the next one. */
INLINE struct coral_frame *frame_at(struct coral_stack *stack, u64 owner, u32 index, bool make) {
  struct coral_chunk *chunk;

  if (index < CORAL_FRAMES_PER_CHUNK) {
    STAY_BEHIND(index);
    return &stack->frames[FRAME_IN_CHUNK(index)];
  }
  if (make && FRAME_IN_CHUNK(index) == 0)
    chunk = make_chunk(owner, index / CORAL_FRAMES_PER_CHUNK);
  else
    chunk = find_chunk(owner, index / CORAL_FRAMES_PER_CHUNK);
  if (!chunk)
    return 0;
  STAY_BEHIND(index);
  return &chunk->frames[FRAME_IN_CHUNK(index)];
}

/* The innermost open call. */
INLINE struct coral_frame *top_frame(struct coral_stack *stack, u64 owner) {
  u32 open = stack->open;

  return open ? frame_at(stack, owner, open - 1, false) : 0;
}

/* Takes the innermost frame off. */
INLINE void drop_top(struct coral_stack *stack, u64 owner, struct coral_frame *frame) {
  u32 top = stack->open - 1;

  give_back_capture(frame->capture);
  stack->open = top;
  if (top && FRAME_IN_CHUNK(top) == 0)
    delete_chunk(owner, top / CORAL_FRAMES_PER_CHUNK);
}

/* Returns of its function were off for a time since the call began: nobody knows whether it still runs. */
INLINE bool is_stale(const struct coral_frame *frame) {
  u32 slot = frame->slot;
  struct coral_knobs *slot_knobs = bpf_map_lookup_elem(&knobs, &slot);

  return slot_knobs && frame->epoch != EPOCH_OF(*(volatile u32 *)&slot_knobs->state);
}

INLINE bool is_left(const struct coral_frame *frame, u64 from_depth) {
  return frame->depth >= from_depth || is_stale(frame);
}

/* Its return may have gone by unseen: probes are taken off one by one, and a caller's may outlast those of the call. */
INLINE bool is_losing_returns(const struct coral_frame *frame) {
  u32 slot = frame->slot;
  struct coral_knobs *slot_knobs = bpf_map_lookup_elem(&knobs, &slot);

  return slot_knobs && STATE_OF(*(volatile u32 *)&slot_knobs->state) == CORAL_SLOT_CLOSING;
}

struct unwinding {
  u64 owner;
  u64 from_depth;
  u64 child_ns; /* time of returned calls below the frames that were dropped */
  u32 place;
};

static long unwind_one(u32 turn, void *data) {
  struct unwinding *unwinding = data;
  struct coral_stack *stack = stack_at(unwinding->place);
  struct coral_frame *frame = stack ? top_frame(stack, unwinding->owner) : 0;

  if (!frame || !is_left(frame, unwinding->from_depth))
    return 1;
  unwinding->child_ns += frame->child_ns;
  if (is_stale(frame) || is_losing_returns(frame))
    count_untimed(frame->slot);
  else
    count_unwound(frame->slot);
  drop_top(stack, unwinding->owner, frame);
  return 0;
}

CHECKED_ONCE int unwind_all(u32 place, u64 owner, u64 from_depth) {
  struct unwinding unwinding = {.owner = owner, .from_depth = from_depth, .place = place};
  struct coral_stack *stack = stack_at(place);
  struct coral_frame *top;

  bpf_loop(MAX_FRAMES, unwind_one, &unwinding, 0);
  top = stack ? top_frame(stack, owner) : 0;
  if (top)
    top->child_ns += unwinding.child_ns;
  return 0;
}

/* Drops the open calls at `from_depth` and deeper (a panic, an exception, Goexit or longjmp left them), and stale ones;
 * gives the innermost that is left. */
INLINE struct coral_frame *unwind(struct coral_stack *stack, u32 place, u64 owner, u64 from_depth) {
  struct coral_frame *top = top_frame(stack, owner);

  if (!top || !is_left(top, from_depth))
    return top;
  unwind_all(place, owner, from_depth);
  return top_frame(stack, owner);
}

/* Frames of an earlier goroutine at the same address are its calls that never returned. */
INLINE void start_over_if_reused(struct coral_stack *stack, u32 place, u64 owner, u64 goroutine) {
  if (stack->goroutine == goroutine)
    return;
  unwind(stack, place, owner, 0);
  stack->goroutine = goroutine;
  stack->untracked_from = 0;
  stack->waiting_since = 0;
}

/* A stack has its place while it holds a call. */
INLINE void give_back_if_empty(struct coral_stack *stack, u32 place) {
  if (!stack->open && !stack->untracked_from)
    give_back_place(place);
}

#endif
