/* SPDX-License-Identifier: Apache-2.0
 *
 * A function's parameters and the types they reach, flattened into one table: type N of the JSON's `types`.
 */
#include <dwarf.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>
#include <map>

#include "attributes.h"
#include "dwarf_file.h"
#include "entry_place.h"
#include "library_type.h"
#include "rust_buffer.h"
#include "trivial_for_calls.h"

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

bool EndsWithStar(const std::string& name) { return !name.empty() && name.back() == '*'; }

/* The compiler has changed the parameters, so that no debugger may call it; a convention that the platform does not have (LLVM's numbers). */
constexpr Dwarf_Word kNoCall = DW_CC_nocall, kOtherConventions = DW_CC_lo_user, kSystemV = 0xc2;

bool LeavesConvention(Dwarf_Word convention) {
  return convention == kNoCall || (convention >= kOtherConventions && convention != kSystemV);
}

/* Languages whose compilers pass values as C's do, by the System V convention, and Go and Rust, of which we know their own. Some are newer than dwarf.h. */
constexpr int kKnownConventions[] = {
    DW_LANG_C89, DW_LANG_C, DW_LANG_C99, DW_LANG_C11, 0x2c /* C17 */, 0x3e /* C23 */, DW_LANG_UPC, DW_LANG_ObjC,
    DW_LANG_C_plus_plus, DW_LANG_C_plus_plus_03, DW_LANG_C_plus_plus_11, DW_LANG_C_plus_plus_14, 0x2a /* C++17 */,
    0x2b /* C++20 */, 0x3a /* C++23 */, DW_LANG_ObjC_plus_plus, 0x30 /* HIP */,
    DW_LANG_Fortran77, DW_LANG_Fortran90, DW_LANG_Fortran95, DW_LANG_Fortran03, DW_LANG_Fortran08, 0x2d /* 18 */, 0x3f /* 23 */,
    DW_LANG_Ada83, DW_LANG_Ada95, 0x2e /* Ada 2005 */, 0x2f /* Ada 2012 */, DW_LANG_Pascal83, DW_LANG_D,
    DW_LANG_Mips_Assembler, 0x31 /* assembly */, DW_LANG_Go, DW_LANG_Rust,
};

bool HasKnownConvention(int language) {
  return language < 0 || std::find(std::begin(kKnownConventions), std::end(kKnownConventions), language) != std::end(kKnownConventions);
}

class Describer {
 public:
  std::string Describe(Dwarf_Die* function, Dwarf_Addr entry) {
    entry_ = entry;
    by_frame_address_ = CountsFromFrameAddress(function);
    language_ = LanguageOf(function);
    std::string parameters;
    Dwarf_Die child;
    for (int more = dwarf_child(function, &child); more == 0; more = dwarf_siblingof(&child, &child)) Parameters(&child, &parameters);
    Dwarf_Die result;
    const int returns = ReadType(function, &result) ? Type(&result, 0) : -1;
    DescribeTypes();
    std::string types;
    for (const std::string& type : types_) Append(&types, type);
    Dwarf_Word convention = 0;
    ReadUnsigned(function, DW_AT_calling_convention, &convention);
    return "{\"name\":" + Quote(dwarf_diename(function)) + ",\"changed\":" + (LeavesConvention(convention) ? "true" : "false") +
           (!HasKnownConvention(language_) ? ",\"ownConvention\":true" : "") + ",\"parameters\":[" + parameters +
           "],\"returns\":" + std::to_string(returns) + ",\"types\":[" + types + "]}";
  }

 private:
  /* Of the function's unit: those of types may be parts that several share, which do not tell. */
  static int LanguageOf(Dwarf_Die* function) {
    Dwarf_Die unit;
    return dwarf_diecu(function, &unit, nullptr, nullptr) == nullptr ? -1 : dwarf_srclang(&unit);
  }

  static void Append(std::string* list, const std::string& item) {
    if (!list->empty()) *list += ',';
    *list += item;
  }

