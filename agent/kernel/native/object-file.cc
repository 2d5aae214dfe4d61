#include "object-file.h"

#include <bpf/libbpf.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>

#include "failure.h"

namespace coral {
namespace {

constexpr size_t kVerifierLogBytes = 1 << 20;

thread_local std::string libbpf_words;

int keep_words(enum libbpf_print_level level, const char* format, va_list args) {
  char line[1024];
  if (level == LIBBPF_DEBUG) return 0;
  vsnprintf(line, sizeof(line), format, args);
  libbpf_words += line;
  return 0;
}

}  // namespace

ObjectFile::ObjectFile(const std::string& path) : path_(path), verifier_log_(kVerifierLogBytes) {
  libbpf_set_print(keep_words);
  libbpf_words.clear();
  LIBBPF_OPTS(bpf_object_open_opts, options, .kernel_log_buf = verifier_log_.data(), .kernel_log_size = kVerifierLogBytes);
  object_ = bpf_object__open_file(path.c_str(), &options);
  if (!object_) throw Failure{errno, "opening " + path, libbpf_words};
}

ObjectFile::~ObjectFile() { bpf_object__close(object_); }

void ObjectFile::load() {
  libbpf_words.clear();
  int error = bpf_object__load(object_);
  if (error) throw Failure{-error, "loading " + path_, verifier_log_[0] ? verifier_log_.data() : libbpf_words};
  verifier_log_ = {};
}

bpf_map* ObjectFile::map(const std::string& name) const { return bpf_object__find_map_by_name(object_, name.c_str()); }

bpf_program* ObjectFile::program(const std::string& name) const {
  return bpf_object__find_program_by_name(object_, name.c_str());
}

void ObjectFile::each_map(const std::function<void(bpf_map*)>& visit) const {
  bpf_map* map;
  bpf_object__for_each_map(map, object_) visit(map);
}

void ObjectFile::each_program(const std::function<void(bpf_program*)>& visit) const {
  bpf_program* program;
  bpf_object__for_each_program(program, object_) visit(program);
}

}  // namespace coral
