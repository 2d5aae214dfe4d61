// A call that is shown singly, with the values that it carries.
#pragma once

#include <cstdint>
#include <vector>

#include "../../../bpf/coral.h"

namespace coral {

struct ShownCall {
  coral_call call;
  std::vector<uint8_t> values;  // failed masks and bytes of struct coral_captured; empty: none
};

}  // namespace coral
