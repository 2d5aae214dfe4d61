// One session as JavaScript sees it: its BPF object, links, drain thread and mapped arrays.
#pragma once

#include <napi.h>

#include <memory>

#include "drain.h"
#include "links.h"
#include "mapped-array.h"
#include "object.h"

namespace coral {

class Session : public Napi::ObjectWrap<Session> {
 public:
  static Napi::Function Define(Napi::Env env);
  explicit Session(const Napi::CallbackInfo& info);
  ~Session() override;

 private:
  struct Parts;

  Napi::Value Link(const Napi::CallbackInfo& info);
  void Unlink(const Napi::CallbackInfo& info);
  void SetKnobs(const Napi::CallbackInfo& info);
  void SetProcess(const Napi::CallbackInfo& info);
  void SetState(const Napi::CallbackInfo& info);
  void SetGenerations(const Napi::CallbackInfo& info);
  void SetCapture(const Napi::CallbackInfo& info);
  Napi::Value ReadSlots(const Napi::CallbackInfo& info);
  Napi::Value ReadNodes(const Napi::CallbackInfo& info);
  Napi::Value ReadFrames(const Napi::CallbackInfo& info);
  Napi::Value ReadWaiting(const Napi::CallbackInfo& info);
  Napi::Value Matched(const Napi::CallbackInfo& info);
  void BuryDeadThreads(const Napi::CallbackInfo& info);
  Napi::Value StaleFrames(const Napi::CallbackInfo& info);
  Napi::Value SiteHits(const Napi::CallbackInfo& info);
  Napi::Value TakeCalls(const Napi::CallbackInfo& info);
  Napi::Value SlowCalls(const Napi::CallbackInfo& info);
  Napi::Value MemoryBytes(const Napi::CallbackInfo& info);
  void Close(const Napi::CallbackInfo& info);

  Parts& parts(Napi::Env env);
  uint32_t slot_argument(const Napi::CallbackInfo& info, size_t index);
  void make_views(Napi::Env env);

  std::unique_ptr<Parts> parts_;
  Napi::Reference<Napi::ArrayBuffer> histograms_view_;
  Napi::Reference<Napi::ArrayBuffer> losses_view_;
};

}  // namespace coral
