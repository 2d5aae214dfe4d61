// The slowest calls of one slot: a bounded heap with the fastest of them on top.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "shown-call.h"

namespace coral {

class Slowest {
 public:
  void offer(const ShownCall& shown, size_t limit) {
    if (calls_.size() == limit) {
      if (limit == 0 || shown.call.duration_ns <= calls_.front().call.duration_ns) return;
      std::pop_heap(calls_.begin(), calls_.end(), slower);
      calls_.pop_back();
    }
    calls_.push_back(shown);
    std::push_heap(calls_.begin(), calls_.end(), slower);
  }

  // Calls up to this long can no longer enter the list.
  uint64_t threshold_ns(size_t limit) const { return calls_.size() < limit ? 0 : limit ? calls_.front().call.duration_ns : ~0ull; }
  const std::vector<ShownCall>& calls() const { return calls_; }

 private:
  static bool slower(const ShownCall& left, const ShownCall& right) { return left.call.duration_ns > right.call.duration_ns; }

  std::vector<ShownCall> calls_;
};

}  // namespace coral
