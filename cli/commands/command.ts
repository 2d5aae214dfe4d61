/** What a command is: facts that help, parsing and completion are made of, and the function that does the job. */

import type { Surroundings } from '../surroundings.js';

/** One `--name`. A `number` is whole, from `least` (0) up; a `duration` is written as in Go and arrives as nanoseconds. */
export interface OptionFacts {
  readonly type: 'string' | 'number' | 'boolean' | 'duration';
  readonly describe: string;
  /** May be given several times; arrives as an array. */
  readonly many?: true;
  readonly choices?: readonly string[];
  readonly least?: number;
}

/** A word without dashes, by its place. */
export interface PositionalFacts {
  readonly name: string;
  readonly describe: string;
  readonly required: boolean;
}

/** The facts of a command, without its code. */
export interface CommandFacts {
  /** The words that name it: `services`, `debug attach`. */
  readonly path: string;
  readonly summary: string;
  readonly positionals: readonly PositionalFacts[];
  readonly options: Readonly<Record<string, OptionFacts>>;
  /** Command line and what it does. */
  readonly examples: readonly (readonly [string, string])[];
}

type Scalar<F extends OptionFacts> = F['choices'] extends readonly (infer C)[]
  ? C
  : F['type'] extends 'boolean'
    ? boolean
    : F['type'] extends 'string'
      ? string
      : number;

type ValueOf<F extends OptionFacts> = F['many'] extends true
  ? Scalar<F>[]
  : F['type'] extends 'boolean'
    ? boolean
    : Scalar<F> | undefined;

/** Arguments as a command gets them: flags are booleans, repeated options arrays, all else may be absent. */
export type Arguments<O extends Record<string, OptionFacts> = Record<string, OptionFacts>> = {
  readonly words: Readonly<Record<string, string>>;
  readonly options: { readonly [K in keyof O]: ValueOf<O[K]> };
};

/** Arguments of any command, before their types are known. */
export interface ParsedArguments {
  readonly words: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, unknown>>;
}

/** A command: facts and `run`, which gives the exit status. */
export interface Command extends CommandFacts {
  run(args: ParsedArguments, surroundings: Surroundings): Promise<number>;
}

/** Ties a command's `run` to the types that its option facts say. */
export function defineCommand<const O extends Record<string, OptionFacts>>(
  command: Omit<CommandFacts, 'options'> & {
    readonly options: O;
    run(args: Arguments<O>, surroundings: Surroundings): Promise<number>;
  },
): Command {
  return command as unknown as Command;
}
