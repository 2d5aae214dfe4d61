/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
 *
 * Records of single calls: only of those that were sampled, were slower than asked, or may be among the slowest.
 */
#ifndef CORAL_RECORD_H
#define CORAL_RECORD_H

#include "maps.h"

/* CORAL_CALL_ flags of a call; `earlier` counts this function's returns before it. */
INLINE u32 why_shown(const struct coral_knobs *slot_knobs, u64 duration_ns, u64 earlier) {
  u32 flags = 0;

  if (slot_knobs->sample_rate && earlier % slot_knobs->sample_rate == 0)
    flags |= CORAL_CALL_SAMPLED;
  if (duration_ns > slot_knobs->slower_than_ns)
    flags |= CORAL_CALL_SLOW;
  return flags;
}

/* The drain thread polls; it is woken where the ring fills faster than that, and while it has no threshold yet, since
 * until then every call of the function is a record. */
INLINE u64 wake_up(const struct coral_knobs *slot_knobs) {
  if (!slot_knobs->slowest_threshold_ns)
    return BPF_RB_FORCE_WAKEUP;
  return bpf_ringbuf_query(&calls, BPF_RB_AVAIL_DATA) > config.ring_wake_bytes ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP;
}

static __noinline int record_call(const struct coral_call *call, const struct coral_knobs *slot_knobs) {
  struct coral_call *record = bpf_ringbuf_reserve(&calls, sizeof(*record), 0);

  if (!record) {
    count_loss(CORAL_LOSS_RING_FULL);
    return 0;
  }
  *record = *call;
  bpf_ringbuf_submit(record, wake_up(slot_knobs));
  return 0;
}

#endif
