// Writes agent/kernel/limits.ts from coral.h and capture.h: their numeric constants and its list of losses. With --print, to stdout.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const header = ['coral.h', 'capture.h'].map((name) => readFileSync(new URL(name, import.meta.url), 'utf8')).join('');

const constants = [...header.matchAll(/^#define CORAL_(\w+) (\d+)/gm)].map(
  ([, name, value]) => `export const ${name} = ${value};`,
);
const losses = [...header.matchAll(/^ {2}X\(\w+, (\w+), "([^"]+)"\)/gm)].map(
  ([, reason, text]) => `  { reason: '${reason}', text: ${quoted(text)} },`,
);

/** As the formatter wants it: single quotes unless the text has one. */
function quoted(text) {
  return text.includes("'") ? `"${text}"` : `'${text}'`;
}

const module = `/** Generated from bpf/coral.h and bpf/capture.h by bpf/gen-limits.mjs: what the kernel's programs and the agent agree on. */

${constants.join('\n')}

/** Why something was not recorded, in the order of KernelSession.losses(). */
export const LOSSES = [
${losses.join('\n')}
] as const;

export type LossReason = (typeof LOSSES)[number]['reason'];
`;

if (process.argv.includes('--print')) process.stdout.write(module);
else writeFileSync(fileURLToPath(new URL('../agent/kernel/limits.ts', import.meta.url)), module);
