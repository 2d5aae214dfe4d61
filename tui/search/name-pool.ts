/** Names laid out for matching: lower-case bytes one after another, with what each position is worth and which letters occur. */

/** What a match at the start of a word, or at a camel-case hump, is worth more than elsewhere. */
const WORD_START_BONUS = 8;
const HUMP_BONUS = 7;
/** Names of the program's own `main` package, of other modules, and of the language's library: what is more often looked for. */
const PRIOR_MAIN = 6;
const PRIOR_MODULE = 3;
/** A letter a name does not contain at all is the cheapest refusal; these bits say which it contains. */
const DIGIT_BIT = 26;
const OTHER_BIT = 27;

export interface NamePool {
  readonly names: readonly string[];
  readonly low: Uint8Array;
  readonly bonus: Uint8Array;
  /** Name i is low[start[i]] to low[start[i + 1]]. */
  readonly start: Uint32Array;
  /** Where the part after the last slash begins. */
  readonly tail: Uint32Array;
  readonly mask: Uint32Array;
  /** The same of the letters that begin a word or a hump. */
  readonly starts: Uint32Array;
  readonly prior: Uint8Array;
  /** Ids as they are listed without a filter: own code first, in the order given. */
  readonly listing: Uint32Array;
}

/** Builds the pool; 100,000 names take about 100 ms. */
export function buildNamePool(names: readonly string[]): NamePool {
  const total = names.reduce((sum, name) => sum + name.length, 0);
  const pool = {
    names,
    low: new Uint8Array(total),
    bonus: new Uint8Array(total),
    start: new Uint32Array(names.length + 1),
    tail: new Uint32Array(names.length),
    mask: new Uint32Array(names.length),
    starts: new Uint32Array(names.length),
    prior: new Uint8Array(names.length),
    listing: new Uint32Array(names.length),
  };
  let at = 0;
  names.forEach((name, id) => {
    at = layOut(pool, id, name, at);
  });
  listByPrior(pool);
  return pool;
}

function layOut(pool: NamePool, id: number, name: string, from: number): number {
  let mask = 0;
  let starts = 0;
  let previous = 47;
  pool.start[id] = from;
  pool.tail[id] = from;
  for (let i = 0; i < name.length; i++) {
    const code = Math.min(name.charCodeAt(i), 127);
    const low = code >= 65 && code <= 90 ? code + 32 : code;
    pool.low[from + i] = low;
    const bonus = bonusOf(previous, code);
    pool.bonus[from + i] = bonus;
    mask |= letterBit(low);
    if (bonus > 0) starts |= letterBit(low);
    if (code === 47) pool.tail[id] = from + i + 1;
    previous = code;
  }
  pool.mask[id] = mask;
  pool.starts[id] = starts;
  pool.prior[id] = priorOf(name);
  pool.start[id + 1] = from + name.length;
  return from + name.length;
}

function bonusOf(previous: number, code: number): number {
  if (!isLetterOrDigit(code)) return 0;
  if (!isLetterOrDigit(previous)) return WORD_START_BONUS;
  const hump = code >= 65 && code <= 90 && !(previous >= 65 && previous <= 90);
  return hump ? HUMP_BONUS : 0;
}

const isLetterOrDigit = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);

/** The bit of a lower-case byte in a name's mask. */
export function letterBit(low: number): number {
  if (low >= 97 && low <= 122) return 1 << (low - 97);
  return low >= 48 && low <= 57 ? 1 << DIGIT_BIT : 1 << OTHER_BIT;
}

/** Own code is looked for more often than a module's, a module's more often than the runtime's; generated bodies least. */
function priorOf(name: string): number {
  if (/\.func\d|go\.shape|^type:|^go:|\.cold$/.test(name)) return 0;
  if (name.startsWith('main.')) return PRIOR_MAIN;
  return /^[\w-]+\.[\w.-]+\//.test(name) ? PRIOR_MODULE : 1;
}

function listByPrior(pool: NamePool): void {
  let at = 0;
  for (const prior of [PRIOR_MAIN, PRIOR_MODULE, 1, 0]) {
    for (let id = 0; id < pool.names.length; id++) if (pool.prior[id] === prior) pool.listing[at++] = id;
  }
}
