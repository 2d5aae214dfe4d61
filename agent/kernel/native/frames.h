// Walks the shadow stacks: which calls are open now.
#pragma once

#include <napi.h>

#include "../../../bpf/coral.h"
#include "mapped-array.h"

namespace coral {

struct Stacks {
  MappedArray<coral_bucket>& owners;
  MappedArray<coral_stack>& stacks;
  int chunks_fd;
};

Napi::Object frame_columns(Napi::Env env, const Stacks& all);

}  // namespace coral
