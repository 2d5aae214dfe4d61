// A BPF array map in this process's memory: reads and writes need no system call.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

#include "failure.h"

namespace coral {

template <typename T>
class MappedArray {
 public:
  MappedArray(int map_fd, size_t length) : length_(length), bytes_(round_to_page(length * sizeof(T))) {
    void* memory = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, map_fd, 0);
    if (memory == MAP_FAILED) throw Failure{errno, "mmap of a BPF array"};
    values_ = static_cast<T*>(memory);
  }
  ~MappedArray() { munmap(values_, bytes_); }
  MappedArray(const MappedArray&) = delete;
  MappedArray& operator=(const MappedArray&) = delete;

  T& operator[](size_t index) { return values_[index]; }
  size_t length() const { return length_; }
  T* data() { return values_; }

 private:
  static size_t round_to_page(size_t bytes) {
    size_t page = sysconf(_SC_PAGESIZE);
    return (bytes + page - 1) / page * page;
  }

  size_t length_;
  size_t bytes_;
  T* values_;
};

// A value that BPF programs change while it is read.
template <typename T>
inline T read_once(const T& value) {
  return __atomic_load_n(&value, __ATOMIC_RELAXED);
}

}  // namespace coral
