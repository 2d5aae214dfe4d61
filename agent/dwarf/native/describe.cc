/* SPDX-License-Identifier: Apache-2.0
 *
 * A function's parameters and the types they reach, flattened into one table: type N of the JSON's `types`.
 */
#include <dwarf.h>

#include <cstdio>
#include <map>

#include "dwarf_file.h"

namespace coral {
namespace {

/* Attributes that the Go compiler adds. */
constexpr unsigned kGoKind = 0x2900;
constexpr unsigned kGoElem = 0x2902;

/* A captured value shows one level of fields; a string inside a struct behind a pointer is the deepest thing read. */
constexpr int kMaxDepth = 5;
constexpr size_t kMaxTypes = 512;
constexpr size_t kMaxFields = 64;

std::string Quote(const char* text) {
  std::string out = "\"";
  for (const char* c = text == nullptr ? "" : text; *c != 0; ++c) {
    if (*c == '"' || *c == '\\') {
      out += '\\';
      out += *c;
    } else if (static_cast<unsigned char>(*c) < 0x20) {
      char escaped[8];
      snprintf(escaped, sizeof escaped, "\\u%04x", *c);
      out += escaped;
    } else {
      out += *c;
    }
  }
  return out + "\"";
}

bool ReadUnsigned(Dwarf_Die* die, unsigned name, Dwarf_Word* value) {
  Dwarf_Attribute attribute;
  return dwarf_attr_integrate(die, name, &attribute) != nullptr && dwarf_formudata(&attribute, value) == 0;
}

bool ReadType(Dwarf_Die* die, Dwarf_Die* type, unsigned name = DW_AT_type) {
  Dwarf_Attribute attribute;
  return dwarf_attr_integrate(die, name, &attribute) != nullptr && dwarf_formref_die(&attribute, type) != nullptr;
}

bool HasFlag(Dwarf_Die* die, unsigned name) {
  Dwarf_Attribute attribute;
  bool value = false;
  return dwarf_attr_integrate(die, name, &attribute) != nullptr && dwarf_formflag(&attribute, &value) == 0 && value;
}

class Describer {
 public:
  std::string Describe(Dwarf_Die* function) {
    std::string parameters;
    Dwarf_Die child;
    for (int more = dwarf_child(function, &child); more == 0; more = dwarf_siblingof(&child, &child))
      if (dwarf_tag(&child) == DW_TAG_formal_parameter) Append(&parameters, Parameter(&child));
    Dwarf_Die result;
    const int returns = ReadType(function, &result) ? Type(&result, 0) : -1;
    std::string types;
    for (const std::string& type : types_) Append(&types, type);
    return "{\"name\":" + Quote(dwarf_diename(function)) + ",\"parameters\":[" + parameters + "],\"returns\":" + std::to_string(returns) + ",\"types\":[" + types + "]}";
  }

 private:
  static void Append(std::string* list, const std::string& item) {
    if (!list->empty()) *list += ',';
    *list += item;
  }

  std::string Parameter(Dwarf_Die* die) {
    Dwarf_Die type;
    const int index = ReadType(die, &type) ? Type(&type, 0) : -1;
    /* Go marks its results, which are formal parameters too. */
    return "{\"name\":" + Quote(dwarf_diename(die)) + ",\"type\":" + std::to_string(index) +
           ",\"result\":" + (HasFlag(die, DW_AT_variable_parameter) ? "true" : "false") +
           ",\"artificial\":" + (HasFlag(die, DW_AT_artificial) ? "true" : "false") + "}";
  }

  /* Index of the type in the table; -1 below the depth that is shown. */
  int Type(Dwarf_Die* die, int depth) {
    const Dwarf_Off offset = dwarf_dieoffset(die);
    const auto known = index_.find(offset);
    if (known != index_.end()) return known->second;
    if (depth > kMaxDepth || types_.size() >= kMaxTypes) return -1;
    const int index = static_cast<int>(types_.size());
    index_[offset] = index;
    types_.emplace_back("null");
    types_[index] = Body(die, depth);
    return index;
  }

  std::string Head(Dwarf_Die* die, const char* kind) {
    Dwarf_Word size = 0;
    dwarf_aggregate_size(die, &size);
    Dwarf_Word go_kind = 0;
    ReadUnsigned(die, kGoKind, &go_kind);
    return std::string("{\"kind\":\"") + kind + "\",\"name\":" + Quote(dwarf_diename(die)) + ",\"size\":" + std::to_string(size) +
           ",\"goKind\":" + std::to_string(go_kind);
  }

