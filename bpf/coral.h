/* SPDX-License-Identifier: Apache-2.0
 *
 * Every record and limit that the BPF programs share with user space. The addon includes this header;
 * agent/kernel/limits.ts is generated from its CORAL_ constants.
 */
#ifndef CORAL_H
#define CORAL_H

#ifdef __bpf__
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
#else
#include <stdint.h>
typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
#endif

/* Log-linear histogram of nanoseconds: values below 32 exactly, above that 32 buckets an octave, so a bucket's
 * midpoint is at most 1/64 (1.57 %) from any value in it. 2^40 ns (18 min) exceeds the longest session. */
#define CORAL_HIST_SUB_BITS 5
#define CORAL_HIST_MAX_EXPONENT 39
#define CORAL_HIST_BUCKETS 1152

/* Frames a chunk of a shadow stack; a stack is a chain of chunks, so that deep recursion stays exact. */
#define CORAL_FRAMES_PER_CHUNK 16
#define CORAL_MAX_CHUNKS 512 /* 8,192 probed frames open on one goroutine; deeper calls are untracked, counted */

#define CORAL_NODE_ROOT 0
#define CORAL_NODE_OTHER 1 /* calls that found no free tree node */

/* A site's cookie: slot in bits 0-15, site in bits 16-35, flags from bit 36. */
#define CORAL_COOKIE_SITE_SHIFT 16
#define CORAL_COOKIE_FLAGS_SHIFT 36
#define CORAL_SITE_ENTRY 1
#define CORAL_SITE_RETURN 2
#define CORAL_SITE_JBE 4       /* the stack check's branch: hits that will take it (CF or ZF) are not calls */
#define CORAL_SITE_G_R14 8     /* goroutine from R14 (ABIInternal) */
#define CORAL_SITE_G_TLS 16    /* goroutine from thread-local storage (fsbase - 8) */
#define CORAL_SITE_THREAD 32   /* no goroutine: thread id and SP */
#define CORAL_SITE_PARK 64     /* runtime.gopark: waiting, not a call to show */

/* Why something was not recorded. One list: the enum, the TypeScript union and the words on the screen. */
#define CORAL_LOSSES(X) \
  X(RING_FULL, ring_full, "a single call found the ring buffer full") \
  X(STACK_MAP_FULL, stack_map_full, "more goroutines had open calls than the stack map holds") \
  X(STACK_TOO_DEEP, stack_too_deep, "more probed frames were open on one goroutine than are tracked") \
  X(G_UNREADABLE, g_unreadable, "the goroutine's descriptor could not be read") \
  X(NODES_FULL, nodes_full, "the call tree found no free node; the call is under (other)") \
  X(UNMATCHED_RETURN, unmatched_return, "a return whose call was untracked") \
  X(RATE_LIMITED, rate_limited, "single calls over the agent's events-per-second limit") \
  X(MAX_RACED, max_raced, "an update of min or max gave up after repeated races")

enum coral_loss {
#define X(upper, lower, text) CORAL_LOSS_##upper,
  CORAL_LOSSES(X)
#undef X
  CORAL_LOSS_COUNT
};

/* What a slot (a function in one process) measures. Durations in ns. calls = returns + unwound + untracked + open. */
struct coral_stats {
  u64 calls;
  u64 returns;
  u64 unwound;
  u64 untracked;
  u64 joined_mid_call;
  u64 sum_ns;
  u64 min_ns; /* all ones: none yet */
  u64 max_ns;
};

/* A call-tree node; read by user space, keyed in the kernel by (parent, slot). */
struct coral_node {
  u32 parent;
  u32 slot;
  u64 calls;
  u64 total_ns;
  u64 self_ns;
};

/* A call that is shown singly. Timestamps are CLOCK_BOOTTIME ns. Captured bytes follow. */
struct coral_call {
  u64 call_id;
  u64 start_ns;
  u64 duration_ns;
  u64 goroutine;
  u32 thread;
  u32 tgid;
  u32 slot;
  u32 flags;
};
#define CORAL_CALL_SLOW 1
#define CORAL_CALL_SAMPLED 2
#define CORAL_CALL_CAPTURED 4
#define CORAL_CALL_MATCHED 8

#endif
