import test from 'ava';
import { CoralError } from '../../proto/errors.js';
import { findCommand, loadCommand, loadCommands } from '../commands/catalogue.js';
import { fullParse } from './full-parse.js';
import { quickParse } from './quick-parse.js';

const words = (line: string): string[] => line.split(' ');

for (const line of [
  'services',
  'services --format=json',
  'functions checkout --match Card --pid 7',
  'debug attach checkout --function a --function b --duration 90s --capture-args --budget unlimited',
  'debug attach --function a checkout --format ndjson --interval=200ms',
  'debug list',
  'debug detach checkout --all',
  'debug query checkout --since 1h',
  'export dbg-1 --as json',
]) {
  test(`both parsers read the same from: coral ${line}`, async (t) => {
    const argv = words(line);
    const found = findCommand(argv);
    const quick = quickParse(await loadCommand(found?.path ?? ''), found?.rest ?? []);
    const full = await fullParse(await loadCommands(), argv, '1.2.3');
    if (full.kind !== 'command') return t.fail();
    t.is(full.command, await loadCommand(found?.path ?? ''));
    t.truthy(quick);
    t.deepEqual(full.args, quick);
  });
}

for (const [line, message, hint] of [
  ['', 'no command given', 'see: coral --help'],
  ['debug', 'no command given', 'see: coral debug --help'],
  ['servics', 'unknown command "servics"', 'did you mean services? see: coral --help'],
  ['debg attach x', 'unknown command "debg"', 'did you mean debug attach or demo? see: coral --help'],
  ['debg', 'unknown command "debg"', 'did you mean debug or demo? see: coral --help'],
  ['debug atach x', 'unknown command "debug atach"', 'did you mean debug attach or debug detach? see: coral --help'],
  ['services --wat', 'services: there is no option --wat', 'see: coral services --help'],
  ['services --frmat json', 'services: there is no option --frmat', 'did you mean --format? see: coral services --help'],
  [
    'debug attach x --cap --function y',
    'debug attach: there is no option --cap',
    'did you mean --capture-args or --capture-return? see: coral debug attach --help',
  ],
  [
    'debug list --limit 1.5',
    'debug list: --limit is a whole number from 1 to 4294967295, got "1.5"',
    'see: coral debug list --help',
  ],
  [
    'debug query x --limit 0',
    'debug query: --limit is a whole number from 1 to 4294967295, got "0"',
    'see: coral debug query --help',
  ],
  [
    'debug attach x --count-only=maybe',
    'debug attach: --count-only takes no value, got "maybe"',
    'see: coral debug attach --help',
  ],
  ['debug attach x --function', 'debug attach: not enough arguments following: function', 'see: coral debug attach --help'],
] as const) {
  test(`a wrong line is told: coral ${line}`, async (t) => {
    const argv = line === '' ? [] : words(line);
    const error = await t.throwsAsync<CoralError>(async () => fullParse(await loadCommands(), argv, '1.2.3'), {
      instanceOf: CoralError,
    });
    t.like(error, { code: 'USAGE', message, hint, exitCode: 2 });
  });
}

for (const [line, message, hint] of [
  ['ask why', 'coral ask was asked for; this version does not answer questions', /coral debug attach SERVICE/],
  ['auth --help', 'coral auth was asked for; this version has no certificates and no roles', /unix socket/],
  ['mcp', 'coral mcp was asked for; this version is no Model Context Protocol server', /--format json/],
] as const) {
  test(`a command that is not built is refused, with what to do meanwhile: coral ${line}`, async (t) => {
    const error = await t.throwsAsync<CoralError>(async () => fullParse(await loadCommands(), words(line), '1.2.3'));
    t.like(error, { code: 'NOT_IMPLEMENTED', message, exitCode: 4 });
    t.regex(error!.hint, hint);
  });
}

test('examples of a help are commands that this version has', async (t) => {
  for (const { path, examples } of await loadCommands()) {
    for (const [line] of examples) {
      const found = findCommand(words(line.slice(line.indexOf('coral ') + 'coral '.length)));
      t.true(found !== undefined && found.path !== 'debug trace', `${path}: ${line}`);
    }
  }
});

test('every command has a help with its summary and an example', async (t) => {
  const commands = await loadCommands();
  for (const { path, summary, examples } of commands) {
    const help = await fullParse(commands, [...words(path), '--help'], '1.2.3');
    if (help.kind !== 'text') return t.fail(path);
    t.true(help.text.includes(summary), path);
    t.true(help.text.includes(examples[0]?.[0] ?? 'no example'), path);
  }
});

for (const group of ['debug', 'agent', 'colony']) {
  test(`the help of ${group} shows an example of each of its commands`, async (t) => {
    const commands = await loadCommands();
    const help = await fullParse(commands, [group, '--help'], '1.2.3');
    const below = commands.filter(({ path }) => path.startsWith(`${group} `));
    for (const { examples } of below) t.true(help.kind === 'text' && help.text.includes(examples[0]?.[0] ?? 'no example'));
  });
}

test('the version is the package version', async (t) => {
  t.deepEqual(await fullParse(await loadCommands(), ['--version'], '1.2.3'), { kind: 'text', text: '1.2.3\n' });
});
