#!/usr/bin/env bash
# Compiles what changed: BPF, addon, TypeScript, Go. `setup.sh` first sees to packages and compilers.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/every-step.sh"

build_all() {
  step 'kernel programs (BPF)' bpf
  step 'C++ addons' addons
  step 'TypeScript' typescript
  step 'Go SDK and sample services' examples
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  take_turn
  find_go || missing 'Go 1.22 or newer' 'npm run setup'
  build_all
fi
