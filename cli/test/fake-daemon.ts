/** Stands for bin/coral in tests of the private pair: `colony run --private` and `agent run --private` listen and note their pid. */

import { appendFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

const directory = process.env.CORAL_RUNTIME_DIR ?? '';
const room = process.argv[2] ?? '';

appendFileSync(join(directory, 'starts'), `${room} ${process.pid}\n`);
if (process.env.FAKE_FAILURE === room) {
  console.error(`no ${room} today`);
  process.exit(7);
}
createServer().listen(join(directory, `${room}.sock`), () => {
  writeFileSync(join(directory, `${room}.pid`), `${process.pid}\n`);
});
