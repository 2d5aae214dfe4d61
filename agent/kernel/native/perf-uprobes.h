// Probes without uprobe_multi: one perf event each, with its cookie. Slow to take off, so only for few sites.
#pragma once

#include <vector>

#include "uprobe-multi.h"

namespace coral {

// The fds that keep the probes on, or throws Failure with none left on. Programs are loaded for no attach type.
std::vector<int> create_perf_uprobes(const Probes& probes);

}  // namespace coral
