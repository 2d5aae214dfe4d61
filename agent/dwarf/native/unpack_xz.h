/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace coral {

/* Unpacks an .xz file that is in memory. Throws std::runtime_error when it is damaged or unpacks to over 256 MB. */
std::vector<uint8_t> UnpackXz(const uint8_t* packed, size_t size);

}  // namespace coral
