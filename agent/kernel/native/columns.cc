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
  for (uint32_t stripe = 0; stripe < sizes.stripes; stripe++) {
    const coral_node& part = nodes[stripe * sizes.nodes + id];
    node.sum.calls += read_once(part.calls);
    node.sum.total_ns += read_once(part.total_ns);
    node.sum.self_ns += read_once(part.self_ns);
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
  wide_column(columns, "totalNs", rows, [](const auto& row) { return row.sum.total_ns; });
  wide_column(columns, "selfNs", rows, [](const auto& row) { return row.sum.self_ns; });
  return columns;
}

Napi::Object call_columns(Napi::Env env, const std::vector<coral_call>& calls) {
  auto columns = Napi::Object::New(env);
  wide_column(columns, "callId", calls, [](const auto& call) { return call.call_id; });
  wide_column(columns, "startNs", calls, [](const auto& call) { return call.start_ns; });
  wide_column(columns, "durationNs", calls, [](const auto& call) { return call.duration_ns; });
  wide_column(columns, "goroutine", calls, [](const auto& call) { return call.goroutine; });
  narrow_column(columns, "thread", calls, [](const auto& call) { return call.thread; });
  narrow_column(columns, "tgid", calls, [](const auto& call) { return call.tgid; });
  narrow_column(columns, "slot", calls, [](const auto& call) { return call.slot; });
  narrow_column(columns, "flags", calls, [](const auto& call) { return call.flags; });
  return columns;
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
