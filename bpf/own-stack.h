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

struct mapping {
  u64 start;
  u64 end;
};

static long note_mapping(struct task_struct *task, struct vm_area_struct *area, struct mapping *mapping) {
  mapping->start = area->vm_start;
  mapping->end = area->vm_end;
  return 0;
}

/* The C library's record of a thread's stack in the thread's descriptor: where it begins and its size, which together are
 * the end of what the descriptor lies in. Where in it that stands is of the library's version. */
#define DESCRIPTOR_WORDS 512
#define DESCRIPTOR_ROOM (64ULL << 10)
#define PAGE_MASK 4095

struct record {
  u64 descriptor;
  u64 sp;
  struct mapping found;
};

static long look_for_record(u32 word, void *data) {
  struct record *record = data;
  u64 words[2], end;

  if (bpf_probe_read_user(words, sizeof(words), (void *)(record->descriptor + word * sizeof(u64))))
    return 1;
  end = words[0] + words[1];
  if (!words[0] || (words[0] | words[1]) & PAGE_MASK || words[0] > record->sp || end <= record->descriptor ||
      end - record->descriptor > DESCRIPTOR_ROOM)
    return 0;
  record->found.start = words[0];
  record->found.end = end;
  return 1;
}

INLINE bool is_first_thread(const struct task_struct *task) {
  return task->pid == task->tgid;
}

/* What the kernel maps there. It does not wait for the memory map while another thread changes it, as happens when threads
 * start; then the C library's word is taken. That is the only one of a first thread, which a thread may have forked: where
 * it was not, its descriptor lies in a mapping that later ones have joined, coroutines' stacks among them. */
INLINE bool find_mapping(struct task_struct *task, u64 sp, u64 descriptor, struct mapping *mapping) {
  struct record record = {.descriptor = descriptor, .sp = sp};

  if (!is_first_thread(task) && !bpf_find_vma(task, sp, note_mapping, mapping, 0))
    return true;
  bpf_loop(DESCRIPTOR_WORDS, look_for_record, &record, 0);
  *mapping = record.found;
  return mapping->end;
}

/* A thread's descriptor, to which fsbase points, lies at the upper end of its stack, in one mapping with it. */
INLINE bool learn_thread_stack(struct task_struct *task, struct coral_own_stack *own, u64 sp) {
  struct mapping mapping = {};
  u64 descriptor = task->thread.fsbase;

  if (sp >= descriptor)
    return false;
  if (!find_mapping(task, sp, descriptor, &mapping))
    return !is_first_thread(task) && descriptor - sp < SURELY_OWN_BYTES;
  if (descriptor >= mapping.end)
    return false;
  own->low = mapping.start;
  own->high = descriptor;
  return true;
}

/* Whether the present thread is on its own stack at `sp`; learns where that is, if it is. */
CHECKED_ONCE int learn_own_stack(struct coral_own_stack *own, u64 sp) {
  struct task_struct *task = bpf_get_current_task_btf();
  struct mm_struct *memory = task->mm;
  u64 first_stack;

  if (!own || !memory)
    return false;
  first_stack = memory->start_stack;
  own->high = 0;
  own->first_stack = first_stack;
  own->thread_began = task->start_time;
  own->thread = task->pid;
  if (sp > first_stack || first_stack - sp >= FIRST_STACK_BYTES) {
    if (learn_thread_stack(task, own, sp))
      return true;
    if (!is_first_thread(task))
      return false;
  }
  own->low = first_stack - FIRST_STACK_BYTES;
  own->high = first_stack;
  return sp >= own->low && sp < own->high;
}

/* What was learnt is of this thread. */
INLINE bool is_known(const struct coral_own_stack *own, struct task_struct *task) {
  struct mm_struct *memory = task->mm;

  return own->high && own->thread_began == task->start_time && own->thread == (u32)task->pid && memory &&
         own->first_stack == memory->start_stack;
}

/* On what it gave its signal handlers, which may be an array in one of its own frames: above what a handler interrupts. */
INLINE bool is_on_signal_stack(const struct task_struct *task, u64 sp) {
  return sp - task->sas_ss_sp < task->sas_ss_size;
}

INLINE bool is_on_own_stack(struct coral_own_stack *own, u64 sp) {
  struct task_struct *task = bpf_get_current_task_btf();

  if (is_on_signal_stack(task, sp))
    return false;
  if (is_known(own, task))
    return sp >= own->low && sp < own->high;
  return learn_own_stack(own, sp);
}

#endif
