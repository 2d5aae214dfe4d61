#include "pid-space.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <sys/stat.h>

#include "failure.h"
#include "object-file.h"

namespace coral {
namespace {

// Of the first pid namespace, fixed in the kernel (PROC_PID_INIT_INO).
constexpr ino_t kFirstNamespace = 0xEFFFFFFC;

uint32_t level_of_own(const std::string& object) {
  ObjectFile file(object.substr(0, object.rfind('/') + 1) + "level.bpf.o");
  file.load();
  LIBBPF_OPTS(bpf_test_run_opts, options);
  int error = bpf_prog_test_run_opts(bpf_program__fd(file.program("level")), &options);
  if (error) throw Failure{-error, "asking for the pid namespace"};
  return options.retval;
}

coral_pid_space ask(const std::string& object) {
  struct stat found;
  if (stat("/proc/self/ns/pid", &found) != 0 || found.st_ino == kFirstNamespace) return {};
  return {level_of_own(object), static_cast<uint32_t>(found.st_ino)};
}

}  // namespace

coral_pid_space pid_space(const std::string& object) {
  static const coral_pid_space space = ask(object);
  return space;
}

}  // namespace coral
