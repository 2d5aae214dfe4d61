/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
 *
 * Whether a call is one that was asked for: predicates over its values and duration.
 */
#ifndef CORAL_FILTER_H
#define CORAL_FILTER_H

#include "values.h"

struct matching {
  const struct coral_capture *capture;
  const struct coral_captured *captured; /* null: no values are kept */
  u64 duration_ns;
  u32 held; /* bit i: predicate i */
};

#define RELATION(a, b) ((a) < (b) ? CORAL_COMPARE_LT : (a) == (b) ? CORAL_COMPARE_EQ : CORAL_COMPARE_GT)

INLINE u64 load(const u8 *bytes, u32 position) {
  u64 word;

  __builtin_memcpy(&word, &bytes[position & LAST_OUT], sizeof(word));
  return word;
}

/* The low `size` bytes, the sign carried up. */
INLINE u64 widen(u64 word, u8 size, bool is_signed) {
  u32 spare = size < 8 ? 64 - 8 * size : 0;

  spare &= 63;
  return is_signed ? (u64)((s64)(word << spare) >> spare) : word << spare >> spare;
}

INLINE bool number_holds(const struct coral_predicate *predicate, u64 value) {
  if (predicate->kind == CORAL_PREDICATE_SIGNED)
    return predicate->compare & RELATION((s64)value, (s64)predicate->value);
  return predicate->compare & RELATION(value, predicate->value);
}

INLINE bool bytes_equal(const struct coral_predicate *predicate, const u8 *bytes, u32 position) {
  u64 differing = 0;

#pragma unroll
  for (u32 at = 0; at < CORAL_PREDICATE_BYTES; at += 8)
    differing |= (load(bytes, position + at) ^ *(u64 *)&predicate->bytes[at]) & *(u64 *)&predicate->mask[at];
  return !differing;
}

INLINE bool text_holds(const struct coral_predicate *predicate, const struct coral_captured *captured, u32 start, u64 failed) {
  bool equal = load(captured->bytes, start + predicate->length_position) == predicate->length;

  if (equal && failed & predicate->needs_bytes)
    return false;
  equal = equal && bytes_equal(predicate, captured->bytes, start + predicate->position);
  return predicate->compare & (equal ? CORAL_COMPARE_EQ : CORAL_COMPARE_GT);
}

INLINE bool predicate_holds(const struct coral_predicate *predicate, const struct matching *matching) {
  const struct coral_captured *captured = matching->captured;
  u32 moment = predicate->moment & 1, start = matching->capture->entry_bytes * moment;
  u64 failed;

  if (predicate->kind == CORAL_PREDICATE_DURATION)
    return number_holds(predicate, matching->duration_ns);
  if (!captured)
    return false;
  failed = captured->failed[moment];
  if (failed & predicate->needs)
    return false;
  if (predicate->kind == CORAL_PREDICATE_BYTES_EQUAL)
    return text_holds(predicate, captured, start, failed);
  return number_holds(predicate, widen(load(captured->bytes, start + predicate->position), predicate->size,
                                       predicate->kind == CORAL_PREDICATE_SIGNED));
}

static long try_predicate(u32 index, void *data) {
  struct matching *matching = data;

  index &= CORAL_PREDICATES - 1;
  if (predicate_holds(&matching->capture->predicate[index], matching))
    matching->held |= 1 << index;
  return 0;
}

INLINE bool some_clause_holds(const struct coral_capture *capture, u32 held) {
  bool met = false;

#pragma unroll
  for (u32 i = 0; i < CORAL_PREDICATES; i++) {
    if (i < capture->clauses && (held & capture->clause_masks[i]) == capture->clause_masks[i])
      met = true;
  }
  return met;
}

/* Whether a call with the values at place `number` (or none) meets the slot's filter. */
CHECKED_ONCE int matches(u32 slot, u32 number, u64 duration_ns) {
  const struct coral_capture *capture = bpf_map_lookup_elem(&captures, &slot);
  struct coral_capture_place *place = capture_place(number);
  struct matching matching = {};

  if (!capture || !capture->clauses)
    return 1;
  matching.capture = capture;
  matching.captured = place ? &place->captured : 0;
  matching.duration_ns = duration_ns;
  bpf_loop(capture->predicates, try_predicate, &matching, 0);
  return some_clause_holds(capture, matching.held);
}

#endif
