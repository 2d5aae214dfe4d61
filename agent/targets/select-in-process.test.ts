import test from 'ava';
import { libraryNamed } from './select-in-process.js';

const FILES = ['/usr/bin/server', '/lib/libstdc++.so.6.0.30', '/lib/libc.so.6', '/opt/a/libx.so.1.1', '/opt/b/libx.so.1.2'].map(
  (shownPath) => ({ shownPath }),
);

test('a library goes by its file name, its path, or the name that its version extends', (t) => {
  t.is(libraryNamed('libc.so.6', FILES)?.shownPath, '/lib/libc.so.6');
  t.is(libraryNamed('/lib/libc.so.6', FILES)?.shownPath, '/lib/libc.so.6');
  t.is(libraryNamed('libstdc++.so.6', FILES)?.shownPath, '/lib/libstdc++.so.6.0.30');
});

test('a name that two versions extend, or that is no library, is none', (t) => {
  t.is(libraryNamed('libx.so.1', FILES), undefined);
  t.is(libraryNamed('server', FILES)?.shownPath, '/usr/bin/server');
  t.is(libraryNamed('lib', FILES), undefined);
});
