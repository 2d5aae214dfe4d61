/* SPDX-License-Identifier: Apache-2.0 */
#include "dwarf_file.h"

#include <dwarf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

#include "scopes.h"

namespace coral {
namespace {

/* A function with moved parts has no low_pc but several ranges. */
bool HasRangeFrom(Dwarf_Die* function, Dwarf_Addr address) {
  Dwarf_Addr base, start, end;
  for (ptrdiff_t at = 0; (at = dwarf_ranges(function, at, &base, &start, &end)) > 0;)
    if (start == address) return true;
  return false;
}

/* Larger files are mapped: they would fill the agent's memory. */
constexpr off_t kLargestCopy = 64 << 20;

/* What is mapped ends this process when somebody cuts the file short (SIGBUS); what was read stays. */
Elf_Cmd HowToRead(int fd) {
  struct stat file;
  return fstat(fd, &file) == 0 && file.st_size <= kLargestCopy ? ELF_C_READ : ELF_C_READ_MMAP;
}

}  // namespace

DwarfFile::DwarfFile(const std::string& path) {
  fd_ = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd_ < 0) throw std::runtime_error("cannot open " + path);
  elf_version(EV_CURRENT);
  elf_ = elf_begin(fd_, HowToRead(fd_), nullptr);
  dwarf_ = dwarf_begin_elf(elf_, DWARF_C_READ, nullptr);
  const std::string fault = dwarf_ == nullptr ? dwarf_errmsg(-1) : "it describes no code";
  if (dwarf_ != nullptr) ReadUnitRanges();
  if (!ranges_.empty()) return;
  Close();
  throw std::runtime_error(path + " has no readable DWARF: " + fault);
}

DwarfFile::~DwarfFile() { Close(); }

void DwarfFile::Close() {
  dwarf_end(dwarf_);
  elf_end(elf_);
  close(fd_);
}

void DwarfFile::ReadUnitRanges() {
  Dwarf_CU* unit = nullptr;
  Dwarf_Die die;
  uint8_t kind = 0;
  while (dwarf_get_units(dwarf_, unit, &unit, nullptr, &kind, &die, nullptr) == 0) {
    const bool split = kind == DW_UT_skeleton;
    if (dwarf_tag(&die) != DW_TAG_compile_unit && !split) continue;
    Dwarf_Addr base, low, high;
    for (ptrdiff_t at = 0; (at = dwarf_ranges(&die, at, &base, &low, &high)) > 0;)
      ranges_.push_back({low, high, dwarf_dieoffset(&die), split});
  }
}

bool DwarfFile::FindFunction(Dwarf_Addr address, Dwarf_Die* function) const {
  for (const UnitRange& range : ranges_) {
    if (address < range.low || address >= range.high || range.split) continue;
    Dwarf_Die unit;
    if (dwarf_offdie(dwarf_, range.unit, &unit) == nullptr) continue;
    const auto then = Scopes().Walk(&unit, [&](Dwarf_Die* entry, int tag) {
      if (tag != DW_TAG_subprogram || !HasRangeFrom(entry, address)) return Scopes::Then::kGoIn;
      *function = *entry;
      return Scopes::Then::kStop;
    });
    if (then == Scopes::Then::kStop) return true;
  }
  return false;
}

bool DwarfFile::IsSplitAt(Dwarf_Addr address) const {
  return std::any_of(ranges_.begin(), ranges_.end(), [address](const UnitRange& range) {
    return range.split && address >= range.low && address < range.high;
  });
}

}  // namespace coral
