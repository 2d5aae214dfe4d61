/* SPDX-License-Identifier: Apache-2.0
 *
 * C++'s vector, unique_ptr, shared_ptr and optional, of libstdc++ and libc++: found by the names of their members, wherever
 * in their bases these lie.
 */
#pragma once

#include <elfutils/libdw.h>

namespace coral {

struct LibraryType {
  enum Kind { kVector, kPointer, kOptional } kind;
  Dwarf_Word at;    /* offset: of the first element's address, of the address, of the value */
  Dwarf_Word other; /* of the end's address; of the byte that says that there is a value */
  Dwarf_Die type;   /* an element's, the pointer's, the value's */
};

/* False: it is another type, or laid out as we do not know it. */
bool FindLibraryType(Dwarf_Die* type, LibraryType* found);

}  // namespace coral
