/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
 *
 * Whether a conditional jump will be taken. Conditions are the four low bits of its opcode.
 */
#ifndef CORAL_CONDITION_H
#define CORAL_CONDITION_H

#include "coral.h"

#define CONDITION_JBE 6
#define CONDITION_JL 12 /* from here on the sign is compared with the overflow */

#define CARRY_FLAG 0x01
#define PARITY_FLAG 0x04
#define ZERO_FLAG 0x40
#define SIGN_FLAG 0x80
#define OVERFLOW_FLAG 0x800

/*
 * Flags of which one is enough, by pairs: each odd condition is the contrary of the one in front of it. Volatile, or the
 * compiler puts them into a section of mergeable constants, which libbpf does not load.
 */
static const volatile u16 enough_flags[8] = {
  OVERFLOW_FLAG, CARRY_FLAG, ZERO_FLAG, CARRY_FLAG | ZERO_FLAG, SIGN_FLAG, PARITY_FLAG, 0, ZERO_FLAG,
};

INLINE bool will_jump(u32 condition, u64 flags) {
  bool is_less = condition >= CONDITION_JL && !(flags & SIGN_FLAG) != !(flags & OVERFLOW_FLAG);
  bool is_met = is_less || (flags & enough_flags[condition >> 1 & 7]);

  return is_met != (condition & 1);
}

#endif
