/** One test file's own world: runtime and state directories, its targets, its private pair. Nothing outlives it. */

import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildTarget } from '../targets/build-targets.js';
import type { Build } from '../targets/builds.js';
import { startProgram, startTarget, type Target } from '../targets/target.js';
import { type Attachment, type Finished, finish, startAttach, startCoral } from './coral.js';
import { openScreen, type Screen, type ScreenOptions } from './terminal.js';
import { alive, until } from './until.js';

export type Environment = Readonly<Record<string, string>>;

export interface Stage {
  env: Environment;
  /** Its folder: `run` is CORAL_RUNTIME_DIR, `state` CORAL_STATE_DIR. */
  folder: string;
  coral(...args: string[]): Promise<Finished>;
  /** `coral debug attach … --format ndjson`; resolves at its `session` line. */
  attach(...args: string[]): Promise<Attachment>;
  target(build: Build): Promise<Target>;
  /** The same as a service of a name that no other program of the machine has. */
  service(build: Build, name: string): Promise<Target>;
  /** Any program that speaks the targets' protocol. */
  program(path: string): Promise<Target>;
  /** `coral ARGS` on a terminal of its own, in the stage's folder. */
  screen(args: string[], options?: ScreenOptions): Screen;
  /** Pid of the private agent or colony; null when there is none. */
  daemon(name: 'agent' | 'colony'): Promise<number | null>;
  close(): Promise<void>;
}

/** Opens a stage; close it in `test.after.always`. */
export async function openStage(extra: Environment = {}): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'coral-story-'));
  const env = { CORAL_RUNTIME_DIR: join(folder, 'run'), CORAL_STATE_DIR: join(folder, 'state'), NO_COLOR: '1', ...extra };
  const started: { kill(): void }[] = [];
  const keep = <Kept extends { kill(): void }>(program: Kept) => {
    started.push(program);
    return program;
  };
  const daemon = (name: 'agent' | 'colony') => livePid(join(folder, 'run', `${name}.pid`));
  return {
    env,
    folder,
    coral: (...args) => finish(startCoral(args, env)),
    attach: (...args) => startAttach(args, env),
    target: async (build) => keep(await startTarget(build)),
    service: async (build, name) => {
      const copy = join(folder, name);
      await copyFile(await buildTarget(build), copy);
      return keep(await startProgram(copy));
    },
    program: async (path) => keep(await startProgram(path)),
    screen: (args, options = {}) => keep(openScreen(args, folder, { ...options, env: { ...env, ...options.env } })),
    daemon,
    async close() {
      for (const pid of [await daemon('agent'), await daemon('colony')]) if (pid !== null) await endProcess(pid);
      for (const program of started) program.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function livePid(file: string): Promise<number | null> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const pid = Number(text.trim());
  return pid > 0 && alive(pid) ? pid : null;
}

async function endProcess(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await until(`process ${pid} is gone`, () => !alive(pid));
}
