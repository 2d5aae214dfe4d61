// Where the threads of a process stand that do not run now.
#pragma once

#include <napi.h>

namespace coral {

// (path of the BPF object, pid, thread or 0: all) -> columns of struct coral_parked
Napi::Value parked_threads(const Napi::CallbackInfo& info);

}  // namespace coral
