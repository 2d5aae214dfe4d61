#include "object.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "../../../bpf/coral.h"
#include "failure.h"
#include "uprobe-multi.h"

namespace coral {
namespace {

constexpr size_t kVerifierLogBytes = 1 << 20;
constexpr uint32_t kMaxStripes = 16;
constexpr uint32_t kCountersPerCacheLine = 8;

thread_local std::string libbpf_words;

int keep_words(enum libbpf_print_level level, const char* format, va_list args) {
  char line[1024];
  if (level == LIBBPF_DEBUG) return 0;
  vsnprintf(line, sizeof(line), format, args);
  libbpf_words += line;
  return 0;
}

uint32_t power_of_two_from(uint32_t least) {
  uint32_t power = 1;
  while (power < least) power *= 2;
  return power;
}

uint32_t stripes_of_host() {
  int cpus = libbpf_num_possible_cpus();
  return std::min(kMaxStripes, power_of_two_from(cpus > 0 ? cpus : 1));
}

uint32_t whole_lines(uint32_t counters) {
  return (counters + kCountersPerCacheLine - 1) / kCountersPerCacheLine * kCountersPerCacheLine;
}

}  // namespace

Object::Object(const std::string& path, Sizes& sizes) : verifier_log_(kVerifierLogBytes) {
  sizes.stripes = stripes_of_host();
  sizes.sites = whole_lines(sizes.sites);
  sizes.ring_bytes = power_of_two_from(std::max<uint32_t>(sizes.ring_bytes, sysconf(_SC_PAGESIZE)));
  libbpf_set_print(keep_words);
  libbpf_words.clear();
  LIBBPF_OPTS(bpf_object_open_opts, options, .kernel_log_buf = verifier_log_.data(), .kernel_log_size = kVerifierLogBytes);
  object_ = bpf_object__open_file(path.c_str(), &options);
  if (!object_) throw Failure{errno, "opening " + path, libbpf_words};
  size_maps(sizes);
  configure(sizes);
  choose_programs(sizes.session_program);
  int error = bpf_object__load(object_);
  if (error) {
    bpf_object__close(object_);
    throw Failure{-error, "loading " + path, verifier_log_[0] ? verifier_log_.data() : libbpf_words};
  }
  verifier_log_ = {};
}

Object::~Object() { bpf_object__close(object_); }

void Object::size_maps(const Sizes& sizes) {
  const struct {
    const char* name;
    uint32_t entries;
  } wanted[] = {
      {"site_hits", sizes.sites * sizes.stripes}, {"slot_stats", sizes.slots * sizes.stripes}, {"histograms", sizes.slots},
      {"knobs", sizes.slots},                     {"nodes", sizes.nodes * sizes.stripes},      {"node_ids", sizes.nodes},
      {"stacks", sizes.stacks},                   {"calls", sizes.ring_bytes},
  };
  for (const auto& map : wanted) {
    bpf_map__set_max_entries(bpf_object__find_map_by_name(object_, map.name), map.entries);
  }
}

void Object::configure(const Sizes& sizes) {
  coral_config config = {};
  config.slots = sizes.slots;
  config.sites = sizes.sites;
  config.nodes = sizes.nodes;
  config.stripe_mask = sizes.stripes - 1;
  config.ring_wake_bytes = sizes.ring_bytes / 4;
  int error = bpf_map__set_initial_value(bpf_object__find_map_by_name(object_, ".rodata.config"), &config, sizeof(config));
  if (error) throw Failure{-error, "configuring the BPF object"};
}

void Object::choose_programs(bool session_program) {
  bpf_program* program;
  bpf_object__for_each_program(program, object_) {
    bool session = strcmp(bpf_program__name(program), "session") == 0;
    bpf_program__set_expected_attach_type(program, static_cast<bpf_attach_type>(session ? kUprobeSession : kUprobeMulti));
    if (session) bpf_program__set_autoload(program, session_program);
  }
}

int Object::program(const std::string& name) const {
  bpf_program* program = bpf_object__find_program_by_name(object_, name.c_str());
  int fd = program ? bpf_program__fd(program) : -1;
  if (fd < 0) throw Failure{ENOENT, "program " + name + " was not loaded"};
  return fd;
}

int Object::map(const std::string& name) const { return bpf_map__fd(bpf_object__find_map_by_name(object_, name.c_str())); }

uint64_t Object::memory_bytes() const {
  uint64_t total = 0;
  bpf_map* map;
  bpf_object__for_each_map(map, object_) {
    std::ifstream info("/proc/self/fdinfo/" + std::to_string(bpf_map__fd(map)));
    std::string key;
    while (info >> key) {
      uint64_t bytes;
      if (key == "memlock:" && info >> bytes) total += bytes;
    }
  }
  return total;
}

}  // namespace coral
