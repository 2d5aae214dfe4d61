// Walks the shadow stacks: which calls are open now.
#pragma once

#include <napi.h>

#include "../../../bpf/coral.h"
#include "mapped-array.h"

namespace coral {

struct Stacks {
  MappedArray<coral_bucket>& owners;
  MappedArray<coral_stack>& stacks;
  MappedArray<coral_knobs>& knobs;
  int chunks_fd;
};

Napi::Object frame_columns(Napi::Env env, const Stacks& all);

// By slot: calls that were open when their slot's returns were taken off.
Napi::BigUint64Array stale_column(Napi::Env env, const Stacks& all);

}  // namespace coral
