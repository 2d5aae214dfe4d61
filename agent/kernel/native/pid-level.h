// How deep the agent's own pid namespace lies, from 0.
#pragma once

#include <cstdint>
#include <string>

namespace coral {

// Asked of the kernel once, with the program that lies beside `object`. Throws Failure.
uint32_t pid_level(const std::string& object);

}  // namespace coral
