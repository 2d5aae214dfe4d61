#include "perf-uprobes.h"

#include <bpf/bpf.h>
#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>

#include "failure.h"

namespace coral {
namespace {

uint32_t event_type() {
  uint32_t type = 0;
  std::ifstream("/sys/bus/event_source/devices/uprobe/type") >> type;
  return type;
}

// The kernel runs its programs on every thread of the process, though the event is of one.
int open_event(uint32_t type, const Probes& probes, uint32_t site) {
  perf_event_attr attributes = {};
  attributes.size = sizeof(attributes);
  attributes.type = type;
  attributes.uprobe_path = reinterpret_cast<uint64_t>(probes.path);
  attributes.probe_offset = probes.offsets[site];
  return syscall(SYS_perf_event_open, &attributes, probes.pid, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

int link_event(const Probes& probes, uint32_t site, int event) {
  LIBBPF_OPTS(bpf_link_create_opts, options);
  options.perf_event.bpf_cookie = probes.cookies[site];
  return bpf_link_create(probes.program_fd, event, BPF_PERF_EVENT, &options);
}

// The link's fd, which holds the event, or -errno.
int probe(uint32_t type, const Probes& probes, uint32_t site) {
  int event = open_event(type, probes, site);
  if (event < 0) return -errno;
  int link = link_event(probes, site, event);
  int failed = link < 0 ? link : ioctl(event, PERF_EVENT_IOC_ENABLE, 0) ? -errno : 0;
  close(event);
  if (failed && link >= 0) close(link);
  return failed ? failed : link;
}

}  // namespace

std::vector<int> create_perf_uprobes(const Probes& probes) {
  uint32_t type = event_type();
  std::vector<int> links;
  if (type == 0) throw Failure{ENODEV, "uprobe perf events"};
  for (uint32_t site = 0; site < probes.count; site++) {
    int link = probe(type, probes, site);
    if (link >= 0) {
      links.push_back(link);
      continue;
    }
    for (int made : links) close(made);
    throw Failure{-link, std::string("uprobe perf event on ") + probes.path};
  }
  return links;
}

}  // namespace coral
