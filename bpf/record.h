/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
 *
 * Records of single calls: only of those that were asked for or may be among the slowest; with their values where the
 * slot captures.
 */
#ifndef CORAL_RECORD_H
#define CORAL_RECORD_H

#include "filter.h"
#include "stats.h"

#define NEVER_SLOW (~0ULL)

/* The drain thread polls; it is woken where the ring fills faster than that, and while it has no threshold yet, since
 * until then every call of the function is a record. */
INLINE u64 wake_up(const struct coral_knobs *slot_knobs) {
  if (!slot_knobs->slowest_threshold_ns)
    return BPF_RB_FORCE_WAKEUP;
  return bpf_ringbuf_query(&calls, BPF_RB_AVAIL_DATA) > config.ring_wake_bytes ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP;
}

CHECKED_ONCE int record_call(const struct coral_call *call, const struct coral_knobs *slot_knobs) {
  struct coral_call *record;

  if (!call || !slot_knobs)
    return 0;
  record = bpf_ringbuf_reserve(&calls, sizeof(*record), 0);
  if (!record) {
    count_loss(CORAL_LOSS_RING_FULL);
    return 0;
  }
  *record = *call;
  bpf_ringbuf_submit(record, wake_up(slot_knobs));
  return 0;
}

INLINE void record_values(const struct coral_call *call, struct coral_captured *captured, const struct coral_capture *capture,
                          const struct coral_knobs *slot_knobs) {
  u32 bytes = __builtin_offsetof(struct coral_captured, bytes) + capture->entry_bytes + capture->return_bytes;

  captured->call = *call;
  captured->call.capture_version = capture->version;
  if (bytes > sizeof(*captured))
    return;
  STAY_BEHIND(bytes);
  if (bpf_ringbuf_output(&calls, captured, bytes, wake_up(slot_knobs)))
    count_loss(CORAL_LOSS_RING_FULL);
}

INLINE bool is_nth(const struct coral_knobs *slot_knobs, u64 earlier) {
  return slot_knobs->sample_rate && earlier % slot_knobs->sample_rate == 0;
}

/* CORAL_CALL_ flags of a call; `earlier` counts this function's returns before it. */
INLINE u32 why_shown(const struct coral_knobs *slot_knobs, u64 duration_ns, u64 earlier) {
  u32 flags = 0;

  if (is_nth(slot_knobs, earlier))
    flags |= CORAL_CALL_SAMPLED;
  if (duration_ns > slot_knobs->slower_than_ns)
    flags |= CORAL_CALL_SLOW;
  return flags;
}

/* With a capture and nothing that narrows, every call is shown. */
INLINE u32 why_shown_captured(const struct coral_knobs *slot_knobs, u64 duration_ns, u64 earlier) {
  if (!slot_knobs->sample_rate && slot_knobs->slower_than_ns == NEVER_SLOW)
    return CORAL_CALL_CAPTURED;
  return why_shown(slot_knobs, duration_ns, earlier);
}

/* Of calls that match, 1 in N and only slow ones, where that is asked. */
INLINE u32 why_shown_matching(const struct coral_knobs *slot_knobs, u64 duration_ns, u64 earlier) {
  u32 flags = CORAL_CALL_MATCHED;

  if (slot_knobs->slower_than_ns != NEVER_SLOW) {
    if (duration_ns <= slot_knobs->slower_than_ns)
      return 0;
    flags |= CORAL_CALL_SLOW;
  }
  if (slot_knobs->sample_rate > 1) {
    if (!is_nth(slot_knobs, earlier))
      return 0;
    flags |= CORAL_CALL_SAMPLED;
  }
  return flags;
}

INLINE bool is_recorded(const struct coral_call *call, const struct coral_knobs *slot_knobs) {
  return call->flags || call->duration_ns > slot_knobs->slowest_threshold_ns;
}

/* The place of the values that were copied at the entry, unless by another program than the present one. */
INLINE u32 place_of_arguments(const struct coral_capture *capture, u32 number) {
  struct coral_capture_place *place = capture_place(number);

  if (!place || place->captured.call.capture_version == capture->version)
    return number;
  count_loss(CORAL_LOSS_CAPTURE_CHANGED);
  return NO_CAPTURE;
}

/* A place for results alone. */
INLINE u32 place_for_results(const struct coral_call *call) {
  u32 number = take_capture(call->goroutine << 20 | call->thread, call->start_ns);
  struct coral_capture_place *place = capture_place(number);

  if (place)
    place->captured.failed[CORAL_AT_ENTRY] = 0;
  else
    count_loss(CORAL_LOSS_CAPTURE_FULL);
  return number;
}

INLINE void record_with_values(struct coral_call *call, const struct coral_capture *capture, u32 number,
                               const struct coral_knobs *slot_knobs) {
  struct coral_capture_place *place = capture_place(number);

  if (place)
    record_values(call, &place->captured, capture, slot_knobs);
  else
    record_call(call, slot_knobs);
}

INLINE void show_match(bpf_user_pt_regs_t *regs, struct coral_call *call, const struct coral_capture *capture, u32 number,
                       const struct coral_knobs *slot_knobs) {
  copy_values(regs, call->slot, number, CORAL_AT_RETURN);
  if (!matches(call->slot, number, call->duration_ns))
    return;
  if (capture->clauses)
    call->flags = why_shown_matching(slot_knobs, call->duration_ns, count_matched(call->slot));
  if (is_recorded(call, slot_knobs))
    record_with_values(call, capture, number, slot_knobs);
}

/* Shows a call of a slot that captures or filters; its arguments are at place `arguments`. */
CHECKED_ONCE int show_with_values(bpf_user_pt_regs_t *regs, struct coral_call *call, u32 arguments, u64 earlier) {
  u32 slot = call ? call->slot : 0, number;
  const struct coral_capture *capture = bpf_map_lookup_elem(&captures, &slot);
  struct coral_knobs *slot_knobs = bpf_map_lookup_elem(&knobs, &slot);

  if (!call || !capture || !slot_knobs)
    return 0;
  call->flags = why_shown_captured(slot_knobs, call->duration_ns, earlier);
  if (!capture->clauses && !is_recorded(call, slot_knobs))
    return 0;
  if (capture->ops_count[CORAL_AT_ENTRY] || !capture->ops_count[CORAL_AT_RETURN]) {
    show_match(regs, call, capture, place_of_arguments(capture, arguments), slot_knobs);
    return 0;
  }
  number = place_for_results(call);
  show_match(regs, call, capture, number, slot_knobs);
  give_back_capture(number);
  return 0;
}

/* Copies the arguments of a call that begins; the place of them, or NO_CAPTURE. */
INLINE u32 capture_arguments(bpf_user_pt_regs_t *regs, u32 slot, u64 owner, u64 depth) {
  u32 number = take_capture(owner, depth);

  if (number == NO_CAPTURE)
    count_loss(CORAL_LOSS_CAPTURE_FULL);
  else
    copy_values(regs, slot, number, CORAL_AT_ENTRY);
  return number;
}

#endif
