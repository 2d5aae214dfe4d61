/** What this host can do, found out once, at the first question: features and calibration take some 100 ms together. */

import { CoralError } from '../proto/errors.js';
import type { AgentStatus } from '../proto/gen/coral/live/v1/live.js';
import { calibrateOnce } from './calibration.js';
import type { AgentConfig } from './config.js';
import type { Calibration, Kernel, KernelFeature } from './kernel/kernel.js';
import { describeAgent, readBootId } from './status.js';

export interface Host {
  bootId: string;
  status: AgentStatus;
  calibration: Calibration;
  /** uprobe.session: returns at a tenth of the cost where nothing unwinds. */
  hasSessionProbes: boolean;
  /** Why no session can be opened here; null: they can. */
  refusal: CoralError | null;
}

const NOT_CALIBRATED: Calibration = { emulatedHitNs: 0, steppedHitNs: 0, returnPairNs: 0, replacedReturnNs: 0 };

/** Tries the kernel. What fails is in the status; nothing is thrown. */
export function probeHost(kernel: Kernel, config: AgentConfig): Host {
  const bootId = readBootId();
  const { features, calibration } = tryKernel(kernel, config, bootId);
  const status = describeAgent({ ...config, disabled: !config.enabled }, features, calibration);
  const hasSessionProbes = features.some(({ name, ok }) => name === 'uprobe_session' && ok);
  return { bootId, status, calibration: calibration ?? NOT_CALIBRATED, hasSessionProbes, refusal: refusalOf(status, config) };
}

function tryKernel(
  kernel: Kernel,
  config: AgentConfig,
  bootId: string,
): { features: KernelFeature[]; calibration: Calibration | null } {
  try {
    const features = kernel.features();
    return { features: [...features], calibration: calibrateOnce(kernel, config.runtimeDir, bootId) };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const fix = 'see the other checks; `npm run build` builds the kernel programs and the addon';
    return { features: [...featuresIfAny(kernel), { name: 'calibration', ok: false, detail, fix }], calibration: null };
  }
}

/** None when the addon itself cannot be loaded: that is then the detail of the calibration's failure. */
function featuresIfAny(kernel: Kernel): KernelFeature[] {
  try {
    return kernel.features();
  } catch {
    return [];
  }
}

function refusalOf(status: AgentStatus, { enabled }: AgentConfig): CoralError | null {
  if (!enabled) {
    return new CoralError('UNSUPPORTED', `debugging is switched off on ${status.agentId}`, 'set agent.debug.enabled: true', {
      reason: 'DISABLED',
    });
  }
  const broken = status.checks.find((check) => !check.ok && (check.name === 'calibration' || status.reasons.length > 0));
  if (!broken) return null;
  const details = { reasons: status.reasons, check: broken.name };
  return new CoralError(
    'UNSUPPORTED',
    `no probe can be attached on ${status.agentId}: ${broken.name}: ${broken.detail}`,
    broken.fix,
    details,
  );
}
