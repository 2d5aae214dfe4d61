/** Generated from bpf/coral.h by bpf/gen-limits.mjs: what the kernel's programs and the agent agree on. */

export const HIST_SUB_BITS = 5;
export const HIST_MAX_EXPONENT = 39;
export const HIST_BUCKETS = 1152;
export const FRAMES_PER_CHUNK = 16;
export const MAX_CHUNKS = 512;
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
export const OWNER_PROCESS_SHIFT = 48;
export const WAYS = 8;
export const SLOT_OFF = 0;
export const SLOT_ON = 1;
export const SLOT_CLOSING = 2;
export const G_BYTES = 168;
export const CALL_SLOW = 1;
export const CALL_SAMPLED = 2;
export const CALL_CAPTURED = 4;
export const CALL_MATCHED = 8;

/** Why something was not recorded, in the order of KernelSession.losses(). */
export const LOSSES = [
  { reason: 'ring_full', text: 'a single call found the ring buffer full' },
  { reason: 'stack_map_full', text: 'more goroutines had open calls than the stack map holds' },
  { reason: 'stack_too_deep', text: 'more probed frames were open on one goroutine than are tracked' },
  { reason: 'g_unreadable', text: "the goroutine's descriptor could not be read" },
  { reason: 'nodes_full', text: 'the call tree found no free node; the call is under (other)' },
  { reason: 'unmatched_return', text: 'a return whose call was untracked' },
  { reason: 'rate_limited', text: "single calls over the agent's events-per-second limit" },
  { reason: 'max_raced', text: 'an update of min or max gave up after repeated races' },
] as const;

export type LossReason = (typeof LOSSES)[number]['reason'];
