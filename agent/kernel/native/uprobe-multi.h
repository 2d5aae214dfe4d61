// The uprobe_multi link of bpf(2), newer than the distribution's headers and libbpf: numbers from the kernel's uapi.
#pragma once

#include <cstdint>

namespace coral {

constexpr uint32_t kUprobeMulti = 48;    // BPF_TRACE_UPROBE_MULTI, Linux 6.6
constexpr uint32_t kPerfEvent = 0;       // no attach type of its own: perf events
constexpr uint32_t kUprobeSession = 57;  // BPF_TRACE_UPROBE_SESSION, Linux 6.13

struct Probes {
  int program_fd;
  uint32_t attach_type;  // kUprobeMulti, kUprobeSession or kPerfEvent
  uint32_t pid;
  const char* path;
  const uint64_t* offsets;
  const uint64_t* cookies;
  uint32_t count;
};

// The link's fd, or -errno.
int create_uprobe_multi(const Probes& probes);

}  // namespace coral
