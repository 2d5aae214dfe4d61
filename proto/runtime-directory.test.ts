import test from 'ava';
import { runtimeDirectory } from './runtime-directory.js';

test('the runtime directory is the one that was named, else the user’s, else one in /tmp', (t) => {
  t.is(runtimeDirectory({ CORAL_RUNTIME_DIR: '/r', XDG_RUNTIME_DIR: '/run/user/7' }, 7), '/r');
  t.is(runtimeDirectory({ CORAL_RUNTIME_DIR: '', XDG_RUNTIME_DIR: '/run/user/7' }, 7), '/run/user/7/coral');
  t.is(runtimeDirectory({}, 7), '/tmp/coral-7');
  t.is(runtimeDirectory({ CORAL_RUNTIME_DIR: 'r/s' }, 7), `${process.cwd()}/r/s`);
});
