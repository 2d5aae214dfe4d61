/** OSC 52: the terminal's own clipboard, also through ssh. */

/** Terminals drop longer ones. */
const LONGEST_PAYLOAD = 74_994;

/** What sits between us and the terminal. */
export type Multiplexer = 'tmux' | 'screen';

/** The sequence that copies text; in tmux and screen it is passed through. */
export function clipboardSequence(text: string, multiplexer?: Multiplexer): string {
  const payload = Buffer.from(text).toString('base64').slice(0, LONGEST_PAYLOAD);
  const sequence = `\x1b]52;c;${payload}\x07`;
  if (multiplexer === 'tmux') return `\x1bPtmux;${sequence.replaceAll('\x1b', '\x1b\x1b')}\x1b\\`;
  return multiplexer === 'screen' ? `\x1bP${sequence}\x1b\\` : sequence;
}
