/* SPDX-License-Identifier: Apache-2.0
 *
 * How arguments and results are read at a hit. User space compiles a function's types into operations that copy
 * registers and memory into one flat buffer, and a --filter into predicates over that buffer; the kernel runs them.
 * agent/values/ builds and decodes these; see there for what each type becomes.
 */
#ifndef CORAL_CAPTURE_H
#define CORAL_CAPTURE_H

#include "coral.h"

#define CORAL_CAPTURE_OPS 64         /* a moment (entry or return) of a slot; one bit each in the failed mask */
#define CORAL_CAPTURE_OPS_ROOM 64    /* a power of two: what an index cannot leave */
#define CORAL_CAPTURE_BYTES 2048     /* a moment's buffer */
#define CORAL_CAPTURE_READ_MAX 128   /* one operation's bytes */
#define CORAL_PREDICATES 8
#define CORAL_PREDICATE_BYTES 32     /* of a string constant; no string is captured with less room */

/* The two moments of a call. */
#define CORAL_AT_ENTRY 0
#define CORAL_AT_RETURN 1

/* Where an operation takes its bytes. */
#define CORAL_OP_END 0
#define CORAL_OP_REGISTER 1 /* `length` (<= 8) low bytes of register `reg` */
#define CORAL_OP_STACK 2    /* memory at SP + offset */
#define CORAL_OP_MEMORY 3   /* memory at the pointer in the buffer at `base`, + offset */
#define CORAL_OP_COUNTED 4  /* as MEMORY, but min(length, unit * the u64 at `count`) bytes */
#define CORAL_OP_CSTRING 5  /* as MEMORY, up to a NUL */
#define CORAL_OP_KEPT 6     /* of a return: the 8 bytes that the entry put at `base` of its own buffer */
#define CORAL_OP_DISTANCE 7 /* how many units lie between the addresses in the buffer at `base` and at `count` */

/* Registers by number. */
#define CORAL_REGISTERS(X) X(ax) X(bx) X(cx) X(dx) X(si) X(di) X(r8) X(r9) X(r10) X(r11) X(r12) X(r13) X(r14) X(r15) X(bp) X(sp)

struct coral_op {
  u8 kind;
  u8 reg;
  u16 out;    /* position in the buffer */
  u16 length; /* bytes at most */
  u16 base;   /* buffer position of a pointer; a null pointer reads nothing and does not fail */
  u16 count;  /* buffer position of an element count, or of an end */
  u16 unit;   /* bytes an element */
  u32 offset; /* signed */
};

/* A comparison is the set of relations that meet it: less 1, equal 2, greater 4. */
#define CORAL_COMPARE_LT 1
#define CORAL_COMPARE_EQ 2
#define CORAL_COMPARE_LE 3
#define CORAL_COMPARE_GT 4
#define CORAL_COMPARE_NE 5
#define CORAL_COMPARE_GE 6

#define CORAL_PREDICATE_UNSIGNED 0
#define CORAL_PREDICATE_SIGNED 1
#define CORAL_PREDICATE_BYTES_EQUAL 2 /* EQ or NE of length and bytes */
#define CORAL_PREDICATE_DURATION 3

/* One comparison. A predicate whose operations failed is false. */
struct coral_predicate {
  u8 kind;
  u8 compare;
  u8 size;      /* bytes of the value at `position`: 1 to 8 */
  u8 moment;    /* in whose buffer the value is */
  u16 position; /* of the value, or of the string's bytes */
  u16 length_position; /* of a string's u64 length */
  u64 needs;       /* operations that must not have failed */
  u64 needs_bytes; /* the same where the bytes of a string decide, its length being right */
  u64 value;
  u64 length;   /* of `bytes`, or what else has to be at `length_position` */
  u8 bytes[CORAL_PREDICATE_BYTES];
  u8 mask[CORAL_PREDICATE_BYTES]; /* 0xff for each of `bytes` that counts */
};

/* A slot's program. The filter is a disjunction of conjunctions: a call matches when for some clause every predicate
 * in its mask holds; no clauses: every call matches. */
struct coral_capture {
  u32 version;      /* of the slot's captures, from 1 */
  u16 entry_bytes;  /* used by the entry's operations; the return's buffer follows there */
  u16 return_bytes;
  u8 ops_count[2];  /* by moment */
  u8 predicates;
  u8 clauses;
  u8 clause_masks[CORAL_PREDICATES];
  u32 reserved;
  struct coral_op ops[2][CORAL_CAPTURE_OPS_ROOM];
  struct coral_predicate predicate[CORAL_PREDICATES];
};

/* A record with values: the call, and behind it as many bytes as its program uses. */
struct coral_captured {
  struct coral_call call; /* its CORAL_CALL_CAPTURED is set */
  u64 failed[2];          /* by moment; bit i: operation i met memory that is not present */
  u8 bytes[2 * CORAL_CAPTURE_BYTES + CORAL_CAPTURE_READ_MAX]; /* the last are never used: an operation cannot leave it */
};

/* Where values are kept while their call is open. */
struct coral_capture_place {
  u64 taken;
  struct coral_captured captured;
};

#endif
