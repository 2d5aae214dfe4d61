// Kernel abilities, found by trying them.
#pragma once

#include <string>

namespace coral {

// 0 where the kernel and our privileges allow it, else errno. The answer is kept for the process's life.
int try_feature(const std::string& name);

}  // namespace coral
