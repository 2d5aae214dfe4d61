/** Options that several commands share, so that they read and mean the same everywhere. */

export const COLONY = {
  colony: { type: 'string', describe: 'use the colony at HOST:PORT or unix:PATH (else CORAL_COLONY, else a private one)' },
} as const;

export const FORMAT = {
  format: { type: 'string', describe: 'table for people, json for programs', choices: ['table', 'json'] },
} as const;

export const STREAM_FORMAT = {
  format: {
    type: 'string',
    describe: 'table for people; json: one document; ndjson: a stream',
    choices: ['table', 'json', 'ndjson'],
  },
} as const;

export const SERVICE = {
  name: 'service',
  describe: "a registered service, an executable's base name, or pid:N",
  required: true,
} as const;

export const PID = { pid: { type: 'number', least: 1, describe: 'only this process of the service' } } as const;
