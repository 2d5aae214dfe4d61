import { CoralError } from '../../proto/errors.js';
import { nsToTimestamp } from '../../snapshots/times/times.js';
import { withColony } from '../colony/connect.js';
import { historyTable, snapshotsOf } from '../format/history.js';
import { formatSpan } from '../format/units.js';
import { defineCommand } from './command.js';
import { COLONY, SERVICE, STREAM_FORMAT } from './options.js';

const DEFAULT_SINCE_NS = 24 * 3600e9;

/** `coral debug query`. */
export default defineCommand({
  path: 'debug query',
  summary: 'What past sessions measured of a function',
  positionals: [SERVICE],
  options: {
    function: { type: 'string', describe: 'full name, unique suffix or glob (default: all)' },
    since: { type: 'duration', describe: 'how far back (default 24h)' },
    limit: { type: 'number', least: 1, describe: 'sessions at most (default 20)' },
    ...STREAM_FORMAT,
    ...COLONY,
  },
  examples: [
    ['coral debug query checkout --function validateCard --since 1h', 'a row for each past session'],
    ['coral debug query checkout --function validateCard --format json', "the newest session's document"],
    ['coral debug query checkout --format ndjson', 'every document, newest first'],
  ],
  async run({ words, options }, surroundings) {
    const service = words.service ?? '';
    const sinceNs = options.since ?? DEFAULT_SINCE_NS;
    const request = {
      serviceName: service,
      functionName: options.function ?? '',
      since: nsToTimestamp(BigInt(Date.now()) * 1_000_000n - BigInt(sinceNs)),
      limit: options.limit ?? 0,
    };
    const entries = await withColony(surroundings, options.colony, async (colony, { historyPath, historyError }) => {
      const answer = await colony.queryHistory(request);
      if (answer.entries.length === 0 && historyError !== '') throw unreadable(historyPath, historyError);
      return answer.entries;
    });
    if (entries.length === 0) throw noHistory(service, options.function, sinceNs);
    const documents = snapshotsOf(entries);
    if (options.format === 'ndjson') for (const { text } of documents) surroundings.out.write(`${text}\n`);
    else if (options.format === 'json') surroundings.out.write(`${documents[0]?.text}\n`);
    else surroundings.out.write(historyTable(documents, options.function));
    return 0;
  },
});

function noHistory(service: string, name: string | undefined, sinceNs: number): CoralError {
  const what = name === undefined ? service : `${name} of ${service}`;
  return new CoralError(
    'NO_HISTORY',
    `no session of the last ${formatSpan(sinceNs / 1e9)} measured ${what}`,
    'look further back with --since, or measure it now with coral debug attach',
    { service, function: name ?? null, since_ns: sinceNs },
  );
}

function unreadable(path: string, why: string): CoralError {
  return new CoralError(
    'STORE_FAILED',
    `the history ${path} cannot be read: ${why}`,
    'sessions run without it; `coral doctor` says more',
    {
      path,
    },
  );
}
