/* SPDX-License-Identifier: Apache-2.0
 *
 * Rust's String and Vec, whose elements lie elsewhere. Their layout is promised nowhere: it is found by the names of their
 * members, and by the one pointer that is somewhere inside.
 */
#pragma once

#include <elfutils/libdw.h>

namespace coral {

/* Offsets of the address of the elements and of their number. */
struct RustBuffer {
  Dwarf_Word pointer;
  Dwarf_Word length;
  Dwarf_Die element;
};

/* False: it is another type, or laid out as we do not know it. */
bool FindRustBuffer(Dwarf_Die* type, RustBuffer* found);

}  // namespace coral
