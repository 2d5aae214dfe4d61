import type { Colony } from '../../proto/client.js';
import { inTime } from '../../proto/in-time.js';
import { withColony } from '../colony/connect.js';
import { fetchIndex, type IndexTarget } from '../colony/fetch-index.js';
import { functionsJson, functionsTable, indexRows, indexTable } from '../format/functions.js';
import { plansTable } from '../format/plans.js';
import { compilePattern, matchTooLong } from '../parse/patterns.js';
import { defineCommand } from './command.js';
import { COLONY, FORMAT, PID, SERVICE } from './options.js';

/** `coral functions`. */
export default defineCommand({
  path: 'functions',
  summary: 'Functions of a service: where they are, whether and how they can be probed',
  positionals: [SERVICE],
  options: {
    match: { type: 'string', describe: 'only names that this regular expression finds' },
    function: { type: 'string', many: true, describe: 'full name, unique suffix, glob or library:name' },
    explain: { type: 'boolean', describe: 'each site with the proof that it is safe' },
    ...PID,
    ...FORMAT,
    ...COLONY,
  },
  examples: [
    ['coral functions checkout --match Card', 'names that contain Card'],
    ['coral functions checkout --function validateCard --explain', 'its sites and why each is safe'],
    ["coral functions pid:4711 --function 'libssl.so.3:SSL_*'", 'of a library that the process has mapped'],
    ["coral functions pid:4711 --match '^main\\.' --format json", 'for a script'],
  ],
  async run({ words, options }, surroundings) {
    const pattern = options.match === undefined ? undefined : compilePattern(options.match);
    const target = { serviceName: words.service ?? '', pid: options.pid ?? 0 };
    const text = await withColony(surroundings, options.colony, async (colony) => {
      if (options.format !== 'json' && options.function.length === 0 && !options.explain) {
        const { index } = await fetchIndex(colony, target);
        return indexTable(
          matching(pattern, () => indexRows(index, pattern)),
          index,
        );
      }
      const explained = await explain(colony, target, options.function, pattern);
      if (options.format === 'json') return functionsJson(explained, { proof: options.explain });
      return options.explain ? plansTable(explained.functions, { proof: true }) : functionsTable(explained.functions);
    });
    surroundings.out.write(text);
    return 0;
  },
});

/** Above this many names it is cheaper to have the whole program explained and to choose here. */
const MAX_NAMES_ASKED = 2000;

/** The named functions, or all, whose name the pattern finds; only their code is looked at where they are few. */
async function explain(colony: Colony, target: IndexTarget, named: readonly string[], pattern: RegExp | undefined) {
  const index = pattern && named.length === 0 ? await fetchIndex(colony, target) : undefined;
  const found = index && matching(pattern, () => indexRows(index.index, pattern));
  if (found?.length === 0) return { serviceName: target.serviceName, buildId: index?.buildId ?? '', functions: [] };
  const asked = found && found.length <= MAX_NAMES_ASKED ? found.map(({ name }) => name) : [...named];
  const explained = await colony.explainFunction({ ...target, functions: asked });
  return {
    ...explained,
    functions: matching(pattern, () => explained.functions.filter(({ name }) => pattern?.test(name) ?? true)),
  };
}

/** Names of the largest programs are matched in a tenth of this. */
const LONGEST_MATCHING_MS = 5000;

/** What is chosen by the pattern; throws USAGE where it takes too long, as expressions may that can fit in many ways. */
function matching<T>(pattern: RegExp | undefined, choose: () => T): T {
  if (pattern === undefined) return choose();
  const chosen = inTime(LONGEST_MATCHING_MS, choose);
  if (chosen === undefined) throw matchTooLong(pattern);
  return chosen.value;
}
