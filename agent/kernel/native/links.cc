#include "links.h"

#include <unistd.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "failure.h"
#include "perf-uprobes.h"

namespace coral {
namespace {

constexpr size_t kClosers = 16;

// Each close waits for the kernel's readers to pass, tens of milliseconds whatever the number of probes: wait at once.
void close_together(const std::vector<int>& fds) {
  std::vector<std::thread> closers;
  size_t step = std::min(kClosers, fds.size());
  for (size_t first = 1; first < step; first++) {
    closers.emplace_back([=, &fds] {
      for (size_t i = first; i < fds.size(); i += step) close(fds[i]);
    });
  }
  for (size_t i = 0; i < fds.size(); i += step) close(fds[i]);
  for (auto& closer : closers) closer.join();
}

int create_multi(const Probes& probes) {
  int fd = create_uprobe_multi(probes);
  if (fd < 0) throw Failure{-fd, std::string("uprobe_multi link on ") + probes.path};
  return fd;
}

}  // namespace

uint32_t Links::make(const Probes& probes) {
  auto fds = probes.attach_type == kPerfEvent ? create_perf_uprobes(probes) : std::vector<int>{create_multi(probes)};
  fds_[++last_] = std::move(fds);
  return last_;
}

void Links::take_off(const std::vector<uint32_t>& links) {
  std::vector<int> fds;
  for (uint32_t link : links) {
    auto found = fds_.find(link);
    if (found == fds_.end()) continue;
    fds.insert(fds.end(), found->second.begin(), found->second.end());
    fds_.erase(found);
  }
  close_together(fds);
}

void Links::close_all() {
  std::vector<int> fds;
  for (const auto& [link, held] : fds_) fds.insert(fds.end(), held.begin(), held.end());
  fds_.clear();
  close_together(fds);
}

}  // namespace coral
