/** Prints the schema: node build/snapshots/codec/print-schema.js > snapshots/snapshot.schema.json */

import { snapshotSchema } from './schema.js';

process.stdout.write(`${JSON.stringify(snapshotSchema(), null, 2)}\n`);
