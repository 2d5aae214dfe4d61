// The session's links. A link is one or several file descriptors and never pinned: when this process dies the kernel takes its probes off.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "uprobe-multi.h"

namespace coral {

class Links {
 public:
  ~Links() { close_all(); }

  uint32_t make(const Probes& probes);  // a number from 1; throws Failure

  // Returns when no program of these links runs any more. Unknown numbers are none of them.
  void take_off(const std::vector<uint32_t>& links);
  void close_all();

 private:
  std::map<uint32_t, std::vector<int>> fds_;
  uint32_t last_ = 0;
};

}  // namespace coral
