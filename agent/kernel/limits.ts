/** Generated from bpf/coral.h and bpf/capture.h by bpf/gen-limits.mjs: what the kernel's programs and the agent agree on. */

export const HIST_SUB_BITS = 5;
export const HIST_MAX_EXPONENT = 39;
export const HIST_BUCKETS = 1152;
export const FRAMES_PER_CHUNK = 16;
export const MAX_CHUNKS = 1024;
export const SESSION_FRAMES = 64;
export const NODE_ROOT = 0;
export const NODE_OTHER = 1;
export const COOKIE_SITE_SHIFT = 16;
export const COOKIE_FLAGS_SHIFT = 36;
export const COOKIE_GENERATION_SHIFT = 52;
export const GENERATIONS = 16;
export const SITE_ENTRY = 1;
export const SITE_RETURN = 2;
export const SITE_JBE = 4;
export const SITE_G_R14 = 8;
export const SITE_G_TLS = 16;
export const SITE_THREAD = 32;
export const SITE_PARK = 64;
export const SITE_SYSCALL = 128;
export const SITE_RESUME = 256;
export const SITE_G_AX = 512;
export const SITE_RECOVER = 1024;
export const SITE_IF = 2048;
export const SITE_CONDITION_SHIFT = 12;
export const KNOWN_NODES = 4096;
export const NODE_BITS = 24;
export const OWNER_PROCESS_SHIFT = 48;
export const WAYS = 8;
export const SLOT_OFF = 0;
export const SLOT_ON = 1;
export const SLOT_CLOSING = 2;
export const SLOT_LINGERING = 3;
export const SLOT_UNTIMED = 4;
export const SLOT_WAS_UNTIMED = 256;
export const SLOT_EPOCH_SHIFT = 16;
export const COMING_SHIFT = 8;
export const CHANGE_SHIFT = 16;
export const NO_GENERATION = 255;
export const CAPTURE_ON = 1;
export const CAPTURE_ENTRY = 2;
export const WAIT_REASONS = 64;
export const WAIT_SYSCALL = 254;
export const WAIT_NONE = 255;
export const G_BYTES = 168;
export const CALL_SLOW = 1;
export const CALL_SAMPLED = 2;
export const CALL_CAPTURED = 4;
export const CALL_MATCHED = 8;
export const CAPTURE_OPS = 64;
export const CAPTURE_OPS_ROOM = 64;
export const CAPTURE_BYTES = 2048;
export const CAPTURE_READ_MAX = 128;
export const PREDICATES = 8;
export const PREDICATE_BYTES = 32;
export const AT_ENTRY = 0;
export const AT_RETURN = 1;
export const OP_END = 0;
export const OP_REGISTER = 1;
export const OP_STACK = 2;
export const OP_MEMORY = 3;
export const OP_COUNTED = 4;
export const OP_CSTRING = 5;
export const OP_KEPT = 6;
export const OP_DISTANCE = 7;
export const COMPARE_LT = 1;
export const COMPARE_EQ = 2;
export const COMPARE_LE = 3;
export const COMPARE_GT = 4;
export const COMPARE_NE = 5;
export const COMPARE_GE = 6;
export const PREDICATE_UNSIGNED = 0;
export const PREDICATE_SIGNED = 1;
export const PREDICATE_BYTES_EQUAL = 2;
export const PREDICATE_DURATION = 3;

/** Why something was not recorded, in the order of KernelSession.losses(). */
export const LOSSES = [
  { reason: 'ring_full', text: 'a single call found the ring buffer full' },
  { reason: 'stack_map_full', text: 'more goroutines had open calls than the stack map holds' },
  { reason: 'stack_too_deep', text: 'more probed frames were open on one goroutine than are tracked' },
  { reason: 'g_unreadable', text: "the goroutine's descriptor could not be read" },
  { reason: 'nodes_full', text: 'the call tree found no free node; the call is under (other)' },
  { reason: 'rate_limited', text: "single calls over the agent's events-per-second limit" },
  { reason: 'max_raced', text: 'an update of min or max gave up after repeated races' },
  { reason: 'foreign_stack', text: "a call on a stack that is not its thread's own (a coroutine's or a signal's)" },
  { reason: 'capture_full', text: 'more calls with captured arguments were open than are kept; shown without them' },
  { reason: 'capture_changed', text: 'the capture or filter was changed while the call was open; shown without values' },
] as const;

export type LossReason = (typeof LOSSES)[number]['reason'];
