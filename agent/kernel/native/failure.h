// A failed system call or library call on its way to JavaScript.
#pragma once

#include <napi.h>

#include <string>
#include <utility>

namespace coral {

struct Failure {
  int error;  // errno
  std::string operation;
  std::string log = "";  // the verifier's or libbpf's words
};

inline Napi::Error to_js(Napi::Env env, const Failure& failure) {
  auto error = Napi::Error::New(env, failure.operation);
  error.Set("errno", Napi::Number::New(env, failure.error));
  error.Set("log", Napi::String::New(env, failure.log));
  return error;
}

// Runs `step`, turning a Failure into a JavaScript error.
template <typename Step>
auto guarded(Napi::Env env, Step&& step) -> decltype(step()) {
  try {
    return std::forward<Step>(step)();
  } catch (const Failure& failure) {
    throw to_js(env, failure);
  }
}

}  // namespace coral
