// Stacks of threads that have ended with calls open (pthread_exit, cancelled): nobody else would give their places back.
#pragma once

#include <cstddef>

#include "frames.h"

namespace coral {

class DeadThreads {
 public:
  // Looks at some threads with open calls, from where it stopped the last time; those that have ended in a process that
  // lives have left their calls.
  void bury(const Stacks& all, MappedArray<coral_stats>& stats);

 private:
  size_t next_place_ = 0;
};

}  // namespace coral
