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
  uint32_t wait_reason;
  uint64_t waiting_since;
  coral_frame frame;
};

// A chunk that is gone by now held calls that have returned by now.
bool read_chunk(int fd, uint64_t owner, uint32_t chunk, coral_frame* frames) {
  coral_chunk_key key = {owner, chunk, 0};
  return bpf_map_lookup_elem(fd, &key, frames) == 0;
}

void add_frames(std::vector<OpenFrame>& frames, uint64_t owner, const coral_stack& stack, const Stacks& all, bool current) {
  OpenFrame open = {};
  open.g = goroutine_address(owner);
  open.goroutine = stack.goroutine;
  open.tgid = stack.tgid;
  open.thread = stack.thread;
  open.waiting_since = read_once(stack.waiting_since);
  open.wait_reason = open.waiting_since ? stack.wait_reason : CORAL_WAIT_NONE;
  each_frame(all, owner, stack, [&](const coral_frame& frame) {
    open.frame = frame;
    if (is_current(all, frame) == current) frames.push_back(open);
  });
}

// Those that are followed (`current`), or the others.
std::vector<OpenFrame> open_frames(const Stacks& all, bool current) {
  std::vector<OpenFrame> frames;
  for (size_t place = 0; place < all.stacks.length(); place++) {
    uint64_t owner = read_once(all.owners[place / CORAL_WAYS].owners[place % CORAL_WAYS]);
    if (owner) add_frames(frames, owner, all.stacks[place], all, current);
  }
  return frames;
}

}  // namespace

uint64_t goroutine_address(uint64_t owner) {
  uint64_t address = owner & kAddressMask;
  return address < kFirstGoroutineAddress ? 0 : address;
}

bool is_current(const Stacks& all, const coral_frame& frame) {
  return frame.slot < all.knobs.length() && frame.epoch == read_once(all.knobs[frame.slot].state) >> CORAL_SLOT_EPOCH_SHIFT;
}

void each_frame(const Stacks& all, uint64_t owner, const coral_stack& stack, const std::function<void(const coral_frame&)>& visit) {
  coral_chunk chunk;
  std::copy_n(stack.frames, CORAL_FRAMES_PER_CHUNK, chunk.frames);
  uint32_t count = read_once(stack.open);
  for (uint32_t i = 0; i < count; i++) {
    uint32_t in_chunk = i % CORAL_FRAMES_PER_CHUNK;
    if (i > 0 && in_chunk == 0 && !read_chunk(all.chunks_fd, owner, i / CORAL_FRAMES_PER_CHUNK, chunk.frames)) return;
    visit(chunk.frames[in_chunk]);
  }
}

Napi::BigUint64Array stale_column(Napi::Env env, const Stacks& all) {
  auto column = Napi::BigUint64Array::New(env, all.knobs.length());
  for (const auto& open : open_frames(all, false)) {
    if (open.frame.slot < column.ElementLength()) column.Data()[open.frame.slot]++;
  }
  return column;
}

Napi::Object frame_columns(Napi::Env env, const Stacks& all) {
  auto frames = open_frames(all, true);
  auto columns = Napi::Object::New(env);
  narrow_column(columns, "slot", frames, [](const auto& open) { return open.frame.slot; });
  narrow_column(columns, "node", frames, [](const auto& open) { return open.frame.node; });
  narrow_column(columns, "tgid", frames, [](const auto& open) { return open.tgid; });
  narrow_column(columns, "thread", frames, [](const auto& open) { return open.thread; });
  wide_column(columns, "g", frames, [](const auto& open) { return open.g; });
  wide_column(columns, "goroutine", frames, [](const auto& open) { return open.goroutine; });
  wide_column(columns, "depth", frames, [](const auto& open) { return open.frame.depth; });
  wide_column(columns, "startNs", frames, [](const auto& open) { return open.frame.start_ns; });
  byte_column(columns, "waitReason", frames, [](const auto& open) { return open.wait_reason; });
  wide_column(columns, "waitingSinceNs", frames, [](const auto& open) { return open.waiting_since; });
  return columns;
}

}  // namespace coral
