// How many calls a second may be shown singly: a bucket of one second's worth.
#pragma once

#include <algorithm>
#include <cstdint>
#include <ctime>

namespace coral {

class RateLimit {
 public:
  explicit RateLimit(uint32_t per_second) : per_second_(per_second), tokens_(per_second), filled_at_(now()) {}

  bool allows() {
    double seconds = now();
    tokens_ = std::min<double>(per_second_, tokens_ + (seconds - filled_at_) * per_second_);
    filled_at_ = seconds;
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }

 private:
  static double now() {
    timespec time;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
  }

  double per_second_;
  double tokens_;
  double filled_at_;
};

}  // namespace coral
