/** The programs that count for themselves, and the ways they are built. */

/** One build: its name is its file's name in build/targets. */
export interface Build {
  name: string;
  /** Under test/targets, or an absolute path. A Go folder is given to the compiler as its working directory. */
  source: string;
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
}

const GO_MODES = {
  default: { args: [] },
  stripped: { args: ['-trimpath', '-ldflags=-s -w'] },
  pie: { args: ['-buildmode=pie'] },
  external: { args: ['-ldflags=-linkmode=external'], env: { CGO_ENABLED: '1' } },
  race: { args: ['-race'], env: { CGO_ENABLED: '1' } },
  noopt: { args: ['-gcflags=all=-N -l'] },
  v3: { args: [], env: { GOAMD64: 'v3' } },
} satisfies Record<string, { args: string[]; env?: Record<string, string> }>;

/** How the Go target can be built. */
export type GoMode = keyof typeof GO_MODES;

/** The Go target in one mode, by this machine's Go or by another release (`1.22.12`), fetched as a module. */
export function goBuild(mode: GoMode = 'default', release?: string): Build {
  const { args, env = {} } = GO_MODES[mode] as { args: string[]; env?: Record<string, string> };
  const toolchain: Record<string, string> = release === undefined ? {} : { GOTOOLCHAIN: `go${release}` };
  const name = ['steady-go', mode, release].filter(Boolean).join('-');
  return { name, source: 'go/steady', command: 'go', args: ['build', ...args, '-o'], env: { ...env, ...toolchain } };
}

const GNU_MODES = {
  O0: ['-O0', '-g'],
  O2: ['-O2'],
  O3static: ['-O3', '-static'],
  O2nopie: ['-O2', '-fno-pie', '-no-pie'],
  O2noframe: ['-O2', '-fomit-frame-pointer', '-fcf-protection=none'],
} satisfies Record<string, string[]>;

/** How the C and C++ targets can be built. */
export type GnuMode = keyof typeof GNU_MODES;

/** The C target. */
export function cBuild(mode: GnuMode = 'O2'): Build {
  return {
    name: `steady-c-${mode}`,
    source: 'c/steady.c',
    command: 'gcc',
    args: [...GNU_MODES[mode], '-pthread', 'steady.c', '-o'],
  };
}

/** The C++ target. */
export function cppBuild(mode: GnuMode = 'O2'): Build {
  const args = ['-std=c++17', ...GNU_MODES[mode], '-pthread', 'steady.cc', '-o'];
  return { name: `steady-cpp-${mode}`, source: 'cpp/steady.cc', command: 'g++', args };
}

const RUST_MODES = { debug: ['-g'], release: ['-O'], v0: ['-O', '-C', 'symbol-mangling-version=v0'] } satisfies Record<
  string,
  string[]
>;

/** How the Rust target can be built. */
export type RustMode = keyof typeof RUST_MODES;

/** The Rust target. */
export function rustBuild(mode: RustMode = 'release'): Build {
  return {
    name: `steady-rust-${mode}`,
    source: 'rust/steady.rs',
    command: 'rustc',
    args: [...RUST_MODES[mode], 'steady.rs', '-o'],
  };
}
