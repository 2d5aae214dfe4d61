/** What the matrix holds: every build, what it is made to do, and the functions whose counts must come out. */

import {
  type Build,
  cBuild,
  cLibraryBuild,
  cppBuild,
  type GnuMode,
  type GoMode,
  goBuild,
  goLibraryBuild,
  type RustMode,
  rustBuild,
  type SymbolsTo,
} from '../targets/builds.js';

/** One row of the matrix: a build under one session. */
export interface Case {
  title: string;
  build: Build;
  /** Done one after the other while attached: work, turns. */
  works: [work: string, turns: number][];
  /** By the name that the program gives them. */
  functions: string[];
  /** Functions whose goroutine cannot be found: their calls are counted, and their ends are not seen. */
  counted?: string[];
  /** `libsteady.so:` where the functions live in a library. */
  prefix?: string;
  /** Functions that must be refused, with the code. */
  refused?: Record<string, string>;
  /** What is lost, by reason; nothing unless said. */
  losses?: string[];
  /** More of the command line. */
  options?: string[];
  /** Runs in every `npm test`; the others in `npm run test:matrix`. */
  inSlice: boolean;
}

const GO_FUNCTIONS = [
  ...['Plain', 'Recurse', 'Grow', 'Guard', 'MayPanic', 'Leave', 'Migrate', 'Checkout', 'Validate', 'Pay', 'Reserve'],
  ...['Frameless', 'NilBranch', 'Nosplit', 'Huge', 'Many', 'Generic[...]', '(*inner).Get', '(*outer).Get', 'adder.Add'],
  ...['adder.Add-fm', 'makeClosure.func1', 'Tail', 'Parked', 'Rescue', 'Fragile', 'Deep'],
].map((name) => `main.${name}`);
/** No registers are promised in them: the goroutine must be found in thread-local storage, which only Go's own layout gives. */
const ASSEMBLY = ['steady/lowlevel.Add', 'steady/lowlevel.AddFramed'];

const GO_WORKS: Case['works'] = [
  ['mixed', 3200],
  ['shapes', 200],
  ['rescue', 400],
];

/** Every release from 1.19 on, the newest patch that was out. */
export const RELEASES = ['1.19.13', '1.20.14', '1.21.13', '1.22.12', '1.23.12', '1.24.13', '1.25.5'];

const C_CALLS = ['main.doubleInC', 'main.Back', 'c_double', 'c_back'];

function goCase(mode: GoMode, inSlice: boolean, release?: string): Case {
  const isC = mode === 'cgo' || mode === 'static';
  return {
    title: `Go ${release ?? '(this machine’s)'}, ${mode}`,
    build: goBuild(mode, release),
    works: isC ? [...GO_WORKS, ['ccalls', 200]] : GO_WORKS,
    functions: [...GO_FUNCTIONS, ...(mode === 'static' ? [] : ASSEMBLY), ...(isC ? C_CALLS : [])],
    ...(mode === 'static' ? { counted: ASSEMBLY } : {}),
    ...(mode === 'noopt' ? {} : { refused: { 'main.isEven': 'INLINED_EVERYWHERE' } }),
    inSlice,
  };
}

function goLibraryCase(inSlice: boolean, release?: string): Case {
  const build = goLibraryBuild(release);
  return {
    title: `Go ${release ?? '(this machine’s)'}, c-shared in a C program`,
    build,
    works: [...GO_WORKS, ['ccalls', 200]],
    functions: [...GO_FUNCTIONS, ...C_CALLS],
    prefix: `${build.library?.name}:`,
    inSlice,
  };
}

const GO_MODES: GoMode[] = ['default', 'stripped', 'pie', 'external', 'cgo', 'static', 'race', 'noopt', 'v3'];

const goCases = (): Case[] => [
  ...GO_MODES.map((mode) => goCase(mode, ['default', 'stripped', 'pie', 'cgo'].includes(mode))),
  goLibraryCase(true),
  ...RELEASES.flatMap((release) => GO_MODES.map((mode) => goCase(mode, mode === 'stripped' && release === '1.19.13', release))),
  ...RELEASES.map((release) => goLibraryCase(false, release)),
];

const C_FUNCTIONS = 'plain choose recurse tail dispatch leaf outer jumper quitter scaled checked forker picked'.split(' ');
const C_WORKS: Case['works'] = [
  ['plain', 400],
  ['choose', 400],
  ['recurse', 200],
  ['tail', 400],
  ['dispatch', 400],
  ['longjmp', 300],
  ['exit', 60],
  ['clone', 200],
  ['cold', 400],
  ['picked', 400],
  ['fork', 8],
];

