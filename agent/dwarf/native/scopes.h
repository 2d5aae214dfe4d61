/* SPDX-License-Identifier: Apache-2.0
 *
 * The entries of a unit that may hold code, scopes within scopes. libdw's own walk does not end in time in a damaged
 * file, where a list of entries leads into another one: what lies below is then seen twice, at each level anew.
 */
#pragma once

#include <dwarf.h>
#include <elfutils/libdw.h>

namespace coral {

class Scopes {
 public:
  enum class Then { kGoIn, kPassBy, kStop };

  /* Calls `visit` for each entry below, each once: they come in the order in which they lie in the file, or not at all. */
  template <typename Visit>
  Then Walk(Dwarf_Die* parent, const Visit& visit, int nesting = 0) {
    Dwarf_Die child;
    for (int more = dwarf_child(parent, &child); more == 0; more = dwarf_siblingof(&child, &child)) {
      if (dwarf_dieoffset(&child) <= last_) break;
      last_ = dwarf_dieoffset(&child);
      const int tag = dwarf_tag(&child);
      const Then then = visit(&child, tag);
      if (then == Then::kStop) return then;
      if (then == Then::kPassBy || !HoldsCode(tag) || nesting == kMaxNesting) continue;
      if (Walk(&child, visit, nesting + 1) == Then::kStop) return Then::kStop;
    }
    return Then::kGoIn;
  }

 private:
  /* Compilers stay below a hundred. */
  static constexpr int kMaxNesting = 1000;

  static bool HoldsCode(int tag) {
    return tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine || tag == DW_TAG_lexical_block || tag == DW_TAG_namespace ||
           tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_module || tag == DW_TAG_try_block ||
           tag == DW_TAG_catch_block;
  }

  Dwarf_Off last_ = 0;
};

}  // namespace coral
