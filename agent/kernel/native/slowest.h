// The slowest calls of one slot: a bounded heap with the fastest of them on top.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "../../../bpf/coral.h"

namespace coral {

class Slowest {
 public:
  void offer(const coral_call& call, size_t limit) {
    if (calls_.size() == limit) {
      if (limit == 0 || call.duration_ns <= calls_.front().duration_ns) return;
      std::pop_heap(calls_.begin(), calls_.end(), slower);
      calls_.pop_back();
    }
    calls_.push_back(call);
    std::push_heap(calls_.begin(), calls_.end(), slower);
  }

  // Calls up to this long can no longer enter the list.
  uint64_t threshold_ns(size_t limit) const { return calls_.size() < limit ? 0 : limit ? calls_.front().duration_ns : ~0ull; }
  const std::vector<coral_call>& calls() const { return calls_; }

 private:
  static bool slower(const coral_call& left, const coral_call& right) { return left.duration_ns > right.duration_ns; }

  std::vector<coral_call> calls_;
};

}  // namespace coral