function cCase(mode: GnuMode, inSlice: boolean, symbols?: SymbolsTo): Case {
  return {
    title: `C ${mode}${symbols === undefined ? '' : `, symbols in ${symbols}`}`,
    build: cBuild(mode, symbols),
    works: C_WORKS,
    functions: C_FUNCTIONS,
    refused: { flags: 'UNPROBEABLE_INSTRUCTION', ...(mode === 'O2g' ? { halved: 'INLINED_EVERYWHERE' } : {}) },
    inSlice,
  };
}

const cCases = (): Case[] => [
  cCase('O0', true),
  ...(['O2', 'O2g', 'O3', 'O2staticpie', 'O2nopie', 'O2noframe', 'O2lto'] as const).map((mode) => cCase(mode, mode === 'O3')),
  { ...cCase('O3static', true), works: [...C_WORKS, ['libc', 300]], functions: [...C_FUNCTIONS, 'getppid'] },
  cCase('O2g', true, 'debuglink'),
  cCase('O2', true, 'debugdata'),
  {
    ...cCase('O2', true),
    title: 'C in a library',
    build: cLibraryBuild(),
    functions: C_FUNCTIONS.filter((name) => name !== 'dispatch' && name !== 'picked'),
    refused: { picked: 'IFUNC', flags: 'UNPROBEABLE_INSTRUCTION' }, // what it picked is kept by name, which another library may have
    counted: ['dispatch'], // which functions its table holds is known when the program is linked
    prefix: 'libsteady-c.so:',
  },
  {
    title: 'C library under its users',
    build: cBuild('O2'),
    works: [['libc', 500]],
    functions: ['getppid'],
    prefix: 'libc.so.6:',
    inSlice: true,
  },
  {
    ...cCase('O2', true),
    title: 'C O2, returns by uprobe.session',
    functions: C_FUNCTIONS.filter((name) => name !== 'recurse'),
    losses: ['stack_too_deep'],
    counted: ['recurse'], // deeper than the 64 return addresses that the kernel keeps a thread
    refused: {},
    options: ['--returns', 'session'],
  },
];

const CPP_WORKS: Case['works'] = ['throw', 'rescue', 'virtual', 'template', 'recurse'].map((work) => [work, 400]);
const CPP_FUNCTIONS = [
  'shop::attempt(int)',
  'shop::thrower(int, int)',
  'shop::Circle::area(int) const',
  'shop::Square::area(int) const',
  'int shop::twice<int>(int)',
  'double shop::twice<double>(double)',
  'shop::deep(int)',
  'shop::rescue(int)',
  'shop::fragile(int)',
  'shop::below(int)',
];

const cppCase = (mode: GnuMode, inSlice: boolean, symbols?: SymbolsTo): Case => ({
  title: `C++ ${mode}${symbols === undefined ? '' : `, symbols in ${symbols}`}`,
  build: cppBuild(mode, symbols),
  works: CPP_WORKS,
  functions: CPP_FUNCTIONS,
  inSlice,
});

const cppCases = (): Case[] => [
  ...(['O0', 'O2', 'O3', 'O3static', 'O2staticpie', 'O2nopie', 'O2noframe', 'O2lto'] as const).map((mode) =>
    cppCase(mode, mode === 'O0' || mode === 'O3'),
  ),
  cppCase('O2', false, 'debuglink'),
  cppCase('O2', false, 'debugdata'),
];

const RUST_WORKS: Case['works'] = ['plain', 'recurse', 'panic', 'rescue', 'virtual'].map((work) => [work, 400]);
const RUST_FUNCTIONS = [
  'steady::plain',
  'steady::recurse',
  'steady::attempt',
  'steady::panicker',
  'steady::rescue',
  'steady::fragile',
  'steady::below',
  '<steady::Circle as steady::Shape>::area',
  '<steady::Square as steady::Shape>::area',
];

const rustCase = (mode: RustMode, inSlice: boolean, symbols?: SymbolsTo): Case => ({
  title: `Rust ${mode}${symbols === undefined ? '' : `, symbols in ${symbols}`}`,
  build: rustBuild(mode, symbols),
  works: RUST_WORKS,
  functions: RUST_FUNCTIONS,
  inSlice,
});

const rustCases = (): Case[] => [
  ...(['debug', 'release', 'v0', 'O3lto', 'static'] as const).map((mode) => rustCase(mode, mode === 'debug' || mode === 'v0')),
  rustCase('release', false, 'debuglink'),
  rustCase('release', false, 'debugdata'),
];

/** All of them, Go first. */
export const CASES: readonly Case[] = [...goCases(), ...cCases(), ...cppCases(), ...rustCases()];
