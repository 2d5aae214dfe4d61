import test from 'ava';
import { startTarget } from '../kernel/test/targets.js';
import { loadBias, mappedFiles } from '../procfs/mapped-files.js';
import { openImage } from '../symbols/open-image.js';
import { buildGo } from './go-target.js';

for (const [kind, flags] of [
  ['a program', []],
  ['a position-independent one', ['-buildmode=pie']],
  ['a stripped one', ['-ldflags=-s -w']],
] as const) {
  test(`the types of ${kind} are named by the addresses that its interfaces hold`, async (t) => {
    const target = await startTarget(buildGo('values/values.go', flags, `-${kind.replaceAll(' ', '-')}`));
    t.teardown(() => target.kill());
    const [program] = mappedFiles(target.pid);
    const image = openImage(program!.openPath);
    const bias = loadBias(program!, image)!;
    for (const [name, address] of Object.entries(await target.exercise('types')))
      t.is(image.go?.typeAt(address - bias)?.name, name);
    t.is(image.go?.typeAt(image.functions.address(0)), null);
  });
}
