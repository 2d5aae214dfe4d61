// What the addon asks of this host outside of sessions.
#pragma once

#include <napi.h>

namespace coral {

Napi::Value boot_ns(const Napi::CallbackInfo& info);
Napi::Value process_cpu_ns(const Napi::CallbackInfo& info);
Napi::Value read_memory(const Napi::CallbackInfo& info);

}  // namespace coral
