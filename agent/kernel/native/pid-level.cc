#include "pid-level.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <sys/stat.h>

#include "failure.h"
#include "object-file.h"

namespace coral {
namespace {

// Of the first pid namespace, fixed in the kernel (PROC_PID_INIT_INO).
constexpr ino_t kFirstNamespace = 0xEFFFFFFC;

bool in_first_namespace() {
  struct stat found;
  return stat("/proc/self/ns/pid", &found) != 0 || found.st_ino == kFirstNamespace;
}

uint32_t ask(const std::string& object) {
  ObjectFile file(object.substr(0, object.rfind('/') + 1) + "level.bpf.o");
  file.load();
  LIBBPF_OPTS(bpf_test_run_opts, options);
  int error = bpf_prog_test_run_opts(bpf_program__fd(file.program("level")), &options);
  if (error) throw Failure{-error, "asking for the pid namespace"};
  return options.retval;
}

}  // namespace

uint32_t pid_level(const std::string& object) {
  static const uint32_t level = in_first_namespace() ? 0 : ask(object);
  return level;
}

}  // namespace coral
