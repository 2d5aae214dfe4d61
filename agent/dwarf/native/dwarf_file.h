/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace coral {

/* An address range of a compilation unit. */
struct UnitRange {
  Dwarf_Addr low;
  Dwarf_Addr high;
  Dwarf_Off unit;
  /* What it describes lies in another file (.dwo). */
  bool split;
};

/* Inlined copies by the name of the function, mangled where its language does so. */
using InlinedCopies = std::map<std::string, uint32_t>;

/* Columns: function i begins in file_names[files[i]]. */
struct FunctionPlaces {
  std::vector<double> addresses;
  std::vector<uint32_t> files;
  std::vector<uint32_t> lines;
  std::vector<std::string> file_names;
  std::unordered_map<std::string, uint32_t> file_numbers;
};

/* One file's DWARF, opened once: the units' address ranges are read at open, everything else when asked. Throws
 * std::runtime_error with what was asked and what libdw said. */
class DwarfFile {
 public:
  explicit DwarfFile(const std::string& path);
  ~DwarfFile();
  DwarfFile(const DwarfFile&) = delete;
  DwarfFile& operator=(const DwarfFile&) = delete;

  /* The subprogram whose code (or a part of it) begins at this address; false when there is none. */
  bool FindFunction(Dwarf_Addr address, Dwarf_Die* function) const;

  /* Whether what is known of the code at this address lies in another file, by -gsplit-dwarf. */
  bool IsSplitAt(Dwarf_Addr address) const;

  /* Of every function that has code. */
  FunctionPlaces ReadFunctionPlaces() const;

  /* Reads all of the file's DWARF. */
  InlinedCopies CountInlinedCopies() const;

 private:
  void ReadUnitRanges();
  void Close();

  int fd_ = -1;
  Elf* elf_ = nullptr;
  Dwarf* dwarf_ = nullptr;
  std::vector<UnitRange> ranges_;
};

/* The parameters, results and types of a function as JSON; its form is FunctionTypes of agent/dwarf/types.ts. */
std::string DescribeFunction(Dwarf_Die* function, Dwarf_Addr entry);

}  // namespace coral
