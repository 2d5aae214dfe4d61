#include "session.h"

#include <bpf/bpf.h>

#include <cerrno>

#include "../../../bpf/capture.h"
#include "columns.h"
#include "dead-threads.h"
#include "descriptor.h"
#include "failure.h"
#include "frames.h"

namespace coral {
namespace {

struct Histogram {
  uint64_t buckets[CORAL_HIST_BUCKETS];
};

uint32_t number(const Napi::Object& options, const char* name) { return options.Get(name).As<Napi::Number>().Uint32Value(); }

Sizes sizes_from(const Napi::Object& options) {
  Sizes sizes = {};
  sizes.slots = number(options, "slots");
  sizes.sites = number(options, "sites");
  sizes.stacks = number(options, "stacks");
  sizes.nodes = number(options, "nodes");
  sizes.ring_bytes = number(options, "ringBytes");
  sizes.max_slow = number(options, "maxSlow");
  sizes.captures = number(options, "captures");
  sizes.ring_wake_bytes = number(options, "ringWakeBytes");
  sizes.perf_events = options.Get("perfEvents").As<Napi::Boolean>().Value();
  sizes.max_calls_per_second = number(options, "maxCallsPerSecond");
  return sizes;
}

// A view that keeps the mapping alive for as long as JavaScript holds it.
template <typename T>
Napi::ArrayBuffer view_of(Napi::Env env, const std::shared_ptr<MappedArray<T>>& array) {
  auto* keep = new std::shared_ptr<MappedArray<T>>(array);
  return Napi::ArrayBuffer::New(env, array->data(), array->length() * sizeof(T), [keep](Napi::Env, void*) { delete keep; });
}

}  // namespace

// In the order of their making; taken apart in the opposite order.
struct Session::Parts {
  Sizes sizes;
  Object object;
  MappedArray<uint64_t> site_hits;
  MappedArray<coral_stats> slot_stats;
  MappedArray<coral_node> nodes;
  MappedArray<coral_knobs> knobs;
  MappedArray<coral_bucket> owners;
  MappedArray<coral_stack> stacks;
  MappedArray<coral_wait> waits;
  MappedArray<coral_capture_place> captures;
  std::shared_ptr<MappedArray<Histogram>> histograms;
  std::shared_ptr<MappedArray<uint64_t>> losses;
  Drain drain;
  Descriptor exec_watch;
  Links links;
  DeadThreads dead_threads;

  Stacks all_stacks() { return {owners, stacks, knobs, captures, object.map("chunks")}; }

