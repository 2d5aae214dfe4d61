/** Everything outside a command: environment, the two output streams, the ways it is interrupted. Tests give fakes. */

import type { CliConfig } from './config.js';

/** Where data goes. Nothing but data is written here. */
export interface Output {
  readonly isTerminal: boolean;
  readonly colour: boolean;
  readonly columns: number;
  readonly rows: number;
  /** Writes text. Control characters in it, which only names from outside bring in, are shown as JSON writes them. */
  write(text: string): void;
  /** Takes back the last lines; on a terminal only. */
  takeBack(lines: number): void;
}

export interface Surroundings {
  readonly config: CliConfig;
  /** Version of this build; a private pair of another one is replaced. */
  readonly version: string;
  /** Path of bin/coral, to start the private pair with. */
  readonly executable: string;
  readonly out: Output;
  /** One line for the person at the terminal: progress, warnings. */
  say(line: string): void;
  /** Aborted by the first SIGINT or SIGTERM, or when nobody reads stdout any more. */
  readonly interruption: AbortSignal;
}
