// SPDX-License-Identifier: Apache-2.0

#include "type_parts.h"

#include <dwarf.h>

#include <cstring>

#include "attributes.h"

namespace coral {
namespace {

/* Compilers stay below; in a damaged file types lead into one another. */
constexpr int kMaxNames = 100;

bool IsName(int tag) { return tag == DW_TAG_typedef || tag == DW_TAG_const_type || tag == DW_TAG_volatile_type; }

}  // namespace

bool IsClass(Dwarf_Die* type) {
  const int tag = dwarf_tag(type);
  return tag == DW_TAG_class_type || tag == DW_TAG_structure_type || tag == DW_TAG_union_type;
}

bool NameStartsWith(Dwarf_Die* type, const char* start) {
  const char* name = dwarf_diename(type);
  return name != nullptr && strncmp(name, start, strlen(start)) == 0;
}

bool Bare(Dwarf_Die* type, bool arrays) {
  for (int names = 0; names < kMaxNames; names++) {
    const int tag = dwarf_tag(type);
    if (!IsName(tag) && !(arrays && tag == DW_TAG_array_type)) return true;
    if (!ReadType(type, type)) return false;
  }
  return false;
}

bool FindMember(Dwarf_Die* type, const char* name, Dwarf_Die* member_type, Dwarf_Word* offset) {
  Dwarf_Die child;
  for (int more = dwarf_child(type, &child); more == 0; more = dwarf_siblingof(&child, &child)) {
    const char* child_name = dwarf_tag(&child) == DW_TAG_member ? dwarf_diename(&child) : nullptr;
    if (child_name == nullptr || strcmp(child_name, name) != 0) continue;
    return ReadMemberOffset(&child, offset) && ReadType(&child, member_type) && Bare(member_type);
  }
  return false;
}

}  // namespace coral
