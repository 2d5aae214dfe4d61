/* SPDX-License-Identifier: Apache-2.0
 *
 * One class for JavaScript: DwarfFile(path).describe(address) -> JSON string or null. Policy is in TypeScript.
 */
#include <napi.h>

#include <memory>
#include <stdexcept>

#include "dwarf_file.h"

namespace {

class DwarfFileObject : public Napi::ObjectWrap<DwarfFileObject> {
 public:
  static void Register(Napi::Env env, Napi::Object exports) {
    exports.Set("DwarfFile", DefineClass(env, "DwarfFile",
                                         {InstanceMethod<&DwarfFileObject::Describe>("describe"),
                                          InstanceMethod<&DwarfFileObject::Close>("close")}));
  }

  explicit DwarfFileObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<DwarfFileObject>(info) {
    try {
      file_ = std::make_unique<coral::DwarfFile>(info[0].As<Napi::String>().Utf8Value());
    } catch (const std::runtime_error& error) {
      throw Napi::Error::New(info.Env(), error.what());
    }
  }

 private:
  Napi::Value Describe(const Napi::CallbackInfo& info) {
    if (!file_) throw Napi::Error::New(info.Env(), "the DWARF file is closed");
    Dwarf_Die function;
    const auto address = static_cast<Dwarf_Addr>(info[0].As<Napi::Number>().Int64Value());
    if (!file_->FindFunction(address, &function)) return info.Env().Null();
    return Napi::String::New(info.Env(), coral::DescribeFunction(&function));
  }

  void Close(const Napi::CallbackInfo&) { file_.reset(); }

  std::unique_ptr<coral::DwarfFile> file_;
};

Napi::Object Initialise(Napi::Env env, Napi::Object exports) {
  DwarfFileObject::Register(env, exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(coral_dwarf, Initialise)
