/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
 *
 * Where the values of an open call are kept. A frame names its place by number + 1; 0 is none.
 */
#ifndef CORAL_CAPTURE_PLACES_H
#define CORAL_CAPTURE_PLACES_H

#include "maps.h"

#define NO_CAPTURE 0
#define PLACES_TRIED 16

INLINE struct coral_capture_place *capture_place(u32 number) {
  u32 index = number - 1;

  return number ? bpf_map_lookup_elem(&capture_places, &index) : 0;
}

struct seeking {
  u32 from;
  u32 found;
};

static long try_place(u32 turn, void *data) {
  struct seeking *seeking = data;
  u32 number = ((seeking->from + turn) & config.capture_mask) + 1;
  struct coral_capture_place *place = capture_place(number);

  if (!place || *(volatile u64 *)&place->taken || __sync_val_compare_and_swap(&place->taken, 0, 1))
    return 0;
  seeking->found = number;
  return 1;
}

/* NO_CAPTURE where none is free among those that this owner's calls may use. */
CHECKED_ONCE u32 take_capture(u64 owner, u64 depth) {
  struct seeking seeking = {.from = ((owner + depth) * 0x9e3779b97f4a7c15ULL) >> 32, .found = NO_CAPTURE};

  bpf_loop(PLACES_TRIED, try_place, &seeking, 0);
  return seeking.found;
}

INLINE void give_back_capture(u32 number) {
  struct coral_capture_place *place = capture_place(number);

  if (place)
    *(volatile u64 *)&place->taken = 0;
}

#endif
