import test from 'ava';
import { readConfig } from './config.js';

const options = { version: '0', colony: 'here:1' };

test('kernel abilities are switched off by name', (t) => {
  t.deepEqual(readConfig({ ...options, environment: {} }).kernelWithout, []);
  t.deepEqual(readConfig({ ...options, environment: { CORAL_KERNEL_WITHOUT: 'uprobe_multi,session' } }).kernelWithout, [
    'uprobe_multi',
    'session',
  ]);
});

test('a name that the agent does not know is an error that says which there are', (t) => {
  t.throws(() => readConfig({ ...options, environment: { CORAL_KERNEL_WITHOUT: 'uprobes' } }), {
    code: 'USAGE',
    message: 'CORAL_KERNEL_WITHOUT names "uprobes", which the agent cannot do without',
  });
});
