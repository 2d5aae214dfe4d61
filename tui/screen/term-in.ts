/** The terminal's input as keys: in front of everything that could take a split sequence for typing. */

import { StringDecoder } from 'node:string_decoder';
import type { Input } from '../keys/key.js';
import { inputsOf } from './key-names.js';
import { cutTokens } from './tokens.js';

/** How long a lone Esc may be the start of a sequence. */
const ESCAPE_WAIT_MS = 40;

/** What the terminal's input must be able to do. */
export interface TerminalInput extends NodeJS.ReadableStream {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
}

export class TermIn {
  private readonly decoder = new StringDecoder('utf8');
  private arrived = '';
  private timer: NodeJS.Timeout | undefined;
  private readonly onData = (chunk: Buffer | string): void =>
    this.feed(typeof chunk === 'string' ? chunk : this.decoder.write(chunk));

  constructor(
    private readonly source: TerminalInput,
    private readonly listen: (inputs: readonly Input[]) => void,
  ) {}

  /** Raw mode, and keys from now on. */
  open(): void {
    this.source.setRawMode?.(true);
    this.source.on('data', this.onData);
    this.source.resume();
  }

  close(): void {
    clearTimeout(this.timer);
    this.source.removeListener('data', this.onData);
    this.source.setRawMode?.(false);
    this.source.pause();
  }

  private feed(text: string): void {
    clearTimeout(this.timer);
    this.arrived += text;
    this.drain(false);
    if (this.arrived !== '') this.timer = setTimeout(() => this.drain(true), ESCAPE_WAIT_MS);
  }

  private drain(force: boolean): void {
    const { tokens, rest } = cutTokens(this.arrived, force);
    this.arrived = rest;
    const inputs = tokens.flatMap(inputsOf);
    if (inputs.length > 0) this.listen(inputs);
  }
}
