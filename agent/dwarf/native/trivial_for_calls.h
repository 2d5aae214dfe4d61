/* SPDX-License-Identifier: Apache-2.0
 *
 * Which C++ classes are passed by a hidden pointer: those that are not trivial for the purposes of calls (Itanium C++
 * ABI). Not every compiler says so in DW_AT_calling_convention, so the members tell.
 */
#pragma once

#include <elfutils/libdw.h>

#include <map>

namespace coral {

class TrivialForCalls {
 public:
  bool ByReference(Dwarf_Die* type);

 private:
  bool Members(Dwarf_Die* type);
  bool FieldByReference(Dwarf_Die* field);

  std::map<Dwarf_Off, bool> known_;
  int nesting_ = 0;
};

}  // namespace coral
