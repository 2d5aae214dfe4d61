/** The programs that count for themselves, and the ways they are built. */

/** One build: its name is its file's name in build/targets. */
export interface Build {
  name: string;
  /** Under test/targets, or an absolute path. A Go folder is given to the compiler as its working directory. */
  source: string;
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Another release than this machine's: `1.22.12`. */
  release?: string;
  /** Where the symbols go afterwards: `separate-symbols.sh`. */
  symbols?: SymbolsTo;
  /** Built first, beside it. */
  library?: Build;
}

/** A file beside the program, a compressed section in it (MiniDebugInfo), or nowhere. */
export type SymbolsTo = 'debuglink' | 'debugdata' | 'nowhere';

const GO_MODES = {
  default: { args: [] },
  stripped: { args: ['-trimpath', '-ldflags=-s -w'] },
  pie: { args: ['-buildmode=pie'] },
  external: { args: ['-ldflags=-linkmode=external'], env: { CGO_ENABLED: '1' } },
  cgo: { args: ['-tags=ccalls'], env: { CGO_ENABLED: '1' } },
  static: { args: ['-tags=ccalls', '-ldflags=-linkmode=external -extldflags=-static'], env: { CGO_ENABLED: '1' } },
  race: { args: ['-race'], env: { CGO_ENABLED: '1' } },
  noopt: { args: ['-gcflags=all=-N -l'] },
  v3: { args: [], env: { GOAMD64: 'v3' } },
} satisfies Record<string, { args: string[]; env?: Record<string, string> }>;

/** How the Go target can be built as a program. */
export type GoMode = keyof typeof GO_MODES;

/** The Go target in one mode, by this machine's Go or by another release (`1.22.12`), fetched as a module. */
export function goBuild(mode: GoMode = 'default', release?: string): Build {
  const { args, env = {} } = GO_MODES[mode] as { args: string[]; env?: Record<string, string> };
  const name = ['steady-go', mode, release].filter(Boolean).join('-');
  return {
    name,
    source: 'go/steady',
    command: 'go',
    args: ['build', ...args, '-o'],
    env,
    ...(release === undefined ? {} : { release }),
  };
}

/** The Go target as a library, in a C program that does nothing but load it. */
export function goLibraryBuild(release?: string): Build {
  const library: Build = {
    name: release === undefined ? 'libsteady-go.so' : `libsteady-go-${release}.so`,
    source: 'go/steady',
    command: 'go',
    args: ['build', '-tags=shared,ccalls', '-buildmode=c-shared', '-o'],
    env: { CGO_ENABLED: '1' },
    ...(release === undefined ? {} : { release }),
  };
  return hostOf(library, ['steady-go-shared', release].filter(Boolean).join('-'));
}

const GNU_MODES = {
  O0: ['-O0', '-g'],
  O2: ['-O2'],
  O2g: ['-O2', '-g'],
  O3: ['-O3'],
  O3static: ['-O3', '-static'],
  O2staticpie: ['-O2', '-static-pie', '-fPIE'],
  O2nopie: ['-O2', '-fno-pie', '-no-pie'],
  O2noframe: ['-O2', '-fomit-frame-pointer', '-fcf-protection=none'],
  O2lto: ['-O2', '-flto'],
} satisfies Record<string, string[]>;

/** How the C and C++ targets can be built. */
export type GnuMode = keyof typeof GNU_MODES;

/** The C target. */
export function cBuild(mode: GnuMode = 'O2', symbols?: SymbolsTo): Build {
  const args = [...GNU_MODES[mode], '-pthread', 'steady.c', '-o'];
  return { ...named(`steady-c-${mode}`, symbols), source: 'c/steady.c', command: 'gcc', args };
}

/** The C target as a library, in a program that does nothing but load it. */
export function cLibraryBuild(): Build {
  const args = ['-O2', '-shared', '-fPIC', '-Dmain=SteadyServe', '-pthread', 'steady.c', '-o'];
  return hostOf({ name: 'libsteady-c.so', source: 'c/steady.c', command: 'gcc', args }, 'steady-c-shared');
}

function hostOf(library: Build, name: string): Build {
  const args = ['-O2', `-DLIBRARY="${library.name}"`, '-pthread', 'host.c', '-o'];
  return { name, source: 'c/host.c', command: 'gcc', args, library };
}

/** The C++ target. */
export function cppBuild(mode: GnuMode = 'O2', symbols?: SymbolsTo): Build {
  const args = ['-std=c++17', ...GNU_MODES[mode], '-pthread', 'steady.cc', '-o'];
  return { ...named(`steady-cpp-${mode}`, symbols), source: 'cpp/steady.cc', command: 'g++', args };
}

const RUST_MODES = {
  debug: ['-g'],
  release: ['-O'],
  v0: ['-O', '-C', 'symbol-mangling-version=v0'],
  O3lto: ['-C', 'opt-level=3', '-C', 'lto=fat', '-C', 'codegen-units=1'],
  static: ['-O', '-C', 'target-feature=+crt-static'],
} satisfies Record<string, string[]>;

/** How the Rust target can be built. */
export type RustMode = keyof typeof RUST_MODES;

/** The Rust target. */
export function rustBuild(mode: RustMode = 'release', symbols?: SymbolsTo): Build {
  const args = [...RUST_MODES[mode], 'steady.rs', '-o'];
  return { ...named(`steady-rust-${mode}`, symbols), source: 'rust/steady.rs', command: 'rustc', args };
}

const named = (name: string, symbols: SymbolsTo | undefined): Pick<Build, 'name' | 'symbols'> =>
  symbols === undefined ? { name } : { name: `${name}-${symbols}`, symbols };
