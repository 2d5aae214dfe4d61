/** Types of fake functions. */

import type { FunctionTypes } from '../dwarf/types.js';

/** func(id int) */
export const INT_TYPES: FunctionTypes = {
  name: 'main.byId',
  parameters: [{ name: 'id', type: 0, result: false, artificial: false }],
  returns: -1,
  types: [{ kind: 'int', name: 'int', size: 8, goKind: 2 }],
};
