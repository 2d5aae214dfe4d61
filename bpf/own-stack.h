/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
 *
 * Whether a thread runs on its own stack. Coroutines and signal handlers run on others, where the order of stack
 * pointers says nothing about who called whom.
 */
#ifndef CORAL_OWN_STACK_H
#define CORAL_OWN_STACK_H

#include "task.h"

/* The kernel keeps at least this much below the first thread's stack free of other mappings. */
#define FIRST_STACK_BYTES (128ULL << 20)

/* So near below its thread pointer a thread is on its own stack, of which that is the upper end. */
#define SURELY_OWN_BYTES (64ULL << 10)

struct own_stack {
  u64 low;
  u64 high;
  u64 first_stack; /* of the process image for which this was learnt */
};

/* thread -> its stack, learnt at its first hit. */
struct {
  __uint(type, BPF_MAP_TYPE_TASK_STORAGE);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, int);
  __type(value, struct own_stack);
} own_stacks SEC(".maps");

struct mapping {
  u64 start;
  u64 end;
};

static long note_mapping(struct task_struct *task, struct vm_area_struct *area, struct mapping *mapping) {
  mapping->start = area->vm_start;
  mapping->end = area->vm_end;
  return 0;
}

/* A thread's descriptor, to which fsbase points, lies at the upper end of its stack, in one mapping with it. */
INLINE bool learn_thread_stack(struct task_struct *task, struct own_stack *own, u64 sp) {
  struct mapping mapping = {};
  u64 descriptor = task->thread.fsbase;

  if (sp >= descriptor)
    return false;
  if (bpf_find_vma(task, sp, note_mapping, &mapping, 0))
    return descriptor - sp < SURELY_OWN_BYTES;
  if (descriptor >= mapping.end)
    return false;
  own->low = mapping.start;
  own->high = descriptor;
  return true;
}

INLINE bool learn_stack(struct task_struct *task, struct own_stack *own, u64 first_stack, u64 sp) {
  own->first_stack = first_stack;
  own->high = 0;
  if (sp > first_stack || first_stack - sp >= FIRST_STACK_BYTES)
    return learn_thread_stack(task, own, sp);
  own->low = first_stack - FIRST_STACK_BYTES;
  own->high = first_stack;
  return true;
}

CHECKED_ONCE int is_on_own_stack(u64 sp) {
  struct task_struct *task = bpf_get_current_task_btf();
  struct own_stack *own = bpf_task_storage_get(&own_stacks, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
  struct mm_struct *memory = task->mm;
  u64 first_stack;

  if (!own || !memory)
    return false;
  first_stack = memory->start_stack;
  if (sp >= own->low && sp < own->high && own->first_stack == first_stack)
    return true;
  if (own->high && own->first_stack == first_stack)
    return false;
  return learn_stack(task, own, first_stack, sp);
}

#endif