  /* A C++ pack holds its parameters, and no further packs. */
  void Parameters(Dwarf_Die* die, std::string* parameters) {
    if (dwarf_tag(die) == DW_TAG_formal_parameter) Append(parameters, Parameter(die));
    if (dwarf_tag(die) != DW_TAG_GNU_formal_parameter_pack) return;
    Dwarf_Die child;
    for (int more = dwarf_child(die, &child); more == 0; more = dwarf_siblingof(&child, &child))
      if (dwarf_tag(&child) == DW_TAG_formal_parameter) Append(parameters, Parameter(&child));
  }

  std::string Parameter(Dwarf_Die* die) {
    Dwarf_Die type;
    const int index = ReadType(die, &type) ? Type(&type, 0) : -1;
    /* Go marks its results, which are formal parameters too. */
    return "{\"name\":" + Quote(dwarf_diename(die)) + ",\"type\":" + std::to_string(index) +
           ",\"result\":" + (HasFlag(die, DW_AT_variable_parameter) ? "true" : "false") +
           ",\"artificial\":" + (HasFlag(die, DW_AT_artificial) ? "true" : "false") + Place(die) + "}";
  }

  std::string Place(Dwarf_Die* parameter) {
    const std::string place = EntryPlace(parameter, entry_, by_frame_address_);
    return place.empty() ? "" : ",\"place\":" + place;
  }

  /* Index of the type in the table; -1 below the depth that is shown. It is described later, at the least depth that it has. */
  int Type(Dwarf_Die* die, int depth) {
    const Dwarf_Off offset = dwarf_dieoffset(die);
    const auto known = index_.find(offset);
    if (known != index_.end()) {
      if (depth < depths_[known->second]) Await(*die, known->second, depth);
      return known->second;
    }
    if (depth > kMaxDepth || types_.size() >= kMaxTypes) return -1;
    const int index = static_cast<int>(types_.size());
    index_[offset] = index;
    types_.emplace_back("null");
    depths_.push_back(depth);
    Await(*die, index, depth);
    return index;
  }

  void Await(const Dwarf_Die& die, int index, int depth) {
    depths_[index] = depth;
    awaited_[depth].push_back({die, index});
  }

  /* The shallow ones first: a type that one parameter reaches far down, and another is, must not be cut for the first one's sake. */
  void DescribeTypes() {
    for (int depth = 0; depth <= kMaxDepth; ++depth)
      for (size_t next = 0; next < awaited_[depth].size(); ++next) { /* aliases add to their own depth */
        Awaited awaited = awaited_[depth][next];
        if (depths_[awaited.index] == depth && types_[awaited.index] == "null") {
          std::string body = Body(&awaited.die, depth); /* which may move the table */
          types_[awaited.index] = std::move(body);
        }
      }
  }

  std::string Head(Dwarf_Die* die, const char* kind) {
    Dwarf_Word size = 0;
    dwarf_aggregate_size(die, &size);
    Dwarf_Word go_kind = 0;
    ReadUnsigned(die, kGoKind, &go_kind);
    return HeadOf(die, kind, size, go_kind);
  }

  std::string HeadOf(Dwarf_Die* die, const char* kind, Dwarf_Word size, Dwarf_Word go_kind = 0) {
    return std::string("{\"kind\":\"") + kind + "\",\"name\":" + Quote(NameOf(die, 0).c_str()) + ",\"size\":" + std::to_string(size) +
           ",\"goKind\":" + std::to_string(go_kind);
  }

