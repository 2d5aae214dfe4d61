/** What a program that is not Go was written in, by what compilers leave behind. */

import { type Elf, sectionBytes, sectionNamed } from '../elf/elf.js';
import type { Language } from '../image.js';

/** The language of most of the code; `names` are the symbols as in the file. */
export function languageOf(elf: Elf, names: readonly string[]): Language {
  const text = (section: string): string => {
    const found = sectionNamed(elf, section);
    return found === undefined ? '' : sectionBytes(elf, found).toString('latin1');
  };
  const dynamic = text('.dynstr');
  if (dynamic.includes('node_module_register') || dynamic.includes('napi_module_register\0')) return isNode(elf) ? 'node' : 'c++';
  const comment = text('.comment');
  if (comment.includes('rustc version') || names.includes('rust_eh_personality') || names.includes('rust_begin_unwind'))
    return 'rust';
  if (dynamic.includes('libstdc++') || dynamic.includes('libc++') || names.some((name) => name.startsWith('_ZN'))) return 'c++';
  if (comment === '' && text('.rodata').includes('/rustc/')) return 'rust';
  return names.length > 0 || comment !== '' ? 'c' : 'unknown';
}

/** Addons import what node itself defines. */
const isNode = (elf: Elf): boolean => sectionNamed(elf, '.interp') !== undefined;
