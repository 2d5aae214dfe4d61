/* SPDX-License-Identifier: Apache-2.0 */

#include "entry_place.h"

#include <dwarf.h>

namespace coral {
namespace {

const std::string kNowhere = "{\"in\":\"nowhere\"}";
const std::string kLater = "{\"in\":\"later\"}";
const std::string kCaller = "{\"in\":\"caller\"}";

constexpr int kRbp = 6, kRsp = 7, kFirstFloat = 17;

/* What the expression begins from: the register itself, what it points to, or what is computed from it. */
int RegisterOf(const Dwarf_Op& op) {
  if (op.atom >= DW_OP_reg0 && op.atom <= DW_OP_reg31) return op.atom - DW_OP_reg0;
  if (op.atom >= DW_OP_breg0 && op.atom <= DW_OP_breg31 && op.number == 0) return op.atom - DW_OP_breg0;
  return op.atom == DW_OP_regx ? static_cast<int>(op.number) : -1;
}

bool IsStack(const Dwarf_Op& op) {
  return op.atom == DW_OP_fbreg || op.atom == DW_OP_call_frame_cfa || op.atom == DW_OP_breg0 + kRbp || op.atom == DW_OP_breg0 + kRsp;
}

/* Of a place that is told for the whole function: where GCC did not follow the parameter, that is where it keeps it later. */
bool TakesArguments(int number) {
  const bool is_integer = number == 1 || number == 2 || number == 4 || number == 5 || number == 8 || number == 9;
  return is_integer || number >= kFirstFloat;
}

bool IsList(Dwarf_Attribute* location) {
  const unsigned form = dwarf_whatform(location);
  return form != DW_FORM_exprloc && form != DW_FORM_block1 && form != DW_FORM_block && form != DW_FORM_block2;
}

bool IsInCallersFrame(const Dwarf_Op& op) { return op.atom == DW_OP_fbreg && static_cast<Dwarf_Sword>(op.number) >= 0; }

/* Whether what is there is the value's address, as with arguments by reference: it lies in memory at a register, or at a word of the stack. */
bool IsByReference(const Dwarf_Op* ops, size_t count) {
  if (IsStack(ops[0])) return count == 2 && ops[1].atom == DW_OP_deref;
  return count == 1 && ops[0].atom >= DW_OP_breg0 && ops[0].atom <= DW_OP_breg31;
}

std::string PlaceOf(const Dwarf_Op* ops, size_t count, bool for_entry, bool by_frame_address) {
  if (count == 0) return kNowhere;
  if (by_frame_address && count == 1 && IsInCallersFrame(ops[0])) return kCaller;
  const std::string by_reference = IsByReference(ops, count) ? ",\"byReference\":true" : "";
  if (IsStack(ops[0])) return "{\"in\":\"memory\"" + by_reference + "}";
  const int number = RegisterOf(ops[0]);
  if (number < 0) return kNowhere;
  if (!for_entry && !TakesArguments(number)) return "";
  const bool whole = count == 1 && ops[0].atom <= DW_OP_reg31 && ops[0].atom >= DW_OP_reg0;
  return "{\"in\":\"register\",\"number\":" + std::to_string(number) + ",\"whole\":" + (whole ? "true" : "false") + by_reference + "}";
}

}  // namespace

std::string EntryPlace(Dwarf_Die* parameter, Dwarf_Addr entry, bool by_frame_address) {
  Dwarf_Attribute attribute;
  if (dwarf_attr(parameter, DW_AT_location, &attribute) == nullptr) return kNowhere;
  Dwarf_Op* ops = nullptr;
  size_t count = 0;
  const int found = dwarf_getlocation_addr(&attribute, entry, &ops, &count, 1);
  if (found < 0) return "";
  return found == 0 ? kLater : PlaceOf(ops, count, IsList(&attribute), by_frame_address);
}

bool CountsFromFrameAddress(Dwarf_Die* function) {
  Dwarf_Attribute attribute;
  Dwarf_Op* ops = nullptr;
  size_t count = 0;
  if (dwarf_attr_integrate(function, DW_AT_frame_base, &attribute) == nullptr) return false;
  return dwarf_getlocation(&attribute, &ops, &count) == 0 && count == 1 && ops[0].atom == DW_OP_call_frame_cfa;
}

}  // namespace coral
