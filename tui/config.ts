/** What the environment says about the terminal and the person. The room's only reader of it. */

import { join } from 'node:path';
import { stateDirectory } from '../proto/state-directory.js';
import type { GlyphSetName } from './cells/glyphs.js';
import type { ColourDepth } from './cells/theme.js';
import type { Multiplexer } from './clipboard.js';

export interface TopConfig {
  readonly colours: ColourDepth;
  readonly glyphs: GlyphSetName;
  /** False where the cursor cannot be moved. */
  readonly canShow: boolean;
  /** One that blessed carries a description of. */
  readonly terminalName: string;
  readonly mouse: boolean;
  readonly editor: string;
  readonly multiplexer?: Multiplexer;
  /** Where sort orders and the last service are kept. */
  readonly memoryPath: string;
}

/** Colours from NO_COLOR, CORAL_COLORS and TERM; glyphs from CORAL_GLYPHS and the locale. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): TopConfig {
  const plain = /^(linux|vt\d+|dumb)/.test(env.TERM ?? '');
  return {
    canShow: env.TERM !== 'dumb',
    colours: coloursOf(env, plain),
    glyphs: glyphsOf(env, plain),
    terminalName: plain && env.TERM?.startsWith('linux') ? 'linux' : 'xterm-256color',
    mouse: env.CORAL_MOUSE !== '0',
    editor: env.VISUAL || env.EDITOR || 'vi',
    ...multiplexerOf(env),
    memoryPath: join(stateDirectory(env), 'top.json'),
  };
}

function multiplexerOf(env: NodeJS.ProcessEnv): { multiplexer?: Multiplexer } {
  if (env.TMUX) return { multiplexer: 'tmux' };
  return env.TERM?.startsWith('screen') ? { multiplexer: 'screen' } : {};
}

function coloursOf(env: NodeJS.ProcessEnv, plain: boolean): ColourDepth {
  if (env.NO_COLOR || env.CORAL_COLORS === 'mono') return 'mono';
  if (env.CORAL_COLORS === '16') return 16;
  return plain && env.CORAL_COLORS !== '256' ? 16 : 256;
}

function glyphsOf(env: NodeJS.ProcessEnv, plain: boolean): GlyphSetName {
  const chosen = env.CORAL_GLYPHS;
  if (chosen === 'braille' || chosen === 'block' || chosen === 'ascii') return chosen;
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return plain || !/utf-?8/i.test(locale) ? 'ascii' : 'braille';
}
