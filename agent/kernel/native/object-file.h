// One opening of the BPF object file: shaped by its owner, then loaded.
#pragma once

#include <functional>
#include <string>
#include <vector>

struct bpf_map;
struct bpf_object;
struct bpf_program;

namespace coral {

class ObjectFile {
 public:
  explicit ObjectFile(const std::string& path);
  ~ObjectFile();
  ObjectFile(const ObjectFile&) = delete;
  ObjectFile& operator=(const ObjectFile&) = delete;

  void load();  // throws Failure with the verifier's log
  bpf_map* map(const std::string& name) const;
  bpf_program* program(const std::string& name) const;
  void each_map(const std::function<void(bpf_map*)>& visit) const;
  void each_program(const std::function<void(bpf_program*)>& visit) const;

 private:
  std::string path_;
  std::vector<char> verifier_log_;
  bpf_object* object_;
};

}  // namespace coral
