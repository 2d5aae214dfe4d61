// Runs the suites one after the other and adds them up; the last line is `N passed, N failed`.
// `--no-root`: only what needs neither root nor the kernel. Other arguments: compiled test files for ava.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endLeftovers } from './leftovers.mjs';
import { runSuite } from './run-suite.mjs';
import { suitesFor } from './suites.mjs';
import { closingLine, exitCode, newTally } from './tally.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

// Every process of this run inherits both: what a killed test leaves behind is found by them, ended by pid, and removed.
const folder = mkdtempSync(join(tmpdir(), 'coral-test-'));
// Database servers that the tests start run as users of their own, and must reach their folders below.
chmodSync(folder, 0o711);
process.env.TMPDIR = folder;
process.env.CORAL_TEST_RUN = folder;

const tally = newTally(process.env.CORAL_REQUIRE_BPF === '1');
for (const suite of suitesFor(process.argv.slice(2))) await runSuite(suite, tally);

for (const leftover of endLeftovers(folder)) console.log(`ended a leftover of the tests: ${leftover}`);
rmSync(folder, { recursive: true, force: true });
console.log(closingLine(tally));
process.exitCode = exitCode(tally);
