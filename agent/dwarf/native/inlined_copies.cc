/* SPDX-License-Identifier: Apache-2.0
 *
 * Which functions the compiler copied into others, and how often: every DW_TAG_inlined_subroutine by the function it is
 * a copy of. Abstract instances are templates of such copies, not copies, and are passed over.
 */
#include <dwarf.h>

#include <unordered_map>

#include "dwarf_file.h"
#include "scopes.h"

namespace coral {
namespace {

class Counter {
 public:
  void Count(Dwarf_Die* unit) {
    Scopes().Walk(unit, [this](Dwarf_Die* die, int tag) {
      if (tag == DW_TAG_inlined_subroutine) Add(die);
      return dwarf_hasattr(die, DW_AT_inline) ? Scopes::Then::kPassBy : Scopes::Then::kGoIn;
    });
  }

  InlinedCopies ByName(Dwarf* dwarf) const {
    InlinedCopies copies;
    for (const auto& [offset, count] : by_origin_) {
      Dwarf_Die origin;
      if (dwarf_offdie(dwarf, offset, &origin) == nullptr) continue;
      const char* name = NameOf(&origin);
      if (name != nullptr) copies[name] += count;
    }
    return copies;
  }

 private:
  void Add(Dwarf_Die* copy) {
    Dwarf_Attribute attribute;
    Dwarf_Die origin;
    if (dwarf_attr(copy, DW_AT_abstract_origin, &attribute) == nullptr) return;
    if (dwarf_formref_die(&attribute, &origin) != nullptr) ++by_origin_[dwarf_dieoffset(&origin)];
  }

  /* As the symbol table has it where the language mangles names. */
  static const char* NameOf(Dwarf_Die* origin) {
    Dwarf_Attribute attribute;
    if (dwarf_attr_integrate(origin, DW_AT_linkage_name, &attribute) != nullptr) return dwarf_formstring(&attribute);
    if (dwarf_attr_integrate(origin, DW_AT_name, &attribute) != nullptr) return dwarf_formstring(&attribute);
    return nullptr;
  }

  std::unordered_map<Dwarf_Off, uint32_t> by_origin_;
};

}  // namespace

InlinedCopies DwarfFile::CountInlinedCopies() const {
  Counter counter;
  Dwarf_CU* unit = nullptr;
  Dwarf_Die die;
  while (dwarf_get_units(dwarf_, unit, &unit, nullptr, nullptr, &die, nullptr) == 0)
    if (dwarf_tag(&die) == DW_TAG_compile_unit) counter.Count(&die);
  return counter.ByName(dwarf_);
}

}  // namespace coral
