import test from 'ava';
import { readConfig } from './config.js';

const config = (env: NodeJS.ProcessEnv) => readConfig({ LANG: 'en_US.UTF-8', TERM: 'xterm-256color', ...env });

test('256 colours and braille where nothing speaks against them', (t) => {
  t.like(config({}), { colours: 256, glyphs: 'braille', terminalName: 'xterm-256color', mouse: true, canShow: true });
  for (const TERM of ['tmux-256color', 'alacritty', 'xterm-kitty', 'foot']) t.is(config({ TERM }).terminalName, 'xterm-256color');
});

test('NO_COLOR, the linux console and a locale without UTF-8 get less', (t) => {
  t.is(config({ NO_COLOR: '1' }).colours, 'mono');
  t.like(config({ TERM: 'linux' }), { colours: 16, glyphs: 'ascii', terminalName: 'linux' });
  t.is(config({ LANG: 'C' }).glyphs, 'ascii');
  t.is(config({ LANG: 'C', LC_ALL: 'C.UTF-8' }).glyphs, 'braille');
  t.false(config({ TERM: 'dumb' }).canShow);
});

test('what is set for coral itself wins', (t) => {
  t.like(config({ CORAL_COLORS: '16', CORAL_GLYPHS: 'block', CORAL_MOUSE: '0' }), { colours: 16, glyphs: 'block', mouse: false });
  t.is(config({ CORAL_STATE_DIR: '/var/x', XDG_STATE_HOME: '/y' }).memoryPath, '/var/x/top.json');
  t.is(config({ XDG_STATE_HOME: '/y' }).memoryPath, '/y/coral/top.json');
});
