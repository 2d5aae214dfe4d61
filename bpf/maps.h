/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
 *
 * The session's maps. User space sets max_entries before loading (1 stands for "by the session's options") and maps
 * the arrays into its own memory, so that reading and turning knobs needs no system call.
 */
#ifndef CORAL_MAPS_H
#define CORAL_MAPS_H

#include "capture.h"
#include "program.h"

const volatile struct coral_config config SEC(".rodata.config");

struct coral_histogram {
  u64 buckets[CORAL_HIST_BUCKETS];
};

/* stripe * config.sites + site -> hits. The whole of the counted path. */
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1);
  __type(key, u32);
  __type(value, u64);
} site_hits SEC(".maps");

/* stripe * config.slots + slot -> what its calls add up to. */
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1);
  __type(key, u32);
  __type(value, struct coral_stats);
} slot_stats SEC(".maps");

/* slot -> durations by bucket; shared by all CPUs, since durations spread over the buckets by themselves. */
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1);
  __type(key, u32);
  __type(value, struct coral_histogram);
} histograms SEC(".maps");

/* slot -> what user space asks for. */
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1);
  __type(key, u32);
  __type(value, struct coral_knobs);
} knobs SEC(".maps");

/* stripe * config.nodes + node -> the call tree's sums. */
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1);
  __type(key, u32);
  __type(value, struct coral_node);
} nodes SEC(".maps");

/* (parent node, slot, what started a root's goroutine) -> node. */
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1);
  __type(key, struct coral_node_key);
  __type(value, u32);
} node_ids SEC(".maps");

/* Some of them, by (parent, slot) at a place that these choose, to save the hash; 0: none there. A node never changes, so
 * whatever word is found is true. */
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, CORAL_KNOWN_NODES);
  __type(key, u32);
  __type(value, u64);
} known_nodes SEC(".maps");

/* One value: the last node given out. */
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, u32);
  __type(value, u32);
} last_node SEC(".maps");

/* enum coral_loss -> how often. The drain thread adds to it too. */
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, CORAL_LOSS_COUNT);
  __type(key, u32);
  __type(value, u64);
} losses SEC(".maps");

/* bucket -> owners of the places bucket * CORAL_WAYS + way. A hash table of our own: taking and giving back a place is
 * one store each, where the kernel's hash copies and locks, which would double what a timed call costs. */
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1);
  __type(key, u32);
  __type(value, struct coral_bucket);
} owners SEC(".maps");

/* place -> shadow stack. Bounds how many goroutines and threads can have open calls at one time. */
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1);
  __type(key, u32);
  __type(value, struct coral_stack);
} stacks SEC(".maps");

/* Frames behind the first 16 of a stack. */
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1);
  __type(key, struct coral_chunk_key);
  __type(value, struct coral_chunk);
} chunks SEC(".maps");

/* slot * CORAL_WAIT_REASONS + reason -> waiting of its calls. */
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1);
  __type(key, u32);
  __type(value, struct coral_wait);
} waits SEC(".maps");

/* slot -> what is copied at its calls and which are wanted; an update puts a whole new one in place of the old. */
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __uint(max_entries, 1);
  __type(key, u32);
  __type(value, struct coral_capture);
} captures SEC(".maps");

/* place - 1 -> values of an open call. */
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1);
  __type(key, u32);
  __type(value, struct coral_capture_place);
} capture_places SEC(".maps");

/* thread -> the hit that a coming generation took last; see generation.h. */
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __uint(max_entries, 65536);
  __type(key, u64);
  __type(value, u64);
} taken_hits SEC(".maps");

/* struct coral_call (or coral_captured) records of calls that are shown singly or may be among the slowest. */
struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 4096);
} calls SEC(".maps");

#define STATE_OF(word) ((word) & 0xff)
#define WAS_UNTIMED(word) ((word) & CORAL_SLOT_WAS_UNTIMED)
#define EPOCH_OF(word) ((word) >> CORAL_SLOT_EPOCH_SHIFT)

INLINE u32 cpu_stripe(void) {
  return bpf_get_smp_processor_id() & config.stripe_mask;
}

INLINE void count_loss(u32 reason) {
  u64 *count = bpf_map_lookup_elem(&losses, &reason);

  if (count)
    ATOMIC_ADD(count, 1);
}

#endif
