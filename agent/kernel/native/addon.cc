// The addon's exports; agent/kernel/native-addon.ts has their types.
#include <malloc.h>
#include <napi.h>

#include "calibration.h"
#include "features.h"
#include "host.h"
#include "parked.h"
#include "session.h"

namespace {

Napi::Value try_feature(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), coral::try_feature(info[0].As<Napi::String>().Utf8Value()));
}

// The agent lives long and reads large files now and then. With one arena a thread, and with a threshold that grows to
// 32 MB, glibc kept half of what was ever used.
void give_memory_back() {
  constexpr int kLargeBytes = 128 * 1024;
  mallopt(M_ARENA_MAX, 2);
  mallopt(M_MMAP_THRESHOLD, kLargeBytes);
  mallopt(M_TRIM_THRESHOLD, 8 * kLargeBytes);
}

Napi::Object define(Napi::Env env, Napi::Object exports) {
  give_memory_back();
  exports.Set("Session", coral::Session::Define(env));
  exports.Set("tryFeature", Napi::Function::New(env, try_feature));
  exports.Set("calibrationSites", Napi::Function::New(env, coral::calibration_sites));
  exports.Set("callCalibration", Napi::Function::New(env, coral::call_calibration));
  exports.Set("bootNs", Napi::Function::New(env, coral::boot_ns));
  exports.Set("processCpuNs", Napi::Function::New(env, coral::process_cpu_ns));
  exports.Set("readMemory", Napi::Function::New(env, coral::read_memory));
  exports.Set("parkedThreads", Napi::Function::New(env, coral::parked_threads));
  return exports;
}

}  // namespace

NODE_API_MODULE(coral_kernel, define)
