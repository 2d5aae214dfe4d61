// Functions of our own to put probes on: what a hit costs on this host.
#pragma once

#include <napi.h>

namespace coral {

// () -> {path, emulated, stepped, pairEntry, pairReturn}: file offsets of the sites in this addon.
Napi::Value calibration_sites(const Napi::CallbackInfo& info);

// (which, calls) -> ns that the calls took, on a thread of their own.
Napi::Value call_calibration(const Napi::CallbackInfo& info);

}  // namespace coral
