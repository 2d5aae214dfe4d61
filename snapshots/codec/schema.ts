import { snapshotShape } from './snapshot-shape.js';

/** The JSON Schema (2020-12) of coral.snapshot/1; snapshot.schema.json is this, printed. */
export function snapshotSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'coral.snapshot/1',
    title: 'Results of a Coral debug session',
    ...snapshotShape.schema,
  };
}
