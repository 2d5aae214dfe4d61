// The BPF object of one session: sized, loaded, and its programs and maps by name.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

struct bpf_object;

namespace coral {

struct Sizes {
  uint32_t slots;
  uint32_t sites;
  uint32_t stacks;
  uint32_t nodes;
  uint32_t ring_bytes;
  uint32_t max_slow;
  uint32_t max_calls_per_second;
  bool session_program;
  uint32_t stripes;  // set by the loader: groups of CPUs that count apart
};

class Object {
 public:
  // Loads the object file; throws Failure with the verifier's log.
  Object(const std::string& path, Sizes& sizes);
  ~Object();
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;

  int program(const std::string& name) const;  // fd; throws Failure ENOENT where this kernel has not loaded it
  int map(const std::string& name) const;      // fd
  uint64_t memory_bytes() const;               // of all maps, as the kernel accounts them

 private:
  void size_maps(const Sizes& sizes);
  void configure(const Sizes& sizes);
  void choose_programs(bool session_program);

  bpf_object* object_ = nullptr;
  std::vector<char> verifier_log_;
};

}  // namespace coral
