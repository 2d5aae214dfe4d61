/** The sortable columns of each view, left to right. */

import type { Column } from './column.js';
import { LIVE_COLUMNS } from './live-table.js';
import { SERVICE_COLUMNS } from './service-table.js';
import { HISTORY_COLUMNS, SESSION_COLUMNS } from './session-table.js';
import { TREE_COLUMNS } from './tree-table.js';

const sortable = <R>(columns: readonly Column<R>[]): readonly string[] =>
  columns.filter((column) => column.value !== undefined).map((column) => column.id);

export const COLUMN_IDS = {
  services: sortable(SERVICE_COLUMNS),
  functions: [] as readonly string[],
  live: sortable(LIVE_COLUMNS),
  detail: [] as readonly string[],
  tree: sortable(TREE_COLUMNS),
  history: sortable(HISTORY_COLUMNS),
  sessions: sortable(SESSION_COLUMNS),
} as const;
