// Which pid namespace the agent is in.
#pragma once

#include <string>

#include "../../../bpf/coral.h"

namespace coral {

// Asked of the kernel once, with the program that lies beside `object`. Throws Failure.
coral_pid_space pid_space(const std::string& object);

}  // namespace coral
