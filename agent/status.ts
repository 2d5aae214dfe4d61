/** What the agent says of itself and its host. */

import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import type { AgentStatus } from '../proto/gen/coral/live/v1/live.js';
import type { Calibration, KernelFeature } from './kernel/kernel.js';

/** Features without which no probe can be attached, and the RFD's reason code of each. */
const NEEDED: Record<string, string> = {
  cap_bpf: 'NO_CAP_BPF',
  cap_perfmon: 'NO_CAP_PERFMON',
  bpf: 'BPF_REFUSED',
  btf: 'NO_BTF',
  uprobe_multi: 'NO_UPROBE_MULTI',
  attach_cookie: 'NO_ATTACH_COOKIE',
  ring_buffer: 'NO_RING_BUFFER',
  mmapable_arrays: 'NO_MMAPABLE_ARRAYS',
  process_filter: 'PROCESS_FILTER_LEAKS',
};

/** The host's current boot, by the kernel's own id. */
export function readBootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/** `disabled`: the configuration says no debugging. */
export function describeAgent(
  facts: { agentId: string; version: string; disabled: boolean },
  features: readonly KernelFeature[],
  calibration: Calibration | null,
): AgentStatus {
  const missing = features.filter((feature) => !feature.ok).flatMap((feature) => NEEDED[feature.name] ?? []);
  const reasons = facts.disabled ? ['DISABLED', ...missing] : missing;
  return {
    agentId: facts.agentId,
    version: facts.version,
    kernel: release(),
    canDebugUprobes: reasons.length === 0,
    reasons,
    checks: features.map(({ name, ok, detail, fix }) => ({ name, ok, detail, fix })),
    emulatedHitNs: Math.round(calibration?.emulatedHitNs ?? 0),
    steppedHitNs: Math.round(calibration?.steppedHitNs ?? 0),
    returnPairNs: Math.round(calibration?.returnPairNs ?? 0),
    state: 'linked',
    pid: process.pid,
  };
}
