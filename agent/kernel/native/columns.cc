#include "columns.h"

#include <algorithm>

namespace coral {
namespace {

coral_stats add_stripes(MappedArray<coral_stats>& stats, const Sizes& sizes, uint32_t slot) {
  coral_stats sum = {};
  sum.min_ns = ~0ull;
  for (uint32_t stripe = 0; stripe < sizes.stripes; stripe++) {
    const coral_stats& part = stats[stripe * sizes.slots + slot];
    sum.returns += read_once(part.returns);
    sum.unwound += read_once(part.unwound);
    sum.untracked += read_once(part.untracked);
    sum.joined_mid_call += read_once(part.joined_mid_call);
    sum.sum_ns += read_once(part.sum_ns);
    sum.min_ns = std::min<uint64_t>(sum.min_ns, read_once(part.min_ns));
    sum.max_ns = std::max<uint64_t>(sum.max_ns, read_once(part.max_ns));
  }
  return sum;
}

struct NumberedNode {
  uint32_t id;
  coral_node sum;
};

NumberedNode add_stripes(MappedArray<coral_node>& nodes, const Sizes& sizes, uint32_t id) {
  NumberedNode node = {id, {}};
  node.sum.parent = nodes[id].parent;
  node.sum.slot = nodes[id].slot;
  node.sum.starter = nodes[id].starter;
  for (uint32_t stripe = 0; stripe < sizes.stripes; stripe++) {
    const coral_node& part = nodes[stripe * sizes.nodes + id];
    node.sum.calls += read_once(part.calls);
    node.sum.self_ns += read_once(part.self_ns);
    node.sum.below_ns += read_once(part.below_ns);
    node.sum.waiting_ns += read_once(part.waiting_ns);
  }
  return node;
}

}  // namespace

Napi::Object slot_columns(Napi::Env env, MappedArray<coral_stats>& stats, const Sizes& sizes) {
  std::vector<coral_stats> rows;
  for (uint32_t slot = 0; slot < sizes.slots; slot++) rows.push_back(add_stripes(stats, sizes, slot));
  auto columns = Napi::Object::New(env);
  wide_column(columns, "returns", rows, [](const auto& row) { return row.returns; });
  wide_column(columns, "unwound", rows, [](const auto& row) { return row.unwound; });
  wide_column(columns, "untracked", rows, [](const auto& row) { return row.untracked; });
  wide_column(columns, "joinedMidCall", rows, [](const auto& row) { return row.joined_mid_call; });
  wide_column(columns, "sumNs", rows, [](const auto& row) { return row.sum_ns; });
  wide_column(columns, "minNs", rows, [](const auto& row) { return row.min_ns; });
  wide_column(columns, "maxNs", rows, [](const auto& row) { return row.max_ns; });
  return columns;
}

// Numbers that were given out in vain have no calls.
Napi::Object node_columns(Napi::Env env, MappedArray<coral_node>& nodes, const Sizes& sizes) {
  std::vector<NumberedNode> rows;
  for (uint32_t id = CORAL_NODE_OTHER; id < sizes.nodes; id++) {
    auto node = add_stripes(nodes, sizes, id);
    if (node.sum.calls > 0) rows.push_back(node);
  }
  auto columns = Napi::Object::New(env);
  narrow_column(columns, "id", rows, [](const auto& row) { return row.id; });
  narrow_column(columns, "parent", rows, [](const auto& row) { return row.sum.parent; });
  narrow_column(columns, "slot", rows, [](const auto& row) { return row.sum.slot; });
  wide_column(columns, "calls", rows, [](const auto& row) { return row.sum.calls; });
  wide_column(columns, "totalNs", rows, [](const auto& row) { return row.sum.self_ns + row.sum.below_ns; });
  wide_column(columns, "selfNs", rows, [](const auto& row) { return row.sum.self_ns; });
  wide_column(columns, "waitingNs", rows, [](const auto& row) { return row.sum.waiting_ns; });
  wide_column(columns, "starter", rows, [](const auto& row) { return row.sum.starter; });
  return columns;
}

namespace {

// All calls' values one after another, and where each call's begin (-1: it has none).
void add_captures(Napi::Object columns, const std::vector<ShownCall>& calls) {
  size_t bytes = 0;
  for (const auto& shown : calls) bytes += shown.values.size();
  auto captures = Napi::Buffer<uint8_t>::New(columns.Env(), bytes);
  auto starts = Napi::Int32Array::New(columns.Env(), calls.size());
  size_t at = 0;
  for (size_t i = 0; i < calls.size(); i++) {
    const auto& values = calls[i].values;
    starts.Data()[i] = values.empty() ? -1 : static_cast<int32_t>(at);
    std::copy(values.begin(), values.end(), captures.Data() + at);
    at += values.size();
  }
  columns.Set("captures", captures);
  columns.Set("captureAt", starts);
}

}  // namespace

Napi::Object call_columns(Napi::Env env, const std::vector<ShownCall>& calls) {
  auto columns = Napi::Object::New(env);
  wide_column(columns, "callId", calls, [](const auto& shown) { return shown.call.call_id; });
  wide_column(columns, "startNs", calls, [](const auto& shown) { return shown.call.start_ns; });
  wide_column(columns, "durationNs", calls, [](const auto& shown) { return shown.call.duration_ns; });
  wide_column(columns, "goroutine", calls, [](const auto& shown) { return shown.call.goroutine; });
  narrow_column(columns, "thread", calls, [](const auto& shown) { return shown.call.thread; });
  narrow_column(columns, "tgid", calls, [](const auto& shown) { return shown.call.tgid; });
  narrow_column(columns, "slot", calls, [](const auto& shown) { return shown.call.slot; });
  narrow_column(columns, "flags", calls, [](const auto& shown) { return shown.call.flags; });
  narrow_column(columns, "captureVersion", calls, [](const auto& shown) { return shown.call.capture_version; });
  add_captures(columns, calls);
  return columns;
}

namespace {

struct NumberedWait {
  uint32_t slot;
  uint32_t reason;
  coral_wait wait;
};

constexpr uint32_t kSyscallIndex = CORAL_WAIT_SYSCALL % CORAL_WAIT_REASONS;

}  // namespace

Napi::Object wait_columns(Napi::Env env, MappedArray<coral_wait>& waits, const Sizes& sizes) {
  std::vector<NumberedWait> rows;
  for (uint32_t i = 0; i < sizes.slots * CORAL_WAIT_REASONS; i++) {
    uint32_t reason = i % CORAL_WAIT_REASONS;
    coral_wait wait = {read_once(waits[i].count), read_once(waits[i].total_ns)};
    if (wait.count > 0) rows.push_back({i / CORAL_WAIT_REASONS, reason == kSyscallIndex ? CORAL_WAIT_SYSCALL : reason, wait});
  }
  auto columns = Napi::Object::New(env);
  narrow_column(columns, "slot", rows, [](const auto& row) { return row.slot; });
  byte_column(columns, "reason", rows, [](const auto& row) { return row.reason; });
  wide_column(columns, "count", rows, [](const auto& row) { return row.wait.count; });
  wide_column(columns, "totalNs", rows, [](const auto& row) { return row.wait.total_ns; });
  return columns;
}

Napi::BigUint64Array matched_column(Napi::Env env, MappedArray<coral_stats>& stats, const Sizes& sizes) {
  auto column = Napi::BigUint64Array::New(env, sizes.slots);
  for (uint32_t slot = 0; slot < sizes.slots; slot++) {
    uint64_t sum = 0;
    for (uint32_t stripe = 0; stripe < sizes.stripes; stripe++) sum += read_once(stats[stripe * sizes.slots + slot].matched);
    column.Data()[slot] = sum;
  }
  return column;
}

Napi::BigUint64Array site_column(Napi::Env env, MappedArray<uint64_t>& hits, const Sizes& sizes) {
  auto column = Napi::BigUint64Array::New(env, sizes.sites);
  for (uint32_t site = 0; site < sizes.sites; site++) {
    uint64_t sum = 0;
    for (uint32_t stripe = 0; stripe < sizes.stripes; stripe++) sum += read_once(hits[stripe * sizes.sites + site]);
    column.Data()[site] = sum;
  }
  return column;
}

}  // namespace coral
