#include "uprobe-multi.h"

#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace coral {
namespace {

// struct bpf_attr.link_create with its uprobe_multi member.
struct LinkCreate {
  uint32_t program_fd;
  uint32_t target_fd;
  uint32_t attach_type;
  uint32_t flags;
  uint64_t path;
  uint64_t offsets;
  uint64_t ref_ctr_offsets;
  uint64_t cookies;
  uint32_t count;
  uint32_t multi_flags;
  uint32_t pid;
  uint32_t padding;
};

uint64_t as_u64(const void* pointer) { return reinterpret_cast<uint64_t>(pointer); }

}  // namespace

int create_uprobe_multi(const Probes& probes) {
  LinkCreate create = {};
  create.program_fd = probes.program_fd;
  create.attach_type = probes.attach_type;
  create.path = as_u64(probes.path);
  create.offsets = as_u64(probes.offsets);
  create.cookies = as_u64(probes.cookies);
  create.count = probes.count;
  create.pid = probes.pid;
  long fd = syscall(SYS_bpf, BPF_LINK_CREATE, &create, sizeof(create));
  return fd < 0 ? -errno : static_cast<int>(fd);
}

}  // namespace coral
