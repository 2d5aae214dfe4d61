#include "links.h"

#include <unistd.h>

#include "failure.h"

namespace coral {

uint32_t Links::make(const Probes& probes) {
  int fd = create_uprobe_multi(probes);
  if (fd < 0) throw Failure{-fd, std::string("uprobe_multi link on ") + probes.path};
  fds_[++last_] = fd;
  return last_;
}

void Links::take_off(uint32_t link) {
  auto found = fds_.find(link);
  if (found == fds_.end()) return;
  close(found->second);
  fds_.erase(found);
}

void Links::close_all() {
  for (const auto& [link, fd] : fds_) close(fd);
  fds_.clear();
}

}  // namespace coral
