/** `coral doctor`. Pure. */

import type { AgentStatus, Check } from '../../proto/gen/coral/live/v1/live.js';
import { formatTable } from './table.js';
import { formatDuration } from './units.js';

/** Measured cost of probes on this host; undefined while no agent has measured it. */
export type Calibration = Pick<AgentStatus, 'emulatedHitNs' | 'steppedHitNs' | 'returnPairNs'> | undefined;

/** The contract's JSON. */
export function doctorJson(checks: readonly Check[], calibration: Calibration): string {
  const measured = calibration && {
    emulated_hit_ns: calibration.emulatedHitNs,
    stepped_hit_ns: calibration.steppedHitNs,
    return_pair_ns: calibration.returnPairNs,
  };
  const rows = checks.map(({ name, ok, detail, fix }) => ({ name: name.trim(), ok, detail, fix: fix === '' ? null : fix }));
  return `${JSON.stringify({ ok: allOk(checks), checks: rows, calibration: measured ?? null })}\n`;
}

/** One line a check, the fix below a failed one. */
export function doctorText(checks: readonly Check[], calibration: Calibration): string {
  const table = formatTable(
    [{ title: 'CHECK' }, { title: '' }, { title: 'DETAIL' }],
    checks.flatMap(({ name, ok, detail, fix }) => [
      [name, ok ? 'ok' : 'FAILED', detail],
      ...(ok || fix === '' ? [] : [['', '', `fix: ${fix}`]]),
    ]),
  );
  return `${table}\n${calibrationText(calibration)}`;
}

export const allOk = (checks: readonly Check[]): boolean => checks.every(({ ok }) => ok);

function calibrationText(calibration: Calibration): string {
  if (!calibration) return 'Cost of a probe: not measured, no agent.\n';
  const { emulatedHitNs, steppedHitNs, returnPairNs } = calibration;
  return `Cost of a hit here: emulated ${formatDuration(emulatedHitNs)}, stepped ${formatDuration(steppedHitNs)}; a timed call ${formatDuration(returnPairNs)}.\n`;
}
