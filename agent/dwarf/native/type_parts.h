/* SPDX-License-Identifier: Apache-2.0
 *
 * What a type is made of, by name.
 */
#pragma once

#include <elfutils/libdw.h>

namespace coral {

bool IsClass(Dwarf_Die* type);

bool NameStartsWith(Dwarf_Die* type, const char* start);

/* Takes names, const and volatile off a type, and `arrays`, too; false where nothing is left. */
bool Bare(Dwarf_Die* type, bool arrays = false);

/* A member's type, bare, and where it lies in this very type. False: there is none, or only the running program knows where. */
bool FindMember(Dwarf_Die* type, const char* name, Dwarf_Die* member_type, Dwarf_Word* offset);

}  // namespace coral
