#include "object.h"

#include <bpf/libbpf.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <set>

#include "../../../bpf/coral.h"
#include "failure.h"
#include "pid-space.h"
#include "uprobe-multi.h"

namespace coral {
namespace {

constexpr uint32_t kMaxStripes = 16;
constexpr uint32_t kCountersPerCacheLine = 8;
// Few stacks have more than 16 probed calls open; one as deep as can be still fits.
constexpr uint32_t kStacksPerDeepChunk = 2;
constexpr uint32_t kLeastDeepChunks = CORAL_MAX_CHUNKS;
const std::set<std::string> kSessionPrograms = {"session", "clocked"};
const std::string kExecProgram = "execed";  // attached to no site

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

void round_up(Sizes& sizes) {
  sizes.stripes = stripes_of_host();
  sizes.sites = whole_lines(sizes.sites);
  sizes.buckets = power_of_two_from((sizes.stacks + CORAL_WAYS - 1) / CORAL_WAYS);
  sizes.captures = power_of_two_from(std::max<uint32_t>(sizes.captures, 1));
  sizes.ring_bytes = power_of_two_from(std::max<uint32_t>(sizes.ring_bytes, sysconf(_SC_PAGESIZE)));
}

bool is_session_program(const std::string& name) { return kSessionPrograms.count(name) > 0; }

void choose_programs(const ObjectFile& file, bool session, uint32_t attach_type) {
  file.each_program([&](bpf_program* program) {
    bpf_program__set_autoload(program, is_session_program(bpf_program__name(program)) == session);
    if (bpf_program__name(program) == kExecProgram) return;
    bpf_program__set_expected_attach_type(program, static_cast<bpf_attach_type>(attach_type));
  });
}

uint64_t memory_of(bpf_map* map) {
  std::ifstream info("/proc/self/fdinfo/" + std::to_string(bpf_map__fd(map)));
  std::string key;
  uint64_t bytes;
  while (info >> key) {
    if (key == "memlock:" && info >> bytes) return bytes;
  }
  return 0;
}

}  // namespace

Object::Object(const std::string& path, Sizes& sizes) : path_(path), perf_events_(sizes.perf_events), base_(path) {
  round_up(sizes);
  size_maps(sizes);
  configure(sizes);
  choose_programs(base_, false, attach_type(""));
  base_.load();
}

void Object::size_maps(const Sizes& sizes) {
  const struct {
    const char* name;
    uint32_t entries;
  } wanted[] = {
      {"site_hits", sizes.sites * sizes.stripes}, {"slot_stats", sizes.slots * sizes.stripes}, {"histograms", sizes.slots},
      {"knobs", sizes.slots},                     {"nodes", sizes.nodes * sizes.stripes},      {"node_ids", sizes.nodes},
      {"owners", sizes.buckets},                  {"stacks", sizes.buckets * CORAL_WAYS},      {"calls", sizes.ring_bytes},
      {"waits", sizes.slots * CORAL_WAIT_REASONS}, {"captures", sizes.slots},                  {"capture_places", sizes.captures},
      {"chunks", std::max(sizes.stacks / kStacksPerDeepChunk, kLeastDeepChunks)},
  };
  for (const auto& [name, entries] : wanted) bpf_map__set_max_entries(base_.map(name), entries);
}

void Object::configure(const Sizes& sizes) {
  coral_config config = {};
  config.slots = sizes.slots;
  config.sites = sizes.sites;
  config.nodes = sizes.nodes;
  config.bucket_mask = sizes.buckets - 1;
  config.stripe_mask = sizes.stripes - 1;
  config.capture_mask = sizes.captures - 1;
  config.ring_wake_bytes = sizes.ring_wake_bytes;
  config.pid_space = pid_space(path_);
  int error = bpf_map__set_initial_value(base_.map(".rodata.config"), &config, sizeof(config));
  if (error) throw Failure{-error, "configuring the BPF object"};
}

void Object::load_session_programs() {
  auto file = std::make_unique<ObjectFile>(path_);
  file->each_map([&](bpf_map* map) { bpf_map__reuse_fd(map, bpf_map__fd(base_.map(bpf_map__name(map)))); });
  choose_programs(*file, true, kUprobeSession);
  file->load();
  session_ = std::move(file);
}

int Object::program(const std::string& name) {
  if (is_session_program(name) && !session_) load_session_programs();
  bpf_program* program = (is_session_program(name) ? *session_ : base_).program(name);
  if (!program) throw Failure{ENOENT, "BPF program " + name};
  return bpf_program__fd(program);
}

uint32_t Object::attach_type(const std::string& name) const {
  if (is_session_program(name)) return kUprobeSession;
  return perf_events_ ? kPerfEvent : kUprobeMulti;
}

int Object::map(const std::string& name) const { return bpf_map__fd(base_.map(name)); }

uint64_t Object::memory_bytes() const {
  uint64_t total = 0;
  base_.each_map([&](bpf_map* map) { total += memory_of(map); });
  return total;
}

}  // namespace coral
