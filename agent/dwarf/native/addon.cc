/* SPDX-License-Identifier: Apache-2.0
 *
 * What native-module.ts declares: the class DwarfFile(path), and unpackXz(bytes). Policy is in TypeScript.
 */
#include <napi.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "dwarf_file.h"
#include "unpack_xz.h"

namespace {

template <typename TypedArray, typename Element>
TypedArray Column(Napi::Env env, const std::vector<Element>& values) {
  TypedArray column = TypedArray::New(env, values.size());
  std::copy(values.begin(), values.end(), column.Data());
  return column;
}

class DwarfFileObject : public Napi::ObjectWrap<DwarfFileObject> {
 public:
  static void Register(Napi::Env env, Napi::Object exports) {
    exports.Set("DwarfFile", DefineClass(env, "DwarfFile",
                                         {InstanceMethod<&DwarfFileObject::Describe>("describe"),
                                          InstanceMethod<&DwarfFileObject::IsSplitAt>("isSplitAt"),
                                          InstanceMethod<&DwarfFileObject::FunctionPlaces>("functionPlaces"),
                                          InstanceMethod<&DwarfFileObject::InlinedCopies>("inlinedCopies"),
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
  coral::DwarfFile& Opened(const Napi::CallbackInfo& info) const {
    if (!file_) throw Napi::Error::New(info.Env(), "the DWARF file is closed");
    return *file_;
  }

  Napi::Value Describe(const Napi::CallbackInfo& info) {
    Dwarf_Die function;
    const auto address = static_cast<Dwarf_Addr>(info[0].As<Napi::Number>().Int64Value());
    if (!Opened(info).FindFunction(address, &function)) return info.Env().Null();
    return Napi::String::New(info.Env(), coral::DescribeFunction(&function, address));
  }

  Napi::Value IsSplitAt(const Napi::CallbackInfo& info) {
    const auto address = static_cast<Dwarf_Addr>(info[0].As<Napi::Number>().Int64Value());
    return Napi::Boolean::New(info.Env(), Opened(info).IsSplitAt(address));
  }

  Napi::Value FunctionPlaces(const Napi::CallbackInfo& info) {
    const coral::FunctionPlaces places = Opened(info).ReadFunctionPlaces();
    Napi::Array names = Napi::Array::New(info.Env(), places.file_names.size());
    for (uint32_t i = 0; i < places.file_names.size(); ++i) names[i] = Napi::String::New(info.Env(), places.file_names[i]);
    Napi::Object columns = Napi::Object::New(info.Env());
    columns.Set("addresses", Column<Napi::Float64Array>(info.Env(), places.addresses));
    columns.Set("files", Column<Napi::Uint32Array>(info.Env(), places.files));
    columns.Set("lines", Column<Napi::Uint32Array>(info.Env(), places.lines));
    columns.Set("fileNames", names);
    return columns;
  }

  Napi::Value InlinedCopies(const Napi::CallbackInfo& info) {
    const coral::InlinedCopies copies = Opened(info).CountInlinedCopies();
    Napi::Array pairs = Napi::Array::New(info.Env(), copies.size() * 2);
    uint32_t at = 0;
    for (const auto& [name, count] : copies) {
      pairs[at++] = Napi::String::New(info.Env(), name);
      pairs[at++] = Napi::Number::New(info.Env(), count);
    }
    return pairs;
  }

  void Close(const Napi::CallbackInfo&) { file_.reset(); }

  std::unique_ptr<coral::DwarfFile> file_;
};

Napi::Value UnpackXz(const Napi::CallbackInfo& info) {
  const auto packed = info[0].As<Napi::Uint8Array>();
  try {
    const std::vector<uint8_t> unpacked = coral::UnpackXz(packed.Data(), packed.ByteLength());
    return Napi::Buffer<uint8_t>::Copy(info.Env(), unpacked.data(), unpacked.size());
  } catch (const std::runtime_error& error) {
    throw Napi::Error::New(info.Env(), error.what());
  }
}

Napi::Object Initialise(Napi::Env env, Napi::Object exports) {
  DwarfFileObject::Register(env, exports);
  exports.Set("unpackXz", Napi::Function::New(env, UnpackXz));
  return exports;
}

}  // namespace

NODE_API_MODULE(coral_dwarf, Initialise)
