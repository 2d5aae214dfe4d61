#include "host.h"

#include <sys/uio.h>

#include <cerrno>
#include <ctime>

#include "failure.h"

namespace coral {
namespace {

uint64_t ns_of(const timespec& time) { return time.tv_sec * uint64_t{1'000'000'000} + time.tv_nsec; }

}  // namespace

Napi::Value boot_ns(const Napi::CallbackInfo& info) {
  timespec time;
  clock_gettime(CLOCK_BOOTTIME, &time);
  return Napi::BigInt::New(info.Env(), ns_of(time));
}

// (pid) -> ns of all its threads, those that have ended too; null: the process is gone.
Napi::Value process_cpu_ns(const Napi::CallbackInfo& info) {
  clockid_t clock;
  timespec time;
  if (clock_getcpuclockid(info[0].As<Napi::Number>().Int32Value(), &clock) != 0 || clock_gettime(clock, &time) != 0)
    return info.Env().Null();
  return Napi::Number::New(info.Env(), static_cast<double>(ns_of(time)));
}

// (pid, address: bigint, length) -> Buffer, or null where a page cannot be read; a process that has just ended has none.
Napi::Value read_memory(const Napi::CallbackInfo& info) {
  bool lossless;
  size_t length = info[2].As<Napi::Number>().Uint32Value();
  auto buffer = Napi::Buffer<uint8_t>::New(info.Env(), length);
  iovec local = {buffer.Data(), length};
  iovec remote = {reinterpret_cast<void*>(info[1].As<Napi::BigInt>().Uint64Value(&lossless)), length};
  ssize_t got = process_vm_readv(info[0].As<Napi::Number>().Int32Value(), &local, 1, &remote, 1, 0);
  if (got < 0 && errno != EFAULT && errno != ESRCH) throw to_js(info.Env(), {errno, "reading another process's memory"});
  return got == static_cast<ssize_t>(length) ? buffer.As<Napi::Value>() : info.Env().Null();
}

}  // namespace coral
