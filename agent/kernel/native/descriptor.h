// A file descriptor that is closed with its owner.
#pragma once

#include <unistd.h>

#include "failure.h"

namespace coral {

class Descriptor {
 public:
  // `fd` is a descriptor or -errno.
  Descriptor(int fd, const char* operation) : fd_(fd) {
    if (fd < 0) throw Failure{-fd, operation};
  }
  ~Descriptor() { close(fd_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

}  // namespace coral