  Parts(const std::string& object_path, Sizes wanted)
      : sizes(wanted),
        object(object_path, sizes),
        site_hits(object.map("site_hits"), sizes.sites * sizes.stripes),
        slot_stats(object.map("slot_stats"), sizes.slots * sizes.stripes),
        nodes(object.map("nodes"), sizes.nodes * sizes.stripes),
        knobs(object.map("knobs"), sizes.slots),
        owners(object.map("owners"), sizes.buckets),
        stacks(object.map("stacks"), sizes.buckets * CORAL_WAYS),
        waits(object.map("waits"), sizes.slots * CORAL_WAIT_REASONS),
        captures(object.map("capture_places"), sizes.captures),
        histograms(std::make_shared<MappedArray<Histogram>>(object.map("histograms"), sizes.slots)),
        losses(std::make_shared<MappedArray<uint64_t>>(object.map("losses"), CORAL_LOSS_COUNT)),
        drain(object.map("calls"), sizes, knobs, *losses),
        exec_watch(bpf_raw_tracepoint_open("sched_process_exec", object.program("execed")), "watching for exec") {
    for (size_t i = 0; i < slot_stats.length(); i++) slot_stats[i].min_ns = ~0ull;
    for (size_t i = 0; i < knobs.length(); i++) {
      knobs[i].slower_than_ns = ~0ull;
      knobs[i].slowest_threshold_ns = sizes.max_slow ? 0 : ~0ull;
    }
  }
};

Napi::Function Session::Define(Napi::Env env) {
  return DefineClass(env, "Session",
                     {
                         InstanceMethod<&Session::Link>("link"),
                         InstanceMethod<&Session::Unlink>("unlink"),
                         InstanceMethod<&Session::SetKnobs>("setKnobs"),
                         InstanceMethod<&Session::SetProcess>("setProcess"),
                         InstanceMethod<&Session::SetState>("setState"),
                         InstanceMethod<&Session::SetGenerations>("setGenerations"),
                         InstanceMethod<&Session::SetCapture>("setCapture"),
                         InstanceMethod<&Session::ReadWaiting>("readWaiting"),
                         InstanceMethod<&Session::Matched>("matched"),
                         InstanceMethod<&Session::ReadSlots>("readSlots"),
                         InstanceMethod<&Session::ReadNodes>("readNodes"),
                         InstanceMethod<&Session::ReadFrames>("readFrames"),
                         InstanceMethod<&Session::BuryDeadThreads>("buryDeadThreads"),
                         InstanceMethod<&Session::StaleFrames>("staleFrames"),
                         InstanceMethod<&Session::SiteHits>("siteHits"),
                         InstanceMethod<&Session::TakeCalls>("takeCalls"),
                         InstanceMethod<&Session::SlowCalls>("slowCalls"),
                         InstanceMethod<&Session::MemoryBytes>("memoryBytes"),
                         InstanceMethod<&Session::Close>("close"),
                     });
}

Session::Session(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Session>(info) {
  auto path = info[0].As<Napi::String>().Utf8Value();
  auto sizes = sizes_from(info[1].As<Napi::Object>());
  guarded(info.Env(), [&] { parts_ = std::make_unique<Parts>(path, sizes); });
  make_views(info.Env());
}

Session::~Session() = default;

void Session::make_views(Napi::Env env) {
  auto histograms = view_of(env, parts_->histograms);
  auto losses = view_of(env, parts_->losses);
  Value().Set("histograms", histograms);
  Value().Set("losses", losses);
  histograms_view_ = Napi::Persistent(histograms);
  losses_view_ = Napi::Persistent(losses);
}

Session::Parts& Session::parts(Napi::Env env) {
  if (!parts_) throw to_js(env, {EBADF, "use of a kernel session after its close"});
  return *parts_;
}

uint32_t Session::slot_argument(const Napi::CallbackInfo& info, size_t index) {
  uint32_t slot = info[index].As<Napi::Number>().Uint32Value();
  if (slot >= parts(info.Env()).sizes.slots) throw Napi::RangeError::New(info.Env(), "slot " + std::to_string(slot) + " of " + std::to_string(parts_->sizes.slots));
  return slot;
}

// (program, pid, path, offsets, cookies) -> link
Napi::Value Session::Link(const Napi::CallbackInfo& info) {
  auto& all = parts(info.Env());
  auto program = info[0].As<Napi::String>().Utf8Value();
  auto path = info[2].As<Napi::String>().Utf8Value();
  auto offsets = info[3].As<Napi::BigUint64Array>();
  auto cookies = info[4].As<Napi::BigUint64Array>();
  if (cookies.ElementLength() != offsets.ElementLength()) throw Napi::RangeError::New(info.Env(), "one cookie an offset");
  return guarded(info.Env(), [&] {
    Probes probes = {};
    probes.program_fd = all.object.program(program);
    probes.attach_type = all.object.attach_type(program);
    probes.pid = info[1].As<Napi::Number>().Uint32Value();
    probes.path = path.c_str();
    probes.offsets = offsets.Data();
    probes.cookies = cookies.Data();
    probes.count = offsets.ElementLength();
    return Napi::Number::New(info.Env(), all.links.make(probes));
  });
}

// (links: Uint32Array)
void Session::Unlink(const Napi::CallbackInfo& info) {
  auto links = info[0].As<Napi::Uint32Array>();
  parts(info.Env()).links.take_off({links.Data(), links.Data() + links.ElementLength()});
}

// (slot, goidOffset, starterOffset, sampleRate, slowerThanNs: bigint, recoveredOffset, recoveredSpOffset)
void Session::SetKnobs(const Napi::CallbackInfo& info) {
  auto& knobs = parts(info.Env()).knobs[slot_argument(info, 0)];
  bool lossless;
  knobs.goid_offset = info[1].As<Napi::Number>().Uint32Value();
  knobs.starter_offset = info[2].As<Napi::Number>().Uint32Value();
  knobs.sample_rate = info[3].As<Napi::Number>().Uint32Value();
  knobs.slower_than_ns = info[4].As<Napi::BigInt>().Uint64Value(&lossless);
  knobs.recovered_offset = info[5].As<Napi::Number>().Uint32Value();
  knobs.recovered_sp_offset = info[6].As<Napi::Number>().Uint32Value();
}

// (slot, number of its process in this session, pid)
void Session::SetProcess(const Napi::CallbackInfo& info) {
  auto& knobs = parts(info.Env()).knobs[slot_argument(info, 0)];
  knobs.process = info[1].As<Napi::Number>().Uint32Value();
  __atomic_store_n(&knobs.tgid, info[2].As<Napi::Number>().Uint32Value(), __ATOMIC_RELEASE);
}

// (slot, word of struct coral_knobs.state)
void Session::SetState(const Napi::CallbackInfo& info) {
  auto& knobs = parts(info.Env()).knobs[slot_argument(info, 0)];
  __atomic_store_n(&knobs.state, info[1].As<Napi::Number>().Uint32Value(), __ATOMIC_RELEASE);
}

// (slot, word of struct coral_knobs.generations). A slot whose process runs another program stays out of it.
void Session::SetGenerations(const Napi::CallbackInfo& info) {
  auto& knobs = parts(info.Env()).knobs[slot_argument(info, 0)];
  uint32_t wanted = info[1].As<Napi::Number>().Uint32Value();
  uint32_t now = read_once(knobs.generations);
  while (now != CORAL_NO_GENERATION && !__atomic_compare_exchange_n(&knobs.generations, &now, wanted, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
  }
}

// (slot, bytes of struct coral_capture or null, CORAL_CAPTURE_ bits)
void Session::SetCapture(const Napi::CallbackInfo& info) {
  uint32_t slot = slot_argument(info, 0);
  auto& all = parts(info.Env());
  int map = all.object.map("captures");
  if (!info[1].IsNull()) {
    auto bytes = info[1].As<Napi::Buffer<uint8_t>>();
    if (bytes.Length() != sizeof(coral_capture)) throw Napi::RangeError::New(info.Env(), "a capture has " + std::to_string(sizeof(coral_capture)) + " bytes");
    if (bpf_map_update_elem(map, &slot, bytes.Data(), BPF_ANY)) throw to_js(info.Env(), {errno, "setting what is captured"});
  }
  __atomic_store_n(&all.knobs[slot].capture, info[2].As<Napi::Number>().Uint32Value(), __ATOMIC_RELEASE);
  if (info[1].IsNull()) bpf_map_delete_elem(map, &slot);
}

Napi::Value Session::ReadWaiting(const Napi::CallbackInfo& info) {
  auto& all = parts(info.Env());
  return wait_columns(info.Env(), all.waits, all.sizes);
}

Napi::Value Session::Matched(const Napi::CallbackInfo& info) {
  auto& all = parts(info.Env());
  return matched_column(info.Env(), all.slot_stats, all.sizes);
}

Napi::Value Session::ReadSlots(const Napi::CallbackInfo& info) {
  auto& all = parts(info.Env());
  return slot_columns(info.Env(), all.slot_stats, all.sizes);
}

Napi::Value Session::ReadNodes(const Napi::CallbackInfo& info) {
  auto& all = parts(info.Env());
  return node_columns(info.Env(), all.nodes, all.sizes);
}

Napi::Value Session::ReadFrames(const Napi::CallbackInfo& info) {
  auto& all = parts(info.Env());
  return frame_columns(info.Env(), all.all_stacks());
}

void Session::BuryDeadThreads(const Napi::CallbackInfo& info) {
  auto& all = parts(info.Env());
  all.dead_threads.bury(all.all_stacks(), all.slot_stats);
}

Napi::Value Session::StaleFrames(const Napi::CallbackInfo& info) {
  auto& all = parts(info.Env());
  return stale_column(info.Env(), all.all_stacks());
}

Napi::Value Session::SiteHits(const Napi::CallbackInfo& info) {
  auto& all = parts(info.Env());
  return site_column(info.Env(), all.site_hits, all.sizes);
}

Napi::Value Session::TakeCalls(const Napi::CallbackInfo& info) {
  auto calls = parts(info.Env()).drain.take_calls();
  return calls.empty() ? info.Env().Null() : call_columns(info.Env(), calls);
}

Napi::Value Session::SlowCalls(const Napi::CallbackInfo& info) {
  return call_columns(info.Env(), parts(info.Env()).drain.slowest_calls());
}

Napi::Value Session::MemoryBytes(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), parts(info.Env()).object.memory_bytes());
}

// Views are detached, so that the kernel's memory is given back now and a stale view reads as empty.
void Session::Close(const Napi::CallbackInfo&) {
  if (!parts_) return;
  parts_.reset();
  for (auto* view : {&histograms_view_, &losses_view_}) {
    view->Value().Detach();
    view->Reset();
  }
}

}  // namespace coral
