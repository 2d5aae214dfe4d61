#include "frames.h"

#include <bpf/bpf.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <utility>
#include <vector>

#include "../../../bpf/coral.h"
#include "columns.h"
#include "failure.h"

namespace coral {
namespace {

constexpr uint32_t kChunksPerRead = 512;
// Thread ids stay below PID_MAX_LIMIT; every goroutine descriptor lies above.
constexpr uint64_t kFirstGoroutineAddress = 1 << 22;

struct KeyedChunk {
  coral_stack_key key;
  coral_chunk chunk;
};

struct OpenFrame {
  coral_stack_key stack;
  uint64_t goroutine;
  uint32_t thread;
  coral_frame frame;
};

// ENOSPC: a bucket of the hash holds more chunks than fit; a larger read takes it.
std::vector<KeyedChunk> read_chunks(int fd, uint32_t max_entries) {
  std::vector<KeyedChunk> all;
  uint32_t position = 0, size = std::min(kChunksPerRead, max_entries);
  void* from = nullptr;
  for (;;) {
    std::vector<coral_stack_key> keys(size);
    std::vector<coral_chunk> chunks(size);
    uint32_t next = 0, count = size;
    int failed = bpf_map_lookup_batch(fd, from, &next, keys.data(), chunks.data(), &count, nullptr) ? errno : 0;
    if (failed == ENOSPC && size < max_entries) {
      size = std::min(size * 2, max_entries);
      continue;
    }
    if (failed && failed != ENOENT) throw Failure{failed, "reading the shadow stacks"};
    for (uint32_t i = 0; i < count; i++) all.push_back({keys[i], chunks[i]});
    if (failed == ENOENT) return all;
    position = next;
    from = &position;
  }
}

using Owner = std::pair<uint32_t, uint64_t>;

Owner owner_of(const coral_stack_key& key) { return {key.tgid, key.owner}; }

std::vector<OpenFrame> open_frames(const std::vector<KeyedChunk>& chunks) {
  std::map<Owner, const coral_chunk*> heads;
  for (const auto& [key, chunk] : chunks) {
    if (key.chunk == 0) heads[owner_of(key)] = &chunk;
  }
  std::vector<OpenFrame> frames;
  for (const auto& [key, chunk] : chunks) {
    auto head = heads.find(owner_of(key));
    if (head == heads.end()) continue;
    uint32_t first = key.chunk * CORAL_FRAMES_PER_CHUNK;
    for (uint32_t i = first; i < std::min<uint32_t>(head->second->open, first + CORAL_FRAMES_PER_CHUNK); i++) {
      frames.push_back({key, head->second->goroutine, head->second->thread, chunk.frames[i - first]});
    }
  }
  return frames;
}

}  // namespace

Napi::Object frame_columns(Napi::Env env, int stacks_fd, const Sizes& sizes) {
  auto chunks = read_chunks(stacks_fd, sizes.stacks);
  auto frames = open_frames(chunks);
  auto columns = Napi::Object::New(env);
  narrow_column(columns, "slot", frames, [](const auto& open) { return open.frame.slot; });
  narrow_column(columns, "node", frames, [](const auto& open) { return open.frame.node; });
  narrow_column(columns, "tgid", frames, [](const auto& open) { return open.stack.tgid; });
  narrow_column(columns, "thread", frames, [](const auto& open) { return open.thread; });
  wide_column(columns, "g", frames, [](const auto& open) { return open.stack.owner < kFirstGoroutineAddress ? 0 : open.stack.owner; });
  wide_column(columns, "goroutine", frames, [](const auto& open) { return open.goroutine; });
  wide_column(columns, "depth", frames, [](const auto& open) { return open.frame.depth; });
  wide_column(columns, "startNs", frames, [](const auto& open) { return open.frame.start_ns; });
  return columns;
}

}  // namespace coral
