/* SPDX-License-Identifier: Apache-2.0 */

#include "trivial_for_calls.h"

#include <dwarf.h>

#include <cstring>
#include <string>

#include "attributes.h"
#include "type_parts.h"

namespace coral {
namespace {

constexpr Dwarf_Word kPassByReference = 4;
constexpr Dwarf_Word kPassByValue = 5;
constexpr Dwarf_Word kDefaultedInClass = 1;

/* Compilers stay below; in a damaged file types lead into one another. */
constexpr int kMaxNesting = 100;

/* "vector" of "vector<int, std::allocator<int> >". */
std::string BaseName(Dwarf_Die* die) {
  const char* name = dwarf_diename(die);
  return name == nullptr ? "" : std::string(name, strcspn(name, "<"));
}

/* Whether a constructor takes one object of its own class, by reference. */
bool CopiesOrMoves(Dwarf_Die* constructor, Dwarf_Die* of) {
  Dwarf_Die child, taken;
  int parameters = 0;
  for (int more = dwarf_child(constructor, &child); more == 0; more = dwarf_siblingof(&child, &child)) {
    if (dwarf_tag(&child) != DW_TAG_formal_parameter || HasFlag(&child, DW_AT_artificial)) continue;
    if (++parameters > 1 || !ReadType(&child, &taken)) return false;
  }
  if (parameters != 1) return false;
  const int tag = dwarf_tag(&taken);
  if (tag != DW_TAG_reference_type && tag != DW_TAG_rvalue_reference_type) return false;
  return ReadType(&taken, &taken) && Bare(&taken, true) && dwarf_dieoffset(&taken) == dwarf_dieoffset(of);
}

bool IsDefaulted(Dwarf_Die* member) {
  Dwarf_Word defaulted = 0;
  return HasFlag(member, DW_AT_artificial) || (ReadUnsigned(member, DW_AT_defaulted, &defaulted) && defaulted == kDefaultedInClass);
}

/* What a class says of its own special members. */
struct Special {
  bool written = false;
  int copies = 0, deleted = 0;

  void Add(Dwarf_Die* member, Dwarf_Die* of, const std::string& class_name) {
    const std::string name = BaseName(member);
    if (name == "~" + class_name) written |= !IsDefaulted(member) && !HasFlag(member, DW_AT_deleted);
    if (name != class_name || !CopiesOrMoves(member, of)) return;
    copies++;
    if (HasFlag(member, DW_AT_deleted)) deleted++;
    else written |= !IsDefaulted(member);
  }

  bool ByReference() const { return written || (copies > 0 && deleted == copies); }
};

}  // namespace

bool TrivialForCalls::ByReference(Dwarf_Die* type) {
  if (!IsClass(type)) return false;
  Dwarf_Word convention = 0;
  ReadUnsigned(type, DW_AT_calling_convention, &convention);
  if (convention == kPassByReference || convention == kPassByValue) return convention == kPassByReference;
  const auto [entry, is_new] = known_.emplace(dwarf_dieoffset(type), false);
  if (!is_new || nesting_ == kMaxNesting) return entry->second;
  nesting_++;
  entry->second = Members(type);
  nesting_--;
  return entry->second;
}

bool TrivialForCalls::Members(Dwarf_Die* type) {
  const std::string name = BaseName(type);
  Special special;
  Dwarf_Die child;
  for (int more = dwarf_child(type, &child); more == 0; more = dwarf_siblingof(&child, &child)) {
    const int tag = dwarf_tag(&child);
    if (tag == DW_TAG_subprogram) special.Add(&child, type, name);
    if ((tag == DW_TAG_member || tag == DW_TAG_inheritance) && FieldByReference(&child)) return true;
  }
  return special.ByReference();
}

/* A base that is virtual, the pointer to a table of virtual functions, or a part that is not trivial itself. */
bool TrivialForCalls::FieldByReference(Dwarf_Die* field) {
  Dwarf_Word virtuality = 0;
  if (dwarf_tag(field) == DW_TAG_inheritance && ReadUnsigned(field, DW_AT_virtuality, &virtuality) && virtuality != 0) return true;
  if (HasFlag(field, DW_AT_external)) return false;
  const char* name = dwarf_diename(field);
  if (HasFlag(field, DW_AT_artificial) && name != nullptr && strncmp(name, "_vptr", 5) == 0) return true;
  Dwarf_Die type;
  return ReadType(field, &type) && Bare(&type, true) && ByReference(&type);
}

}  // namespace coral
