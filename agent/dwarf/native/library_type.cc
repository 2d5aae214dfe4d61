// SPDX-License-Identifier: Apache-2.0

#include "library_type.h"

#include "attributes.h"
#include "type_parts.h"

namespace coral {
namespace {

/* Types that are looked into: a vector has some five, in a damaged file they lead into one another. */
constexpr int kMaxLooks = 32;

struct Part {
  Dwarf_Die type;
  Dwarf_Word at = 0; /* offset in the whole */
};

/* A member of this very type. */
bool Member(const Part& whole, const char* name, Part* member) {
  Dwarf_Die type = whole.type;
  Dwarf_Word at = 0;
  if (!FindMember(&type, name, &member->type, &at)) return false;
  member->at = whole.at + at;
  return true;
}

/* The outermost part, of the whole itself on, that has such a member; `start`: and whose name begins so. */
bool PartWith(const Part& whole, const char* name, const char* start, Part* found, int* looks) {
  Part part = whole, ignored;
  if (++*looks > kMaxLooks) return false;
  if ((*start == 0 || NameStartsWith(&part.type, start)) && Member(part, name, &ignored)) {
    *found = part;
    return true;
  }
  Dwarf_Die child;
  for (int more = dwarf_child(&part.type, &child); more == 0; more = dwarf_siblingof(&child, &child)) {
    const int tag = dwarf_tag(&child);
    Part inner;
    Dwarf_Word at = 0;
    if (tag != DW_TAG_member && tag != DW_TAG_inheritance) continue;
    if (!ReadMemberOffset(&child, &at) || !ReadType(&child, &inner.type) || !Bare(&inner.type) || !IsClass(&inner.type)) continue;
    inner.at = whole.at + at;
    if (PartWith(inner, name, start, found, looks)) return true;
  }
  return false;
}

bool Find(const Part& whole, const char* name, Part* member, const char* start = "") {
  Part holder;
  int looks = 0;
  return PartWith(whole, name, start, &holder, &looks) && Member(holder, name, member);
}

bool IsPointer(Part* part) { return dwarf_tag(&part->type) == DW_TAG_pointer_type; }

/* vector<bool> has no pointers, but iterators of bits: it is none. */
bool Vector(const Part& whole, LibraryType* found) {
  Part begin, end;
  if (!(Find(whole, "_M_start", &begin) && Find(whole, "_M_finish", &end)) &&
      !(Find(whole, "__begin_", &begin) && Find(whole, "__end_", &end)))
    return false;
  found->kind = LibraryType::kVector;
  found->at = begin.at;
  found->other = end.at;
  return IsPointer(&begin) && IsPointer(&end) && ReadType(&begin.type, &found->type) && Bare(&found->type);
}

/* A unique_ptr's tuple holds its deleter as well, which may be a pointer too. */
bool Pointer(const Part& whole, LibraryType* found) {
  Part pointer;
  if (!Find(whole, "_M_head_impl", &pointer, "_Head_base<0") && !Find(whole, "_M_ptr", &pointer) &&
      !Find(whole, "__value_", &pointer, "__compressed_pair_elem<") && !Find(whole, "__ptr_", &pointer))
    return false;
  found->kind = LibraryType::kPointer;
  found->at = pointer.at;
  found->type = pointer.type;
  return IsPointer(&pointer);
}

bool Optional(const Part& whole, LibraryType* found) {
  Part holder, engaged, storage, value;
  int looks = 0;
  if (PartWith(whole, "_M_engaged", "", &holder, &looks)) {
    /* Nothing below is searched: the value may be an optional itself. */
    if (!Member(holder, "_M_engaged", &engaged) || !Member(holder, "_M_payload", &storage)) return false;
    if (!Member(storage, "_M_value", &value)) return false;
  } else if (!Find(whole, "__engaged_", &engaged) || !Find(whole, "__val_", &value)) {
    return false;
  }
  found->kind = LibraryType::kOptional;
  found->at = value.at;
  found->other = engaged.at;
  found->type = value.type;
  return true;
}

}  // namespace

bool FindLibraryType(Dwarf_Die* type, LibraryType* found) {
  Part whole;
  whole.type = *type;
  if (NameStartsWith(type, "vector<")) return Vector(whole, found);
  if (NameStartsWith(type, "unique_ptr<") || NameStartsWith(type, "shared_ptr<")) return Pointer(whole, found);
  return NameStartsWith(type, "optional<") && Optional(whole, found);
}

}  // namespace coral
