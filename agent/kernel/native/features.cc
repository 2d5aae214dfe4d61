#include "features.h"

#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <initializer_list>
#include <map>
#include <vector>

#include "uprobe-multi.h"

namespace coral {
namespace {

constexpr uint32_t kTrialMapBytes = 4096;

int closed(int fd) {
  if (fd < 0) return -fd;
  close(fd);
  return 0;
}

bpf_insn call(int32_t helper) { return {BPF_JMP | BPF_CALL, 0, 0, 0, helper}; }
bpf_insn return_zero() { return {BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0}; }
bpf_insn leave() { return {BPF_JMP | BPF_EXIT, 0, 0, 0, 0}; }

int load(std::vector<bpf_insn> body, uint32_t attach_type) {
  body.push_back(return_zero());
  body.push_back(leave());
  LIBBPF_OPTS(bpf_prog_load_opts, options);
  options.expected_attach_type = static_cast<bpf_attach_type>(attach_type);
  return bpf_prog_load(BPF_PROG_TYPE_KPROBE, "coral_trial", "GPL", body.data(), body.size(), &options);
}

int try_program(std::vector<bpf_insn> body) { return closed(load(std::move(body), 0)); }

// A probe on a directory: EBADF from a kernel that understood the request.
int try_link(uint32_t attach_type) {
  int program = load({}, attach_type);
  if (program < 0) return -program;
  uint64_t offset = 0, cookie = 0;
  int link = create_uprobe_multi({program, attach_type, 0, "/", &offset, &cookie, 1});
  close(program);
  if (link >= 0) close(link);
  return link == -EBADF ? 0 : link < 0 ? -link : EINVAL;
}

int try_map(bpf_map_type type, uint32_t key_bytes, uint32_t value_bytes, uint32_t entries, uint32_t flags) {
  LIBBPF_OPTS(bpf_map_create_opts, options);
  options.map_flags = flags;
  return closed(bpf_map_create(type, "coral_trial", key_bytes, value_bytes, entries, &options));
}

bool holds(int capability) {
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {};
  syscall(SYS_capget, &header, sets);
  return sets[capability / 32].effective >> (capability % 32) & 1;
}

int try_capability(int capability) { return holds(capability) || holds(CAP_SYS_ADMIN) ? 0 : EPERM; }

const std::map<std::string, std::function<int()>>& trials() {
  static const std::map<std::string, std::function<int()>> all = {
      {"cap_bpf", [] { return try_capability(CAP_BPF); }},
      {"cap_perfmon", [] { return try_capability(CAP_PERFMON); }},
      {"cap_sys_ptrace", [] { return holds(CAP_SYS_PTRACE) ? 0 : EPERM; }},
      {"bpf", [] { return try_program({}); }},
      {"uprobe_multi", [] { return try_link(kUprobeMulti); }},
      {"uprobe_session", [] { return try_link(kUprobeSession); }},
      {"attach_cookie", [] { return try_program({call(BPF_FUNC_get_attach_cookie)}); }},
      {"boot_clock", [] { return try_program({call(BPF_FUNC_ktime_get_boot_ns)}); }},
      {"ring_buffer", [] { return try_map(BPF_MAP_TYPE_RINGBUF, 0, 0, kTrialMapBytes, 0); }},
      {"mmapable_arrays", [] { return try_map(BPF_MAP_TYPE_ARRAY, 4, 8, 1, BPF_F_MMAPABLE); }},
      {"btf", [] { return access("/sys/kernel/btf/vmlinux", R_OK) ? errno : 0; }},
  };
  return all;
}

}  // namespace

int try_feature(const std::string& name) {
  static std::map<std::string, int> known;
  auto found = known.find(name);
  if (found != known.end()) return found->second;
  auto trial = trials().find(name);
  return known[name] = trial == trials().end() ? EINVAL : trial->second();
}

}  // namespace coral
