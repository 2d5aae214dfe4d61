/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
 *
 * Where an owner's shadow stack lies. Only the owner's own thread takes, uses and gives back its place, so a place that
 * bears its name is its own; between different owners the compare-and-swap decides.
 */
#ifndef CORAL_PLACES_H
#define CORAL_PLACES_H

#include "maps.h"

#define NO_PLACE (~0U)

/* One multiplication spreads the owner's bits; its upper ones pick the first bucket, its middle ones the second. */
#define SPREAD 0x9e3779b97f4a7c15ULL

INLINE u32 bucket_of_owner(u64 owner, bool second) {
  u64 spread = owner * SPREAD;

  return (second ? spread >> 24 : spread >> 44) & config.bucket_mask;
}

/* The one of its places that an owner takes first. */
INLINE u32 home_of(u64 owner) {
  return bucket_of_owner(owner, false) * CORAL_WAYS + (owner * SPREAD >> 41) % CORAL_WAYS;
}

INLINE bool is_place_of(u32 place, u64 owner) {
  u32 index = place / CORAL_WAYS;
  struct coral_bucket *bucket = bpf_map_lookup_elem(&owners, &index);

  return bucket && *(volatile u64 *)&bucket->owners[place % CORAL_WAYS] == owner;
}

INLINE u32 place_in(u32 index, u64 owner) {
  struct coral_bucket *bucket = bpf_map_lookup_elem(&owners, &index);

  if (!bucket)
    return NO_PLACE;
  for (u32 way = 0; way < CORAL_WAYS; way++) {
    if (*(volatile u64 *)&bucket->owners[way] == owner)
      return index * CORAL_WAYS + way;
  }
  return NO_PLACE;
}

INLINE bool take(struct coral_bucket *bucket, u32 way, u64 owner) {
  return !*(volatile u64 *)&bucket->owners[way] && !__sync_val_compare_and_swap(&bucket->owners[way], 0, owner);
}

INLINE u32 take_place_in(u32 index, u64 owner) {
  struct coral_bucket *bucket = bpf_map_lookup_elem(&owners, &index);

  if (!bucket)
    return NO_PLACE;
  for (u32 way = 0; way < CORAL_WAYS; way++) {
    if (take(bucket, way, owner))
      return index * CORAL_WAYS + way;
  }
  return NO_PLACE;
}

INLINE u32 free_places_in(u32 index) {
  struct coral_bucket *bucket = bpf_map_lookup_elem(&owners, &index);
  u32 free = 0;

  for (u32 way = 0; bucket && way < CORAL_WAYS; way++)
    free += !*(volatile u64 *)&bucket->owners[way];
  return free;
}

INLINE bool take_home(u64 owner) {
  u32 index = home_of(owner) / CORAL_WAYS;
  struct coral_bucket *bucket = bpf_map_lookup_elem(&owners, &index);

  return bucket && take(bucket, home_of(owner) % CORAL_WAYS, owner);
}

INLINE u32 seek(u64 owner) {
  u32 place = place_in(bucket_of_owner(owner, false), owner);

  return place != NO_PLACE ? place : place_in(bucket_of_owner(owner, true), owner);
}

CHECKED_ONCE u32 seek_place(u64 owner) {
  return seek(owner);
}

CHECKED_ONCE u32 seek_or_take_place(u64 owner) {
  u32 first = bucket_of_owner(owner, false), second = bucket_of_owner(owner, true), place = seek(owner);
  bool second_is_emptier;

  if (place != NO_PLACE)
    return place;
  if (take_home(owner))
    return home_of(owner);
  /* Into the emptier one: of 10,000 owners and 16,384 places, two found none while the first was filled first. */
  second_is_emptier = free_places_in(second) > free_places_in(first);
  place = take_place_in(second_is_emptier ? second : first, owner);
  return place != NO_PLACE ? place : take_place_in(second_is_emptier ? first : second, owner);
}

/* The owner's place, while it holds a call. */
INLINE u32 find_place(u64 owner) {
  u32 home = home_of(owner);

  return is_place_of(home, owner) ? home : seek_place(owner);
}

INLINE u32 find_or_take_place(u64 owner) {
  u32 home = home_of(owner);

  return is_place_of(home, owner) ? home : seek_or_take_place(owner);
}

INLINE void give_back_place(u32 place) {
  u32 index = place / CORAL_WAYS;
  struct coral_bucket *bucket = bpf_map_lookup_elem(&owners, &index);

  if (bucket)
    *(volatile u64 *)&bucket->owners[place % CORAL_WAYS] = 0;
}

INLINE struct coral_stack *stack_at(u32 place) {
  return bpf_map_lookup_elem(&stacks, &place);
}

#endif