  std::string Referring(Dwarf_Die* die, const char* kind, int depth, unsigned attribute = DW_AT_type) {
    Dwarf_Die target;
    const int index = ReadType(die, &target, attribute) ? Type(&target, depth) : -1;
    return Head(die, kind) + ",\"target\":" + std::to_string(index) + "}";
  }

  std::string Body(Dwarf_Die* die, int depth) {
    switch (dwarf_tag(die)) {
      case DW_TAG_base_type:
        return Base(die);
      case DW_TAG_typedef:
      case DW_TAG_const_type:
      case DW_TAG_volatile_type:
      case DW_TAG_restrict_type:
      case DW_TAG_atomic_type:
        return Referring(die, "alias", depth);
      case DW_TAG_pointer_type:
      case DW_TAG_reference_type:
      case DW_TAG_rvalue_reference_type:
        return Referring(die, "pointer", depth + 1);
      case DW_TAG_structure_type:
      case DW_TAG_class_type:
        return Struct(die, "struct", depth);
      case DW_TAG_union_type:
        return Struct(die, "union", depth);
      case DW_TAG_array_type:
        return Array(die, depth);
      case DW_TAG_enumeration_type:
        return Head(die, "enum") + "}";
      case DW_TAG_subroutine_type:
        return Head(die, "func") + "}";
      default:
        return Head(die, "unknown") + "}";
    }
  }

  std::string Base(Dwarf_Die* die) {
    Dwarf_Word encoding = 0;
    ReadUnsigned(die, DW_AT_encoding, &encoding);
    const char* kind = "uint";
    if (encoding == DW_ATE_boolean) kind = "bool";
    if (encoding == DW_ATE_float) kind = "float";
    if (encoding == DW_ATE_complex_float) kind = "complex";
    if (encoding == DW_ATE_signed || encoding == DW_ATE_signed_char) kind = "int";
    return Head(die, kind) + "}";
  }

  std::string Struct(Dwarf_Die* die, const char* kind, int depth) {
    std::string fields;
    size_t count = 0;
    bool variants = false;
    Dwarf_Die child;
    for (int more = dwarf_child(die, &child); more == 0; more = dwarf_siblingof(&child, &child)) {
      if (dwarf_tag(&child) == DW_TAG_variant_part) variants = true; /* a Rust enum with data */
      if (dwarf_tag(&child) != DW_TAG_member && dwarf_tag(&child) != DW_TAG_inheritance) continue;
      if (HasFlag(&child, DW_AT_external) || ++count > kMaxFields) continue;
      Append(&fields, Field(&child, depth));
    }
    /* Go's slice names its element type; 5: passed by reference in C++. */
    Dwarf_Die element;
    const int target = ReadType(die, &element, kGoElem) ? Type(&element, depth + 1) : -1;
    Dwarf_Word convention = 0;
    ReadUnsigned(die, DW_AT_calling_convention, &convention);
    return Head(die, kind) + ",\"target\":" + std::to_string(target) + ",\"byReference\":" + (convention == 4 ? "true" : "false") +
           ",\"variants\":" + (variants ? "true" : "false") + ",\"fields\":[" + fields + "]}";
  }

  std::string Field(Dwarf_Die* die, int depth) {
    Dwarf_Word offset = 0;
    ReadUnsigned(die, DW_AT_data_member_location, &offset);
    Dwarf_Die type;
    const int index = ReadType(die, &type) ? Type(&type, depth + 1) : -1;
    const bool base = dwarf_tag(die) == DW_TAG_inheritance;
    return "{\"name\":" + (base ? std::string("\"(base)\"") : Quote(dwarf_diename(die))) + ",\"offset\":" + std::to_string(offset) +
           ",\"type\":" + std::to_string(index) + "}";
  }

  std::string Array(Dwarf_Die* die, int depth) {
    Dwarf_Word count = 0;
    Dwarf_Die child;
    for (int more = dwarf_child(die, &child); more == 0; more = dwarf_siblingof(&child, &child)) {
      if (dwarf_tag(&child) != DW_TAG_subrange_type) continue;
      Dwarf_Word bound = 0;
      if (ReadUnsigned(&child, DW_AT_count, &bound)) count = bound;
      else if (ReadUnsigned(&child, DW_AT_upper_bound, &bound)) count = bound + 1;
      break; /* of several dimensions the first is shown */
    }
    Dwarf_Die element;
    const int target = ReadType(die, &element) ? Type(&element, depth + 1) : -1;
    return Head(die, "array") + ",\"target\":" + std::to_string(target) + ",\"count\":" + std::to_string(count) + "}";
  }

  std::map<Dwarf_Off, int> index_;
  std::vector<std::string> types_;
};

}  // namespace

std::string DescribeFunction(Dwarf_Die* function) { return Describer().Describe(function); }

}  // namespace coral
