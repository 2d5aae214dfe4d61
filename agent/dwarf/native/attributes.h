/* SPDX-License-Identifier: Apache-2.0
 *
 * Attributes of an entry, or of the one that it stands for; false where there is none of that form.
 */
#pragma once

#include <dwarf.h>
#include <elfutils/libdw.h>

namespace coral {

inline bool ReadUnsigned(Dwarf_Die* die, unsigned name, Dwarf_Word* value) {
  Dwarf_Attribute attribute;
  return dwarf_attr_integrate(die, name, &attribute) != nullptr && dwarf_formudata(&attribute, value) == 0;
}

inline bool ReadType(Dwarf_Die* die, Dwarf_Die* type, unsigned name = DW_AT_type) {
  Dwarf_Attribute attribute;
  return dwarf_attr_integrate(die, name, &attribute) != nullptr && dwarf_formref_die(&attribute, type) != nullptr;
}

inline bool HasFlag(Dwarf_Die* die, unsigned name) {
  Dwarf_Attribute attribute;
  bool value = false;
  return dwarf_attr_integrate(die, name, &attribute) != nullptr && dwarf_formflag(&attribute, &value) == 0 && value;
}

}  // namespace coral
