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
typedef int s32;
typedef long long s64;
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
#define CORAL_MAX_CHUNKS 1024 /* 16,384 probed frames open on one goroutine; deeper calls are untracked, counted */

/* Returns that the kernel hijacks on one thread at a time (its MAX_URETPROBE_DEPTH): deeper ones never come. */
#define CORAL_SESSION_FRAMES 64

#define CORAL_NODE_ROOT 0
#define CORAL_NODE_OTHER 1 /* calls that found no free tree node */

/* A site's cookie: slot in bits 0-15, site in bits 16-35, flags in bits 36-51, generation in bits 52-55. */
#define CORAL_COOKIE_SITE_SHIFT 16
#define CORAL_COOKIE_FLAGS_SHIFT 36
#define CORAL_COOKIE_GENERATION_SHIFT 52
#define CORAL_GENERATIONS 16
#define CORAL_SITE_ENTRY 1
#define CORAL_SITE_RETURN 2
#define CORAL_SITE_JBE 4       /* the stack check's branch: hits that will take it (CF or ZF) are not calls */
#define CORAL_SITE_G_R14 8     /* goroutine from R14 (ABIInternal) */
#define CORAL_SITE_G_TLS 16    /* goroutine from thread-local storage (fsbase - 8) */
#define CORAL_SITE_THREAD 32   /* no goroutine: thread id and SP */
#define CORAL_SITE_PARK 64     /* runtime.gopark: the goroutine begins to wait, its reason in CX */
#define CORAL_SITE_SYSCALL 128 /* runtime.reentersyscall: it begins to wait for the kernel */
#define CORAL_SITE_RESUME 256  /* it has waited */
#define CORAL_SITE_G_AX 512    /* goroutine from AX */
#define CORAL_SITE_RECOVER 1024 /* it goes on where a panic was recovered, an exception caught */
#define CORAL_SITE_IF 2048      /* a conditional jump: the call ends only where it is taken; its condition in the four bits above */
#define CORAL_SITE_CONDITION_SHIFT 12

/* Why something was not recorded; a call that is not followed counts once, where it began. One list: the enum, the TypeScript union and the words on the screen. */
#define CORAL_LOSSES(X) \
  X(RING_FULL, ring_full, "a single call found the ring buffer full") \
  X(STACK_MAP_FULL, stack_map_full, "more goroutines had open calls than the stack map holds") \
  X(STACK_TOO_DEEP, stack_too_deep, "more probed frames were open on one goroutine than are tracked") \
  X(G_UNREADABLE, g_unreadable, "the goroutine's descriptor could not be read") \
  X(NODES_FULL, nodes_full, "the call tree found no free node; the call is under (other)") \
  X(RATE_LIMITED, rate_limited, "single calls over the agent's events-per-second limit") \
  X(MAX_RACED, max_raced, "an update of min or max gave up after repeated races") \
  X(FOREIGN_STACK, foreign_stack, "a call on a stack that is not its thread's own (a coroutine's or a signal's)") \
  X(CAPTURE_FULL, capture_full, "more calls with captured arguments were open than are kept; shown without them") \
  X(CAPTURE_CHANGED, capture_changed, "the capture or filter was changed while the call was open; shown without values")

enum coral_loss {
#define X(upper, lower, text) CORAL_LOSS_##upper,
  CORAL_LOSSES(X)
#undef X
  CORAL_LOSS_COUNT
};

/* What a slot (a function in one process) measures, in the stripe of one group of CPUs; user space adds the stripes.
 * Durations in ns. The slot's calls are the hits of its entry sites: calls = returns + unwound + untracked + open. */
struct coral_stats {
  u64 returns;
  u64 unwound;
  u64 untracked;
  u64 joined_mid_call;
  u64 sum_ns;
  u64 min_ns; /* all ones: none yet (user space fills it in before the probes are on) */
  u64 max_ns;
  u64 matched; /* returned calls that met the filter */
};

/* A call-tree node in one stripe, keyed in the kernel by (parent, slot). parent and slot are set in stripe 0 only. */
struct coral_node {
  u32 parent;
  u32 slot;
  u64 calls;
  u64 self_ns;
  u64 below_ns; /* total - self. Of a call whose caller is this node too, under (other), the caller's total has all: - self */
  u64 waiting_ns; /* part of the total */
  u64 starter;    /* of a root: where the `go` statement is that started its goroutine; 0: not known */
};

struct coral_node_key {
  u32 parent;
  u32 slot;
  u64 starter;
};

/* Nodes that were found lately: parent, slot and node in one word. The number of a node has so many bits. */
#define CORAL_KNOWN_NODES 4096
#define CORAL_NODE_BITS 24

/* One open call. `depth` is stack.hi - SP for goroutines and ~SP for threads, SP pointing at the return address. */
struct coral_frame {
  u64 depth;
  u64 start_ns;
  u64 child_ns;
  u16 slot;
  u16 epoch;   /* of the slot when the call began: another than the slot's now says that returns were missed since */
  u32 node;
  u32 capture; /* place of what was copied at the entry, from 1; 0: none */
  u32 reserved;
};

/* Whose stack: the address of runtime.g, or a thread id (never equal: no g lies in the first 4 MiB); above them the
 * number of the process in the session, from 1. */