  /* C's pointers and references have no names of their own. Of const, volatile and the like the type behind them tells. */
  static std::string NameOf(Dwarf_Die* die, int depth) {
    const char* name = dwarf_diename(die);
    if (name != nullptr) return name;
    const int tag = dwarf_tag(die);
    const bool is_pointer = tag == DW_TAG_pointer_type || tag == DW_TAG_reference_type || tag == DW_TAG_rvalue_reference_type;
    if ((!is_pointer && depth == 0) || depth > kMaxDepth) return "";
    Dwarf_Die target;
    const bool has_target = ReadType(die, &target);
    const std::string inner = has_target ? NameOf(&target, depth + 1) : "void";
    switch (tag) {
      case DW_TAG_pointer_type:
        return inner + (EndsWithStar(inner) ? "*" : " *");
      case DW_TAG_reference_type:
        return inner + " &";
      case DW_TAG_rvalue_reference_type:
        return inner + " &&";
      case DW_TAG_const_type:
        return EndsWithStar(inner) ? inner + " const" : "const " + inner;
      case DW_TAG_volatile_type:
        return "volatile " + inner;
      case DW_TAG_subroutine_type:
        return "function";
      case DW_TAG_array_type:
        return inner + " []";
      default:
        return has_target ? inner : "";
    }
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
        return Head(die, "enum") + ",\"unsigned\":" + (IsUnsigned(*die) ? "true" : "false") + "}";
      case DW_TAG_ptr_to_member_type:
        return MemberPointer(die);
      case DW_TAG_unspecified_type: /* decltype(nullptr) */
        return HeadOf(die, "unknown", sizeof(void*)) + "}";
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

  /* By the type that an enumeration is stored as. Up to DWARF 2 it has none: one without negative values has no sign. */
  static bool IsUnsigned(Dwarf_Die die) {
    Dwarf_Word encoding = 0;
    Dwarf_Die type;
    if (!ReadType(&die, &type)) return !HasNegative(&die);
    for (int depth = 0; depth <= kMaxDepth && ReadType(&die, &die); depth++) continue;
    ReadUnsigned(&die, DW_AT_encoding, &encoding);
    return encoding == DW_ATE_unsigned || encoding == DW_ATE_unsigned_char || encoding == DW_ATE_boolean;
  }

  static bool HasNegative(Dwarf_Die* enumeration) {
    Dwarf_Die value;
    for (int more = dwarf_child(enumeration, &value); more == 0; more = dwarf_siblingof(&value, &value)) {
      Dwarf_Attribute attribute;
      Dwarf_Sword number = 0;
      if (dwarf_attr(&value, DW_AT_const_value, &attribute) == nullptr || dwarf_whatform(&attribute) != DW_FORM_sdata) continue;
      if (dwarf_formsdata(&attribute, &number) == 0 && number < 0) return true;
    }
    return false;
  }

  /* A distance, or of a function its address and the distance of the object. */
  std::string MemberPointer(Dwarf_Die* die) {
    Dwarf_Die target;
    const bool of_function = ReadType(die, &target) && dwarf_tag(&target) == DW_TAG_subroutine_type;
    return HeadOf(die, "unknown", of_function ? 2 * sizeof(void*) : sizeof(void*)) + "}";
  }

  std::string Struct(Dwarf_Die* die, const char* kind, int depth) {
    std::string fields;
    size_t count = 0;
    std::string variants;
    Dwarf_Die child;
    for (int more = dwarf_child(die, &child); more == 0; more = dwarf_siblingof(&child, &child)) {
      if (dwarf_tag(&child) == DW_TAG_variant_part) variants = Variants(&child, depth); /* a Rust enum with data */
      if (dwarf_tag(&child) != DW_TAG_member && dwarf_tag(&child) != DW_TAG_inheritance) continue;
      if (HasFlag(&child, DW_AT_external) || ++count > kMaxFields) continue;
      Append(&fields, Field(&child, depth));
    }
    /* Go's slice names its element type. */
    Dwarf_Die element;
    const int target = ReadType(die, &element, kGoElem) ? Type(&element, depth + 1) : -1;
    return Head(die, kind) + ",\"target\":" + std::to_string(target) + ",\"byReference\":" + (trivial_.ByReference(die) ? "true" : "false") + ",\"incomplete\":" + (HasFlag(die, DW_AT_declaration) ? "true" : "false") +
           (count > kMaxFields ? ",\"fieldsOmitted\":" + std::to_string(count - kMaxFields) : "") + variants + Buffer(die, depth) +
           Library(die, depth) + ",\"fields\":[" + fields + "]}";
  }

  std::string Buffer(Dwarf_Die* die, int depth) {
    RustBuffer buffer;
    if (!FindRustBuffer(die, &buffer)) return "";
    return ",\"buffer\":{\"pointer\":" + std::to_string(buffer.pointer) + ",\"length\":" + std::to_string(buffer.length) +
           ",\"element\":" + std::to_string(Type(&buffer.element, depth + 1)) + "}";
  }

  std::string Library(Dwarf_Die* die, int depth) {
    LibraryType library;
    if (!FindLibraryType(die, &library)) return "";
    const std::string at = std::to_string(library.at), other = std::to_string(library.other);
    const std::string type = std::to_string(Type(&library.type, depth + (library.kind == LibraryType::kVector ? 1 : 0)));
    if (library.kind == LibraryType::kVector) return ",\"buffer\":{\"pointer\":" + at + ",\"end\":" + other + ",\"element\":" + type + "}";
    if (library.kind == LibraryType::kPointer) return ",\"owned\":{\"pointer\":" + at + ",\"type\":" + type + "}";
    return ",\"optional\":{\"value\":" + at + ",\"type\":" + type + ",\"engaged\":" + other + "}";
  }

  /* A Rust enum's variants, and where the word that tells them apart is: their own, or (niche) one of the data's. */
  std::string Variants(Dwarf_Die* part, int depth) {
    std::string variants;
    size_t count = 0;
    Dwarf_Die variant, member, type;
    for (int more = dwarf_child(part, &variant); more == 0; more = dwarf_siblingof(&variant, &variant)) {
      if (dwarf_tag(&variant) != DW_TAG_variant || dwarf_child(&variant, &member) != 0 || ++count > kMaxFields) continue;
      Append(&variants, "{\"name\":" + Quote(dwarf_diename(&member)) +
                            ",\"type\":" + std::to_string(ReadType(&member, &type) ? Type(&type, depth + 1) : -1) +
                            DiscriminantValue(&variant) + "}");
    }
    return ",\"variants\":[" + variants + "]" + Discriminant(part);
  }

  /* Nothing: the variant of all values that are no other's. Empty: a value that we cannot read. */
  static std::string DiscriminantValue(Dwarf_Die* variant) {
    Dwarf_Word value = 0;
    if (!dwarf_hasattr(variant, DW_AT_discr_value)) return "";
    return ",\"value\":\"" + (ReadUnsigned(variant, DW_AT_discr_value, &value) ? std::to_string(value) : "") + "\"";
  }

  static std::string Discriminant(Dwarf_Die* part) {
    Dwarf_Attribute attribute;
    Dwarf_Die member, type;
    Dwarf_Word offset = 0, size = 0;
    if (dwarf_attr(part, DW_AT_discr, &attribute) == nullptr || dwarf_formref_die(&attribute, &member) == nullptr) return "";
    ReadMemberOffset(&member, &offset);
    if (ReadType(&member, &type)) dwarf_aggregate_size(&type, &size);
    return ",\"tag\":{\"offset\":" + std::to_string(offset) + ",\"size\":" + std::to_string(size) + "}";
  }

  std::string Field(Dwarf_Die* die, int depth) {
    Dwarf_Word offset = 0;
    const bool placed = ReadMemberOffset(die, &offset);
    Dwarf_Die type;
    const bool typed = ReadType(die, &type);
    const std::string bits = typed ? Bits(die, &type, &offset) : "";
    const int index = typed ? Type(&type, depth + 1) : -1;
    const bool base = dwarf_tag(die) == DW_TAG_inheritance;
    return "{\"name\":" + (base ? std::string("\"(base)\"") : Quote(dwarf_diename(die))) + ",\"offset\":" + std::to_string(offset) +
           ",\"type\":" + std::to_string(index) + bits + (placed ? "" : ",\"unplaced\":true") + "}";
  }

  /* Of a bit field: its first bit counted from the lowest of its storage unit, and how many. Moves the offset to that unit. */
  static std::string Bits(Dwarf_Die* field, Dwarf_Die* type, Dwarf_Word* offset) {
    Dwarf_Word width = 0, first = 0, unit = 0;
    if (!ReadUnsigned(field, DW_AT_bit_size, &width)) return "";
    if (dwarf_aggregate_size(type, &unit) != 0 || unit == 0) return "";
    if (ReadUnsigned(field, DW_AT_data_bit_offset, &first)) {
      *offset = first / 8 / unit * unit;
      first -= *offset * 8;
    } else if (ReadUnsigned(field, DW_AT_bit_offset, &first)) {
      /* Up to DWARF 3, and GCC up to 10: counted from the highest bit. */
      first = unit * 8 - first - width;
    }
    return ",\"firstBit\":" + std::to_string(first) + ",\"bits\":" + std::to_string(width);
  }

  /* Of an array: said, or the language's own. */
  bool FirstIndex(Dwarf_Die* range, Dwarf_Sword* first) const {
    Dwarf_Attribute attribute;
    if (dwarf_attr(range, DW_AT_lower_bound, &attribute) != nullptr) return dwarf_formsdata(&attribute, first) == 0;
    if (dwarf_default_lower_bound(language_, first) != 0) *first = 0;
    return true;
  }

  bool CountOf(Dwarf_Die* range, Dwarf_Word* count) const {
    Dwarf_Sword first = 0;
    if (ReadUnsigned(range, DW_AT_count, count)) return true;
    if (!ReadUnsigned(range, DW_AT_upper_bound, count) || !FirstIndex(range, &first)) return false;
    *count = *count + 1 - first;
    return true;
  }

  std::string Array(Dwarf_Die* die, int depth) {
    /* What is passed is a description of the array, which only its own expressions read. */
    if (dwarf_hasattr(die, DW_AT_data_location)) return Head(die, "unknown") + "}";
    /* Several dimensions are shown as one, in the order of memory. */
    Dwarf_Word count = 1, size = 0;
    bool counted = false;
    Dwarf_Die child;
    for (int more = dwarf_child(die, &child); more == 0; more = dwarf_siblingof(&child, &child)) {
      if (dwarf_tag(&child) != DW_TAG_subrange_type) continue;
      Dwarf_Word of_dimension = 0;
      counted = CountOf(&child, &of_dimension);
      if (!counted) break;
      count *= of_dimension;
    }
    Dwarf_Die element;
    const bool has_element = ReadType(die, &element);
    /* In a part that units share nothing tells libdw the language, and with it where bounds begin. */
    if (dwarf_aggregate_size(die, &size) != 0 && counted && has_element && dwarf_aggregate_size(&element, &size) == 0)
      size *= count;
    const int target = has_element ? Type(&element, depth + 1) : -1;
    return HeadOf(die, "array", size) + ",\"target\":" + std::to_string(target) +
           (counted ? ",\"count\":" + std::to_string(count) : "") + "}";
  }

  Dwarf_Addr entry_ = 0;
  bool by_frame_address_ = false;
  int language_ = -1;
  TrivialForCalls trivial_;
  struct Awaited {
    Dwarf_Die die;
    int index;
  };

  std::map<Dwarf_Off, int> index_;
  std::vector<std::string> types_;
  std::vector<int> depths_;
  std::array<std::vector<Awaited>, kMaxDepth + 1> awaited_;
};

}  // namespace

std::string DescribeFunction(Dwarf_Die* function, Dwarf_Addr entry) { return Describer().Describe(function, entry); }

}  // namespace coral
