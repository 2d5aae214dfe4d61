/* SPDX-License-Identifier: Apache-2.0
 *
 * What demangle.ts declares: readable(symbols), by libiberty, whose names gdb, perf and c++filt show too. Symbols are
 * anybody's text: how long one may be and how much is written for it is bounded here. Each reference to an earlier part may
 * double a name: 240 bytes can stand for 50 MB.
 */
#include <napi.h>

#include <libiberty/demangle.h>

#include <csetjmp>
#include <cstring>
#include <string>

namespace {

/* Of C++: what libiberty puts on the stack grows with the square of the length, to some 3 MB here. Its own limit is half. */
constexpr size_t kMaxSymbol = 2048;
constexpr size_t kMaxReadable = 16 * 1024;
constexpr int kStyle = DMGL_PARAMS | DMGL_ANSI | DMGL_RET_DROP;

struct Readable {
  char text[kMaxReadable];
  size_t length;
  std::jmp_buf too_long;
};

/* Ends the library by longjmp: it has no other way, and what it works with lies on the stack. */
void Append(const char* piece, size_t length, void* opaque) {
  auto* readable = static_cast<Readable*>(opaque);
  if (length > kMaxReadable - readable->length) std::longjmp(readable->too_long, 1);
  std::memcpy(readable->text + readable->length, piece, length);
  readable->length += length;
}

bool DemangleRust(const char* symbol, Readable* readable) {
  readable->length = 0;
  if (setjmp(readable->too_long)) return false;
  return rust_demangle_callback(symbol, kStyle, Append, readable);
}

bool DemangleCpp(const char* symbol, Readable* readable) {
  readable->length = 0;
  if (setjmp(readable->too_long)) return false;
  return cplus_demangle_v3_callback(symbol, kStyle | DMGL_NO_RECURSE_LIMIT, Append, readable);
}

/* Rust's older names look like C++. */
bool Demangle(const std::string& symbol, Readable* readable) {
  const bool is_cpp = symbol.rfind("_Z", 0) == 0;
  if (!is_cpp && symbol.rfind("_R", 0) != 0) return false;
  if (DemangleRust(symbol.c_str(), readable)) return true;
  return is_cpp && symbol.size() <= kMaxSymbol && DemangleCpp(symbol.c_str(), readable);
}

Napi::Value ReadableNames(const Napi::CallbackInfo& info) {
  static thread_local Readable readable;
  const auto symbols = info[0].As<Napi::Array>();
  auto names = Napi::Array::New(info.Env(), symbols.Length());
  for (uint32_t i = 0; i < symbols.Length(); i++) {
    Napi::HandleScope scope(info.Env());
    const Napi::Value symbol = symbols[i];
    if (Demangle(symbol.As<Napi::String>(), &readable))
      names[i] = Napi::String::New(info.Env(), readable.text, readable.length);
    else
      names[i] = symbol;
  }
  return names;
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("readable", Napi::Function::New(env, ReadableNames));
  return exports;
}

}  // namespace

NODE_API_MODULE(coral_demangle, Init)
