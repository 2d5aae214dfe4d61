import { homedir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { stateDirectory } from './state-directory.js';

test('the state directory is the named one, else under XDG_STATE_HOME, else under the home directory', (t) => {
  t.is(stateDirectory({ CORAL_STATE_DIR: '/var/x', XDG_STATE_HOME: '/y', HOME: '/h' }), '/var/x');
  t.is(stateDirectory({ CORAL_STATE_DIR: '', XDG_STATE_HOME: '/y', HOME: '/h' }), '/y/coral');
  t.is(stateDirectory({ XDG_STATE_HOME: '', HOME: '/h' }), '/h/.local/state/coral');
  t.is(stateDirectory({}), join(homedir(), '.local/state/coral'));
  t.is(stateDirectory({ CORAL_STATE_DIR: 'r/s' }), `${process.cwd()}/r/s`);
});
