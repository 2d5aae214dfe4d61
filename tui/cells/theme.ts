/** What each role of text looks like. Background and text keep the terminal's own colours, so light terminals stay legible. */

import { type Attr, attrOf, type Look } from './attr.js';

/** 256 and 16: palette size. mono: bold, underline and inverse only. */
export type ColourDepth = 256 | 16 | 'mono';

/** Roles, not colours: `accent` is the selection and what is ours, `warm` what needs attention. */
export type Role =
  | 'plain'
  | 'dim'
  | 'strong'
  | 'title'
  | 'accent'
  | 'selected'
  | 'tab'
  | 'warm'
  | 'good'
  | 'match'
  | 'cursor'
  | 'key'
  | 'bar';

export interface Theme {
  readonly roles: Readonly<Record<Role, Attr>>;
  /** Ramp of a heatmap, from few to many. */
  readonly heat: readonly Attr[];
  /** Lines of a chart: P50, P95, P99. */
  readonly lines: readonly Attr[];
}

/** The theme of a colour depth. */
export function themeFor(depth: ColourDepth): Theme {
  if (depth === 256) return THEME_256;
  return depth === 16 ? THEME_16 : THEME_MONO;
}

const theme = (roles: Record<Role, Look>, heat: Look[], lines: Look[]): Theme => ({
  roles: Object.fromEntries(Object.entries(roles).map(([role, look]) => [role, attrOf(look)])) as Record<Role, Attr>,
  heat: heat.map(attrOf),
  lines: lines.map(attrOf),
});

const THEME_256 = theme(
  {
    plain: {},
    dim: { fg: 244 },
    strong: { bold: true },
    title: { fg: 244 },
    accent: { fg: 38 },
    selected: { fg: 38, bold: true },
    tab: { fg: 38, bold: true, inverse: true },
    warm: { fg: 208, bold: true },
    good: { fg: 71 },
    match: { fg: 38, bold: true, underline: true },
    cursor: { inverse: true },
    key: { bold: true },
    bar: { fg: 38 },
  },
  [23, 24, 30, 31, 37, 38, 44, 80, 179, 214, 208].map((fg) => ({ fg })),
  [{ fg: 38 }, { fg: 179 }, { fg: 208 }],
);

const THEME_16 = theme(
  {
    plain: {},
    dim: { fg: 8 },
    strong: { bold: true },
    title: { fg: 8 },
    accent: { fg: 6 },
    selected: { fg: 6, bold: true },
    tab: { fg: 6, bold: true, inverse: true },
    warm: { fg: 3, bold: true },
    good: { fg: 2 },
    match: { fg: 6, bold: true, underline: true },
    cursor: { inverse: true },
    key: { bold: true },
    bar: { fg: 6 },
  },
  [4, 4, 6, 6, 14, 3, 11].map((fg) => ({ fg })),
  [{ fg: 6 }, { fg: 3 }, { fg: 1 }],
);

const THEME_MONO = theme(
  {
    plain: {},
    dim: {},
    strong: { bold: true },
    title: { underline: true },
    accent: { bold: true },
    selected: { inverse: true },
    tab: { inverse: true, bold: true },
    warm: { bold: true },
    good: {},
    match: { underline: true, bold: true },
    cursor: { inverse: true },
    key: { bold: true },
    bar: {},
  },
  [{}, {}, { bold: true }],
  [{}, { bold: true }, { underline: true }],
);
