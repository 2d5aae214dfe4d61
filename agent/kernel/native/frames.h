// Walks the shadow stacks: which calls are open now.
#pragma once

#include <napi.h>

#include "object.h"

namespace coral {

Napi::Object frame_columns(Napi::Env env, int stacks_fd, const Sizes& sizes);

}  // namespace coral
