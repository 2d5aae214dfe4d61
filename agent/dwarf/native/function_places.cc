/* SPDX-License-Identifier: Apache-2.0
 *
 * Where the source of each function begins: file and line of its declaration, by the address of its first instruction.
 */
#include <dwarf.h>

#include "dwarf_file.h"

namespace coral {
namespace {

int AddPlace(Dwarf_Die* function, void* argument) {
  auto* places = static_cast<FunctionPlaces*>(argument);
  int line = 0;
  const char* file = dwarf_decl_file(function);
  if (file == nullptr || dwarf_decl_line(function, &line) != 0) return DWARF_CB_OK;
  const auto number = places->file_numbers.emplace(file, places->file_names.size());
  if (number.second) places->file_names.push_back(file);
  /* A function with moved parts has several ranges; no other function begins where its parts do. */
  Dwarf_Addr base, start, end;
  for (ptrdiff_t at = 0; (at = dwarf_ranges(function, at, &base, &start, &end)) > 0;) {
    places->addresses.push_back(static_cast<double>(start));
    places->files.push_back(number.first->second);
    places->lines.push_back(static_cast<uint32_t>(line));
  }
  return DWARF_CB_OK;
}

}  // namespace

FunctionPlaces DwarfFile::ReadFunctionPlaces() const {
  FunctionPlaces places;
  Dwarf_CU* unit = nullptr;
  Dwarf_Die die;
  while (dwarf_get_units(dwarf_, unit, &unit, nullptr, nullptr, &die, nullptr) == 0)
    if (dwarf_tag(&die) == DW_TAG_compile_unit) dwarf_getfuncs(&die, AddPlace, &places, 0);
  return places;
}

}  // namespace coral
