// The BPF object of one session: its maps by the session's sizes, its programs by name.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "object-file.h"

namespace coral {

struct Sizes {
  uint32_t slots;
  uint32_t sites;
  uint32_t stacks;
  uint32_t nodes;
  uint32_t ring_bytes;
  uint32_t max_slow;
  uint32_t captures;
  uint32_t ring_wake_bytes;
  bool perf_events;    // instead of uprobe_multi
  uint32_t max_calls_per_second;
  // Set by Object.
  uint32_t stripes;  // groups of CPUs that count apart
  uint32_t buckets;  // of shadow stacks
};

class Object {
 public:
  // Throws Failure with the verifier's log. Rounds the sizes up to what the maps need.
  Object(const std::string& path, Sizes& sizes);

  int program(const std::string& name);        // fd; throws Failure
  uint32_t attach_type(const std::string& name) const;
  int map(const std::string& name) const;      // fd
  uint64_t memory_bytes() const;               // of all maps, as the kernel accounts them

 private:
  void size_maps(const Sizes& sizes);
  void configure(const Sizes& sizes);
  void load_session_programs();

  std::string path_;
  bool perf_events_;
  ObjectFile base_;
  // uprobe.session's program on the same maps, where it is asked for: old kernels refuse it, and it takes its time.
  std::unique_ptr<ObjectFile> session_;
};

}  // namespace coral
