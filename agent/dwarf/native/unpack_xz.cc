/* SPDX-License-Identifier: Apache-2.0 */
#include "unpack_xz.h"

#include <lzma.h>

#include <stdexcept>

namespace coral {
namespace {

/* What the decoder may keep: the dictionary of `xz -9` needs 65 MB. */
constexpr uint64_t kMemoryLimit = 128ULL << 20;
/* The largest programs' function symbols are some 10 MB; a damaged or hostile section must not fill the memory. */
constexpr size_t kMaxUnpackedBytes = 256ULL << 20;
constexpr size_t kChunkBytes = 1ULL << 20;

}  // namespace

std::vector<uint8_t> UnpackXz(const uint8_t* packed, size_t size) {
  lzma_stream stream = LZMA_STREAM_INIT;
  if (lzma_stream_decoder(&stream, kMemoryLimit, LZMA_CONCATENATED) != LZMA_OK) throw std::runtime_error("no memory for the xz decoder");
  std::vector<uint8_t> unpacked;
  stream.next_in = packed;
  stream.avail_in = size;
  lzma_ret result = LZMA_OK;
  while (result == LZMA_OK && unpacked.size() < kMaxUnpackedBytes) {
    const size_t used = unpacked.size();
    unpacked.resize(used + kChunkBytes);
    stream.next_out = unpacked.data() + used;
    stream.avail_out = kChunkBytes;
    result = lzma_code(&stream, LZMA_FINISH);
    unpacked.resize(used + kChunkBytes - stream.avail_out);
  }
  lzma_end(&stream);
  if (result == LZMA_OK) throw std::runtime_error("xz data of over 256 MB");
  if (result != LZMA_STREAM_END) throw std::runtime_error("damaged xz data (liblzma error " + std::to_string(result) + ")");
  return unpacked;
}

}  // namespace coral
