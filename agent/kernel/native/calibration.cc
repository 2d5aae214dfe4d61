#include "calibration.h"

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <map>
#include <string>
#include <thread>

#include "failure.h"

// The kernel emulates `push` and single-steps `ret`; the probe of each function sits on the one its name says. The last
// one's sits on its `push`, and its return address is replaced.
asm(R"(
.text
.p2align 6
coral_emulated:
  push %rbp
  pop %rbp
  ret
.p2align 6
coral_stepped:
  push %rbp
  pop %rbp
coral_stepped_site:
  ret
.p2align 6
coral_pair:
  push %rbp
  pop %rbp
coral_pair_return:
  ret
.p2align 6
coral_replaced:
  push %rbp
  pop %rbp
  ret
)");

extern "C" {
__attribute__((visibility("hidden"))) void coral_emulated();
__attribute__((visibility("hidden"))) void coral_stepped();
__attribute__((visibility("hidden"))) void coral_stepped_site();
__attribute__((visibility("hidden"))) void coral_pair();
__attribute__((visibility("hidden"))) void coral_pair_return();
__attribute__((visibility("hidden"))) void coral_replaced();
}

namespace coral {
namespace {

using Function = void (*)();

struct Mapping {
  uint64_t start, end, offset;
  std::string path;
};

// The mapping of this process that holds an address.
Mapping mapping_of(uint64_t address) {
  std::ifstream maps("/proc/self/maps");
  std::string line;
  while (std::getline(maps, line)) {
    unsigned long start, end, offset;
    int path_at = 0;
    if (sscanf(line.c_str(), "%lx-%lx %*s %lx %*s %*s %n", &start, &end, &offset, &path_at) < 3) continue;
    if (address >= start && address < end) return {start, end, offset, line.substr(path_at)};
  }
  throw Failure{ENOENT, "finding the addon's own text"};
}

uint64_t now_ns() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * uint64_t{1'000'000'000} + time.tv_nsec;
}

const std::map<std::string, Function> kFunctions = {
    {"emulated", coral_emulated},
    {"stepped", coral_stepped},
    {"pair", coral_pair},
    {"replaced", coral_replaced},
};

}  // namespace

Napi::Value calibration_sites(const Napi::CallbackInfo& info) {
  auto text = guarded(info.Env(), [] { return mapping_of(reinterpret_cast<uint64_t>(coral_emulated)); });
  auto offset = [&](Function site) {
    return Napi::Number::New(info.Env(), reinterpret_cast<uint64_t>(site) - text.start + text.offset);
  };
  auto sites = Napi::Object::New(info.Env());
  sites.Set("path", Napi::String::New(info.Env(), text.path));
  sites.Set("emulated", offset(coral_emulated));
  sites.Set("stepped", offset(coral_stepped_site));
  sites.Set("pairEntry", offset(coral_pair));
  sites.Set("pairReturn", offset(coral_pair_return));
  sites.Set("replaced", offset(coral_replaced));
  return sites;
}

Napi::Value call_calibration(const Napi::CallbackInfo& info) {
  Function function = kFunctions.at(info[0].As<Napi::String>().Utf8Value());
  uint32_t calls = info[1].As<Napi::Number>().Uint32Value();
  uint64_t took_ns = 0;
  std::thread([&] {
    uint64_t from = now_ns();
    for (uint32_t i = 0; i < calls; i++) function();
    took_ns = now_ns() - from;
  }).join();
  return Napi::Number::New(info.Env(), took_ns);
}

}  // namespace coral
