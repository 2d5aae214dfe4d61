/** Which build this is: the package's version and, in a checkout, when the daemons' rooms were last compiled. */

import { readFileSync, statSync } from 'node:fs';

const DAEMON_ROOMS = ['proto', 'snapshots', 'agent', 'colony'] as const;

/** The released version: `0.1.0`. */
export function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** The version that a private pair must have to be joined: `0.1.0+ly2k3f9a`. */
export function buildVersion(): string {
  const compiledMs = Math.max(0, ...DAEMON_ROOMS.map(compiledAtMs));
  return compiledMs === 0 ? packageVersion() : `${packageVersion()}+${compiledMs.toString(36)}`;
}

function compiledAtMs(room: string): number {
  const stat = statSync(new URL(`../${room}/.tsbuildinfo`, import.meta.url), { throwIfNoEntry: false });
  return stat ? Math.round(stat.mtimeMs) : 0;
}
