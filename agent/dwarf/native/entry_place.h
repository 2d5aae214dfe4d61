/* SPDX-License-Identifier: Apache-2.0
 *
 * Where a parameter is when its function begins, as the compiler says. What was optimised away is nowhere, and what the
 * compiler has moved is not where the calling convention would have it.
 */
#pragma once

#include <elfutils/libdw.h>

#include <string>

namespace coral {

/* JSON of DwarfParameter.place (types.ts); empty where the compiler does not say. */
std::string EntryPlace(Dwarf_Die* parameter, Dwarf_Addr entry, bool by_frame_address);

/* Whether places on the function's stack are told from where its caller's frame ends (GCC), and not from a register. */
bool CountsFromFrameAddress(Dwarf_Die* function);

}  // namespace coral
