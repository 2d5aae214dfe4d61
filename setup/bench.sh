#!/usr/bin/env bash
# Set-up, then the measured comparisons; the results are ratios of one run.
set -euo pipefail
export MORE_PACKAGES=bpftrace
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
setup_all >&2
exec node --enable-source-maps "$ROOT/build/bench/main.js" "$@"
