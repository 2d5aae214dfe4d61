// Walks the shadow stacks: which calls are open now.
#pragma once

#include <napi.h>

#include <functional>

#include "../../../bpf/capture.h"
#include "mapped-array.h"

namespace coral {

struct Stacks {
  MappedArray<coral_bucket>& owners;
  MappedArray<coral_stack>& stacks;
  MappedArray<coral_knobs>& knobs;
  MappedArray<coral_capture_place>& captures;
  int chunks_fd;
};

// Of runtime.g; 0: the owner is a thread.
uint64_t goroutine_address(uint64_t owner);

// Frames of another epoch than their slot's are calls that are not followed any more.
bool is_current(const Stacks& all, const coral_frame& frame);

void each_frame(const Stacks& all, uint64_t owner, const coral_stack& stack, const std::function<void(const coral_frame&)>& visit);

Napi::Object frame_columns(Napi::Env env, const Stacks& all);

// By slot: calls that were open when their slot's returns were taken off.
Napi::BigUint64Array stale_column(Napi::Env env, const Stacks& all);

}  // namespace coral
