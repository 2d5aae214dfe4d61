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

/* Where a member lies: 0 where nothing is said. False: only the running program knows. Up to DWARF 2 it is an expression. */
inline bool ReadMemberOffset(Dwarf_Die* member, Dwarf_Word* offset) {
  Dwarf_Attribute attribute;
  Dwarf_Op* operations;
  size_t count = 0;
  *offset = 0;
  if (dwarf_attr_integrate(member, DW_AT_data_member_location, &attribute) == nullptr) return true;
  if (dwarf_formudata(&attribute, offset) == 0) return true;
  if (dwarf_getlocation(&attribute, &operations, &count) != 0 || count != 1) return false;
  if (operations[0].atom != DW_OP_plus_uconst) return false;
  *offset = operations[0].number;
  return true;
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
