// Packs what the kernel counted into typed arrays, one a column.
#pragma once

#include <napi.h>

#include <vector>

#include "../../../bpf/coral.h"
#include "mapped-array.h"
#include "object.h"
#include "shown-call.h"

namespace coral {

Napi::Object slot_columns(Napi::Env env, MappedArray<coral_stats>& stats, const Sizes& sizes);
Napi::Object node_columns(Napi::Env env, MappedArray<coral_node>& nodes, const Sizes& sizes);
Napi::Object call_columns(Napi::Env env, const std::vector<ShownCall>& calls);
Napi::Object wait_columns(Napi::Env env, MappedArray<coral_wait>& waits, const Sizes& sizes);
Napi::BigUint64Array matched_column(Napi::Env env, MappedArray<coral_stats>& stats, const Sizes& sizes);
Napi::BigUint64Array site_column(Napi::Env env, MappedArray<uint64_t>& hits, const Sizes& sizes);

// Makes the column `name` of `target`, one value a row.
template <typename Rows, typename Value>
void wide_column(Napi::Object target, const char* name, const Rows& rows, Value value) {
  auto column = Napi::BigUint64Array::New(target.Env(), rows.size());
  for (size_t i = 0; i < rows.size(); i++) column.Data()[i] = value(rows[i]);
  target.Set(name, column);
}

template <typename Rows, typename Value>
void narrow_column(Napi::Object target, const char* name, const Rows& rows, Value value) {
  auto column = Napi::Uint32Array::New(target.Env(), rows.size());
  for (size_t i = 0; i < rows.size(); i++) column.Data()[i] = value(rows[i]);
  target.Set(name, column);
}

template <typename Rows, typename Value>
void byte_column(Napi::Object target, const char* name, const Rows& rows, Value value) {
  auto column = Napi::Uint8Array::New(target.Env(), rows.size());
  for (size_t i = 0; i < rows.size(); i++) column.Data()[i] = value(rows[i]);
  target.Set(name, column);
}

}  // namespace coral
