// SPDX-License-Identifier: Apache-2.0

#include "rust_buffer.h"

#include <cstring>

#include "attributes.h"
#include "type_parts.h"

namespace coral {
namespace {

/* Members that are looked at: those of a Vec are some ten, in a damaged file they lead into one another. */
constexpr int kMaxLooks = 64;

/* A member's type, and its offset added. */
bool Member(Dwarf_Die* type, const char* name, Dwarf_Die* member_type, Dwarf_Word* offset) {
  Dwarf_Word at = 0;
  if (!FindMember(type, name, member_type, &at)) return false;
  *offset += at;
  return true;
}

/* The first pointer in a value of this type. */
bool Pointer(Dwarf_Die* type, Dwarf_Word* offset, int* looks) {
  if (++*looks > kMaxLooks) return false;
  if (dwarf_tag(type) == DW_TAG_pointer_type) return true;
  Dwarf_Die child, inner;
  for (int more = dwarf_child(type, &child); more == 0; more = dwarf_siblingof(&child, &child)) {
    Dwarf_Word at = 0;
    if (dwarf_tag(&child) != DW_TAG_member || !ReadType(&child, &inner)) continue;
    ReadUnsigned(&child, DW_AT_data_member_location, &at);
    *offset += at;
    if (Pointer(&inner, offset, looks)) return true;
    *offset -= at;
  }
  return false;
}

bool Element(Dwarf_Die* vec, Dwarf_Die* element) {
  Dwarf_Die child;
  for (int more = dwarf_child(vec, &child); more == 0; more = dwarf_siblingof(&child, &child)) {
    const char* name = dwarf_tag(&child) == DW_TAG_template_type_parameter ? dwarf_diename(&child) : nullptr;
    if (name != nullptr && strcmp(name, "T") == 0) return ReadType(&child, element);
  }
  return false;
}

}  // namespace

bool FindRustBuffer(Dwarf_Die* type, RustBuffer* found) {
  Dwarf_Die vec = *type, buf, len;
  Dwarf_Word start = 0;
  const char* name = dwarf_diename(type);
  if (name != nullptr && strcmp(name, "String") == 0 && !Member(type, "vec", &vec, &start)) return false;
  if (!NameStartsWith(&vec, "Vec<") || !Element(&vec, &found->element)) return false;
  found->pointer = found->length = start;
  int looks = 0;
  return Member(&vec, "buf", &buf, &found->pointer) && Pointer(&buf, &found->pointer, &looks) &&
         Member(&vec, "len", &len, &found->length);
}

}  // namespace coral
