#include "dead-threads.h"

#include <bpf/bpf.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace coral {
namespace {

constexpr size_t kLooksAtOnce = 256;  // a system call each

bool exists(const std::string& path) { return access(path.c_str(), F_OK) == 0 || errno != ENOENT; }

// A process that has ended left its calls open: that is what its last reading shows.
bool has_ended(uint32_t tgid, uint32_t thread) {
  auto process = "/proc/" + std::to_string(tgid);
  return !exists(process + "/task/" + std::to_string(thread)) && exists(process);
}

void give_back_capture(const Stacks& all, const coral_frame& frame) {
  if (frame.capture == 0 || frame.capture > all.captures.length()) return;
  __atomic_store_n(&all.captures[frame.capture - 1].taken, 0, __ATOMIC_RELEASE);
}

void count_left(const Stacks& all, MappedArray<coral_stats>& stats, const coral_frame& frame) {
  auto& row = stats[frame.slot];
  __atomic_fetch_add(is_current(all, frame) ? &row.unwound : &row.untracked, 1, __ATOMIC_RELAXED);
}

void bury_stack(const Stacks& all, MappedArray<coral_stats>& stats, size_t place) {
  uint64_t& owner = all.owners[place / CORAL_WAYS].owners[place % CORAL_WAYS];
  coral_stack& stack = all.stacks[place];
  each_frame(all, owner, stack, [&](const coral_frame& frame) {
    count_left(all, stats, frame);
    give_back_capture(all, frame);
  });
  for (uint32_t chunk = 1; chunk * CORAL_FRAMES_PER_CHUNK < stack.open; chunk++) {
    coral_chunk_key key = {owner, chunk, 0};
    bpf_map_delete_elem(all.chunks_fd, &key);
  }
  stack.open = 0;
  stack.untracked_from = 0;
  __atomic_store_n(&owner, 0, __ATOMIC_RELEASE);
}

}  // namespace

void DeadThreads::bury(const Stacks& all, MappedArray<coral_stats>& stats) {
  size_t looks = 0;
  for (size_t turn = 0; turn < all.stacks.length() && looks < kLooksAtOnce; turn++) {
    size_t place = next_place_++ % all.stacks.length();
    uint64_t owner = read_once(all.owners[place / CORAL_WAYS].owners[place % CORAL_WAYS]);
    // A place that was just taken has its process before its first call.
    if (owner == 0 || goroutine_address(owner) != 0 || read_once(all.stacks[place].open) == 0) continue;
    looks++;
    uint32_t tgid = __atomic_load_n(&all.stacks[place].tgid, __ATOMIC_ACQUIRE);
    if (has_ended(tgid, static_cast<uint32_t>(owner))) bury_stack(all, stats, place);
  }
}

}  // namespace coral
