// Empties the ring buffer on a thread of its own that never enters JavaScript.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

#include "../../../bpf/coral.h"
#include "mapped-array.h"
#include "object.h"
#include "rate-limit.h"
#include "slowest.h"

struct ring_buffer;

namespace coral {

class Drain {
 public:
  Drain(int ring_fd, const Sizes& sizes, MappedArray<coral_knobs>& knobs, MappedArray<uint64_t>& losses);
  ~Drain();
  Drain(const Drain&) = delete;
  Drain& operator=(const Drain&) = delete;

  std::vector<ShownCall> take_calls();     // sampled and slow ones since the last time
  std::vector<ShownCall> slowest_calls();  // of all slots

 private:
  static int on_record(void* drain, void* record, size_t bytes);
  void accept(ShownCall shown);
  void queue(ShownCall shown);
  void run();
  void empty_ring();  // with the lock held

  const uint32_t max_slow_;
  const size_t max_queued_;
  MappedArray<coral_knobs>& knobs_;
  MappedArray<uint64_t>& losses_;
  RateLimit rate_limit_;
  uint64_t last_call_id_ = 0;
  std::vector<ShownCall> queued_;
  std::vector<Slowest> slowest_;
  std::mutex lock_;  // over all of the above and the ring
  ring_buffer* ring_;
  int stop_fd_;
  int poll_fd_;
  std::thread thread_;
};

}  // namespace coral