#define CORAL_OWNER_PROCESS_SHIFT 48

/* Where the memory of a thread's own stack lies, as learnt of the thread that bears this number and began at this time, in
 * the process image that has its first stack there. Stays when the place is given back: the same thread mostly comes back. */
struct coral_own_stack {
  u64 low;
  u64 high; /* 0: not learnt */
  u64 first_stack;
  u64 thread_began;
  u32 thread;
  u32 reserved;
};

/* A shadow stack's first 16 frames, outermost first. Its place belongs to its owner while a call is open. */
struct coral_stack {
  u64 goroutine;      /* goid of the frames; 0: a thread, or unknown */
  u64 untracked_from; /* depth of the shallowest open call that has no frame; 0: none */
  u32 open;           /* frames in all */
  u32 thread;         /* that opened the last frame */
  u32 tgid;
  u32 wait_reason;
  u64 waiting_since;  /* 0: it does not wait, or that is not watched */
  struct coral_own_stack own_stack;
  struct coral_frame frames[CORAL_FRAMES_PER_CHUNK];
};

/* Owners of places side by side; 0: free. An owner has its place in one of two buckets. */
#define CORAL_WAYS 8
struct coral_bucket {
  u64 owners[CORAL_WAYS];
};

/* 16 further frames each, for deep stacks. */
struct coral_chunk_key {
  u64 owner;
  u32 chunk;
  u32 reserved;
};
struct coral_chunk {
  struct coral_frame frames[CORAL_FRAMES_PER_CHUNK];
};

/* What user space says about a slot; may change while probes are on. */
struct coral_knobs {
  u64 slower_than_ns;        /* calls slower than this are shown singly; all ones: none */
  u64 slowest_threshold_ns;  /* the drain thread's bound to its list of slowest calls */
  u32 sample_rate;           /* one in N calls is shown singly; 0: none */
  u32 goid_offset;           /* of goid in runtime.g; 0: unknown */
  u32 state;                 /* one word, so that all of it changes at once: CORAL_SLOT_, then the epoch */
  u32 process;               /* number in the session, from 1 */
  u32 generations;           /* one word: the generation that counts, the coming one + 1, the number of the change */
  u32 capture;               /* CORAL_CAPTURE_ bits */
  u32 tgid;                  /* of the process, as the kernel numbers it */
  u32 starter_offset;        /* of gopc in runtime.g; 0: unknown */
  u32 recovered_offset;      /* in runtime.g: of the SP that a recovered panic goes on with, or of its runtime._panic */
  u32 recovered_sp_offset;   /* in runtime._panic; 0: runtime.g has the SP itself */
};

/* Bits 0-7 of the state; the epoch is in bits 16-31. */
#define CORAL_SLOT_OFF 0       /* hits of timed sites are ignored: the link is being made */
#define CORAL_SLOT_ON 1
#define CORAL_SLOT_CLOSING 2   /* returns only, so that taking off the sites one by one leaves no false open call */
#define CORAL_SLOT_LINGERING 3 /* entries open no call, open calls may return */
#define CORAL_SLOT_UNTIMED 4   /* entries open no call, returns are being taken off or are off */
#define CORAL_SLOT_WAS_UNTIMED 256 /* at some time: a return without a frame may be of a call that was not followed */
#define CORAL_SLOT_EPOCH_SHIFT 16

/* While a slot moves from one link to another (`coming` is not 0) both links are hit; see generation.h. */
#define CORAL_COMING_SHIFT 8
#define CORAL_CHANGE_SHIFT 16
#define CORAL_NO_GENERATION 255 /* the process runs another program now */

#define CORAL_CAPTURE_ON 1
#define CORAL_CAPTURE_ENTRY 2 /* there are operations at the entry */

/* Waiting is summed by reason: runtime.waitReason, or the kernel. */
#define CORAL_WAIT_REASONS 64
#define CORAL_WAIT_SYSCALL 254 /* beyond every waitReason; summed as the last but one */
#define CORAL_WAIT_NONE 255

/* Of a slot and a reason. */
struct coral_wait {
  u64 count;
  u64 total_ns;
};

/* Bytes of runtime.g that are read at a hit: stack.hi at 8, goid at 152 (160 in Go 1.23 and 1.24). */
#define CORAL_G_BYTES 168

/* The agent's pid namespace, whose numbers processes and threads go by: how deep it lies (0: the first) and its own number. */
struct coral_pid_space {
  u32 level;
  u32 inum;
};

/* Fixed when the object is loaded. */
struct coral_config {
  u32 slots;       /* stride of a stripe of coral_stats */
  u32 sites;       /* stride of a stripe of site hits */
  u32 nodes;       /* stride of a stripe of coral_node */
  u32 bucket_mask; /* buckets of shadow stacks - 1 */
  u32 stripe_mask; /* stripes - 1; a CPU's stripe is its number & stripe_mask */
  u32 capture_mask; /* places of captured values - 1 */
  u32 ring_wake_bytes; /* unread bytes at which a record wakes the drain thread */
  struct coral_pid_space pid_space;
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
  u32 capture_version;
  u32 reserved;
};
#define CORAL_CALL_SLOW 1
#define CORAL_CALL_SAMPLED 2
#define CORAL_CALL_CAPTURED 4
#define CORAL_CALL_MATCHED 8

#endif
