/* SPDX-License-Identifier: Apache-2.0
 *
 * Where the source of each function begins: file and line of its declaration, by the address of its first instruction.
 */
#include <dwarf.h>

#include "dwarf_file.h"
#include "scopes.h"

namespace coral {
namespace {

void AddPlace(Dwarf_Die* function, FunctionPlaces* places) {
  int line = 0;
  const char* file = dwarf_decl_file(function);
  if (file == nullptr || dwarf_decl_line(function, &line) != 0) return;
  const auto number = places->file_numbers.emplace(file, places->file_names.size());
  if (number.second) places->file_names.push_back(file);
  /* A function with moved parts has several ranges; no other function begins where its parts do. */
  Dwarf_Addr base, start, end;
  for (ptrdiff_t at = 0; (at = dwarf_ranges(function, at, &base, &start, &end)) > 0;) {
    places->addresses.push_back(static_cast<double>(start));
    places->files.push_back(number.first->second);
    places->lines.push_back(static_cast<uint32_t>(line));
  }
}

}  // namespace

FunctionPlaces DwarfFile::ReadFunctionPlaces() const {
  FunctionPlaces places;
  Dwarf_CU* unit = nullptr;
  Dwarf_Die die;
  while (dwarf_get_units(dwarf_, unit, &unit, nullptr, nullptr, &die, nullptr) == 0) {
    if (dwarf_tag(&die) != DW_TAG_compile_unit) continue;
    Scopes().Walk(&die, [&places](Dwarf_Die* entry, int tag) {
      if (tag == DW_TAG_subprogram) AddPlace(entry, &places);
      return Scopes::Then::kGoIn;
    });
  }
  return places;
}

}  // namespace coral
