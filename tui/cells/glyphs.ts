/** The characters that drawings are made of, in three sets. All are one cell wide everywhere; none is an emoji. */

export type GlyphSetName = 'braille' | 'block' | 'ascii';

export interface GlyphSet {
  readonly name: GlyphSetName;
  /** From nothing to full height. */
  readonly spark: readonly string[];
  /** Parts of a horizontal bar's last cell, from an eighth to a whole; fewer where the set has fewer. */
  readonly bar: readonly string[];
  /** From few to many, for heatmaps. */
  readonly shade: readonly string[];
  readonly rule: string;
  readonly marker: string;
  readonly tabLeft: string;
  readonly tabRight: string;
  readonly descending: string;
  readonly ascending: string;
  readonly none: string;
  readonly check: string;
  readonly branch: string;
  readonly lastBranch: string;
  readonly stem: string;
}

const BLOCK: GlyphSet = {
  name: 'block',
  spark: [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  bar: ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'],
  shade: ['░', '▒', '▓', '█'],
  rule: '─',
  marker: '▌',
  tabLeft: '▐',
  tabRight: '▌',
  descending: '▼',
  ascending: '▲',
  none: '·',
  check: '✓',
  branch: '├ ',
  lastBranch: '└ ',
  stem: '│ ',
};

const ASCII: GlyphSet = {
  name: 'ascii',
  spark: [' ', '_', '.', '-', '=', '+', '*', '#'],
  bar: ['-', '#'],
  shade: ['.', ':', '+', '#'],
  rule: '-',
  marker: '>',
  tabLeft: '[',
  tabRight: ']',
  descending: 'v',
  ascending: '^',
  none: '.',
  check: 'ok',
  branch: '|-',
  lastBranch: '`-',
  stem: '| ',
};

const SETS: Record<GlyphSetName, GlyphSet> = { braille: { ...BLOCK, name: 'braille' }, block: BLOCK, ascii: ASCII };

/** The set by name. */
export function glyphSet(name: GlyphSetName): GlyphSet {
  return SETS[name];
}
