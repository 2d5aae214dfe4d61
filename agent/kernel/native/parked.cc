#include "parked.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string>
#include <vector>

#include "../../../bpf/parked.h"
#include "columns.h"
#include "descriptor.h"
#include "failure.h"
#include "object-file.h"
#include "pid-space.h"

namespace coral {
namespace {

constexpr size_t kRecordsARead = 256;

// Loaded at the first use, for the life of this process.
int iterator_program(const std::string& path) {
  static std::unique_ptr<ObjectFile> loaded;
  if (!loaded) {
    auto file = std::make_unique<ObjectFile>(path);
    coral_pid_space space = pid_space(path);
    int error = bpf_map__set_initial_value(file->map(".rodata.pid_space"), &space, sizeof(space));
    if (error) throw Failure{-error, "configuring the iterator over threads"};
    file->load();
    loaded = std::move(file);
  }
  return bpf_program__fd(loaded->program("parked"));
}

std::vector<coral_parked> read_all(int fd) {
  std::vector<coral_parked> records;
  for (;;) {
    size_t known = records.size();
    records.resize(known + kRecordsARead);
    ssize_t got = read(fd, records.data() + known, kRecordsARead * sizeof(coral_parked));
    records.resize(known + (got > 0 ? got / sizeof(coral_parked) : 0));
    if (got < 0 && errno != EINTR) throw Failure{errno, "reading where threads stand"};
    if (got == 0) return records;
  }
}

std::vector<coral_parked> threads_of(int program, uint32_t pid, uint32_t thread) {
  bpf_iter_link_info which = {};
  (thread ? which.task.tid : which.task.pid) = thread ? thread : pid;
  LIBBPF_OPTS(bpf_link_create_opts, options, .iter_info = &which, .iter_info_len = sizeof(which));
  Descriptor link(bpf_link_create(program, 0, BPF_TRACE_ITER, &options), "an iterator over threads");
  Descriptor iterator(bpf_iter_create(link.get()), "an iterator over threads");
  return read_all(iterator.get());
}

}  // namespace

Napi::Value parked_threads(const Napi::CallbackInfo& info) {
  auto path = info[0].As<Napi::String>().Utf8Value();
  auto pid = info[1].As<Napi::Number>().Uint32Value();
  auto thread = info[2].As<Napi::Number>().Uint32Value();
  auto threads = guarded(info.Env(), [&] { return threads_of(iterator_program(path), pid, thread); });
  auto columns = Napi::Object::New(info.Env());
  narrow_column(columns, "thread", threads, [](const auto& parked) { return parked.thread; });
  wide_column(columns, "ip", threads, [](const auto& parked) { return parked.ip; });
  wide_column(columns, "sp", threads, [](const auto& parked) { return parked.sp; });
  wide_column(columns, "bp", threads, [](const auto& parked) { return parked.bp; });
  wide_column(columns, "switches", threads, [](const auto& parked) { return parked.switches; });
  return columns;
}

}  // namespace coral
