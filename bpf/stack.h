/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
 *
 * Shadow stacks: the open calls of a goroutine or thread. One thread at a time runs a goroutine, so a stack has one
 * writer. A stack exists while it holds a call; user space may walk it at any time.
 */
#ifndef CORAL_STACK_H
#define CORAL_STACK_H

#include "stats.h"

#define MAX_FRAMES (CORAL_MAX_CHUNKS * CORAL_FRAMES_PER_CHUNK)
#define FRAME_IN_CHUNK(index) ((index) & (CORAL_FRAMES_PER_CHUNK - 1))

static const struct coral_chunk no_frames;

INLINE struct coral_chunk *find_chunk(const struct coral_stack_key *stack, u32 chunk) {
  struct coral_stack_key key = {.owner = stack->owner, .tgid = stack->tgid, .chunk = chunk};

  return bpf_map_lookup_elem(&stacks, &key);
}

INLINE struct coral_chunk *make_chunk(const struct coral_stack_key *stack, u32 chunk) {
  struct coral_stack_key key = {.owner = stack->owner, .tgid = stack->tgid, .chunk = chunk};

  if (bpf_map_update_elem(&stacks, &key, &no_frames, BPF_ANY))
    return 0;
  return bpf_map_lookup_elem(&stacks, &key);
}

INLINE void delete_chunk(const struct coral_stack_key *stack, u32 chunk) {
  struct coral_stack_key key = {.owner = stack->owner, .tgid = stack->tgid, .chunk = chunk};

  bpf_map_delete_elem(&stacks, &key);
}

INLINE struct coral_frame *frame_at(struct coral_chunk *head, const struct coral_stack_key *stack, u32 index) {
  struct coral_chunk *chunk = head;

  if (index >= CORAL_FRAMES_PER_CHUNK)
    chunk = find_chunk(stack, index / CORAL_FRAMES_PER_CHUNK);
  if (!chunk)
    return 0;
  STAY_BEHIND(index);
  return &chunk->frames[FRAME_IN_CHUNK(index)];
}

/* The innermost open call. */
INLINE struct coral_frame *top_frame(struct coral_chunk *head, const struct coral_stack_key *stack) {
  u32 open = head->open;

  return open ? frame_at(head, stack, open - 1) : 0;
}

/* Takes the innermost frame off. Chunk 0 stays until the stack is given up. */
INLINE void drop_top(struct coral_chunk *head, const struct coral_stack_key *stack) {
  u32 top = head->open - 1;

  head->open = top;
  if (top && FRAME_IN_CHUNK(top) == 0)
    delete_chunk(stack, top / CORAL_FRAMES_PER_CHUNK);
}

struct unwinding {
  struct coral_stack_key stack;
  u64 from_depth;
  u64 child_ns; /* time of returned calls below the frames that were dropped */
};

static long unwind_one(u32 turn, void *data) {
  struct unwinding *unwinding = data;
  struct coral_chunk *head = find_chunk(&unwinding->stack, 0);
  struct coral_frame *frame = head ? top_frame(head, &unwinding->stack) : 0;

  if (!frame || frame->depth < unwinding->from_depth)
    return 1;
  unwinding->child_ns += frame->child_ns;
  count_unwound(frame->slot);
  drop_top(head, &unwinding->stack);
  return 0;
}

/* Drops the open calls at `from_depth` and deeper: a panic, an exception, Goexit or longjmp left them. */
static __noinline int unwind(struct coral_chunk *head, const struct coral_stack_key *stack, u64 from_depth) {
  struct unwinding unwinding = {.from_depth = from_depth};
  struct coral_frame *top;

  if (!head || !stack)
    return 0;
  unwinding.stack.owner = stack->owner;
  unwinding.stack.tgid = stack->tgid;
  top = top_frame(head, stack);
  if (!top || top->depth < from_depth)
    return 0;
  bpf_loop(MAX_FRAMES, unwind_one, &unwinding, 0);
  top = top_frame(head, stack);
  if (top)
    top->child_ns += unwinding.child_ns;
  return 0;
}

/* Frames of an earlier goroutine at the same address are its calls that never returned. */
INLINE void start_over_if_reused(struct coral_chunk *head, const struct coral_stack_key *stack, u64 goroutine) {
  if (head->goroutine == goroutine)
    return;
  unwind(head, stack, 0);
  head->goroutine = goroutine;
  head->untracked_from = 0;
}

#endif
