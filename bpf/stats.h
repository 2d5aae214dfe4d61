/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
 *
 * What a call adds to its function: hits, sums, extremes and histogram.
 */
#ifndef CORAL_STATS_H
#define CORAL_STATS_H

#include "maps.h"

/* Tries of an update of min or max against other CPUs of the stripe before it is given up and counted as a loss. */
#define EXTREME_TRIES 8

INLINE void count_hit(u32 site) {
  u32 index = cpu_stripe() * config.sites + site;
  u64 *hits = bpf_map_lookup_elem(&site_hits, &index);

  if (hits)
    ATOMIC_ADD(hits, 1);
}

INLINE struct coral_stats *stats_of(u32 slot) {
  u32 index = cpu_stripe() * config.slots + slot;

  return bpf_map_lookup_elem(&slot_stats, &index);
}

INLINE void count_unwound(u32 slot) {
  struct coral_stats *stats = stats_of(slot);

  if (stats)
    ATOMIC_ADD(&stats->unwound, 1);
}

/* A call that was not to be followed. */
INLINE void count_untimed(u32 slot) {
  struct coral_stats *stats = stats_of(slot);

  if (stats)
    ATOMIC_ADD(&stats->untracked, 1);
}

/* A call that could not be followed. */
INLINE void count_untracked(u32 slot, u32 reason) {
  count_untimed(slot);
  count_loss(reason);
}

/* Gives the number of earlier ones in this CPU's stripe, which sampling of matching calls counts by. */
INLINE u64 count_matched(u32 slot) {
  struct coral_stats *stats = stats_of(slot);

  return stats ? ATOMIC_ADD(&stats->matched, 1) : 0;
}

INLINE void count_joined_mid_call(u32 slot) {
  struct coral_stats *stats = stats_of(slot);

  if (stats)
    ATOMIC_ADD(&stats->joined_mid_call, 1);
}

INLINE void raise_max(u64 *max, u64 value) {
  for (int try = 0; try < EXTREME_TRIES; try++) {
    u64 seen = *(volatile u64 *)max;

    if (value <= seen || __sync_val_compare_and_swap(max, seen, value) == seen)
      return;
  }
  count_loss(CORAL_LOSS_MAX_RACED);
}

INLINE void lower_min(u64 *min, u64 value) {
  for (int try = 0; try < EXTREME_TRIES; try++) {
    u64 seen = *(volatile u64 *)min;

    if (value >= seen || __sync_val_compare_and_swap(min, seen, value) == seen)
      return;
  }
  count_loss(CORAL_LOSS_MAX_RACED);
}

/* Position of the highest set bit, without a loop; value > 0. */
INLINE u32 log2_floor(u64 value) {
  u32 result = 0;

#define HALVE(bits)            \
  if (value >> (bits)) {       \
    value >>= (bits);          \
    result += (bits);          \
  }
  HALVE(32) HALVE(16) HALVE(8) HALVE(4) HALVE(2) HALVE(1)
#undef HALVE
  return result;
}

/* Below 32 the value itself; above, 32 buckets an octave. */
INLINE u32 bucket_of(u64 value_ns) {
  u32 exponent;

  if (value_ns < (1 << CORAL_HIST_SUB_BITS))
    return value_ns;
  exponent = log2_floor(value_ns);
  if (exponent > CORAL_HIST_MAX_EXPONENT)
    return CORAL_HIST_BUCKETS - 1;
  return ((exponent - CORAL_HIST_SUB_BITS) << CORAL_HIST_SUB_BITS) + (value_ns >> (exponent - CORAL_HIST_SUB_BITS));
}

INLINE void count_duration(u32 slot, u64 duration_ns) {
  struct coral_histogram *histogram = bpf_map_lookup_elem(&histograms, &slot);
  u32 bucket = bucket_of(duration_ns);

  if (histogram && bucket < CORAL_HIST_BUCKETS)
    ATOMIC_ADD(&histogram->buckets[bucket], 1);
}

/* Adds one returned call; gives the number of earlier returns in this CPU's stripe, which sampling counts by. */
INLINE u64 count_return(u32 slot, u64 duration_ns) {
  struct coral_stats *stats = stats_of(slot);
  u64 earlier;

  if (!stats)
    return 0;
  earlier = ATOMIC_ADD(&stats->returns, 1);
  ATOMIC_ADD(&stats->sum_ns, duration_ns);
  raise_max(&stats->max_ns, duration_ns);
  lower_min(&stats->min_ns, duration_ns);
  count_duration(slot, duration_ns);
  return earlier;
}

#endif
