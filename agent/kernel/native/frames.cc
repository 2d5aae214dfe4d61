#include "frames.h"

#include <bpf/bpf.h>

#include <algorithm>
#include <vector>

#include "columns.h"

namespace coral {
namespace {

constexpr uint64_t kAddressMask = (1ull << CORAL_OWNER_PROCESS_SHIFT) - 1;
// Thread ids stay below PID_MAX_LIMIT; every goroutine descriptor lies above.
constexpr uint64_t kFirstGoroutineAddress = 1 << 22;

struct OpenFrame {
  uint64_t g;  // 0: a thread's
  uint64_t goroutine;
  uint32_t tgid;
  uint32_t thread;
  coral_frame frame;
};

// A chunk that is gone by now held calls that have returned by now.
bool read_chunk(int fd, uint64_t owner, uint32_t chunk, coral_frame* frames) {
  coral_chunk_key key = {owner, chunk, 0};
  return bpf_map_lookup_elem(fd, &key, frames) == 0;
}

void add_frames(std::vector<OpenFrame>& frames, uint64_t owner, const coral_stack& stack, int chunks_fd) {
  uint64_t address = owner & kAddressMask;
  OpenFrame open = {address < kFirstGoroutineAddress ? 0 : address, stack.goroutine, stack.tgid, stack.thread, {}};
  coral_chunk chunk;
  std::copy_n(stack.frames, CORAL_FRAMES_PER_CHUNK, chunk.frames);
  uint32_t count = read_once(stack.open);
  for (uint32_t i = 0; i < count; i++) {
    uint32_t in_chunk = i % CORAL_FRAMES_PER_CHUNK;
    if (i > 0 && in_chunk == 0 && !read_chunk(chunks_fd, owner, i / CORAL_FRAMES_PER_CHUNK, chunk.frames)) return;
    open.frame = chunk.frames[in_chunk];
    frames.push_back(open);
  }
}

std::vector<OpenFrame> open_frames(const Stacks& all) {
  std::vector<OpenFrame> frames;
  for (size_t place = 0; place < all.stacks.length(); place++) {
    uint64_t owner = read_once(all.owners[place / CORAL_WAYS].owners[place % CORAL_WAYS]);
    if (owner) add_frames(frames, owner, all.stacks[place], all.chunks_fd);
  }
  return frames;
}

}  // namespace

Napi::Object frame_columns(Napi::Env env, const Stacks& all) {
  auto frames = open_frames(all);
  auto columns = Napi::Object::New(env);
  narrow_column(columns, "slot", frames, [](const auto& open) { return open.frame.slot; });
  narrow_column(columns, "node", frames, [](const auto& open) { return open.frame.node; });
  narrow_column(columns, "tgid", frames, [](const auto& open) { return open.tgid; });
  narrow_column(columns, "thread", frames, [](const auto& open) { return open.thread; });
  wide_column(columns, "g", frames, [](const auto& open) { return open.g; });
  wide_column(columns, "goroutine", frames, [](const auto& open) { return open.goroutine; });
  wide_column(columns, "depth", frames, [](const auto& open) { return open.frame.depth; });
  wide_column(columns, "startNs", frames, [](const auto& open) { return open.frame.start_ns; });
  return columns;
}

}  // namespace coral
