#!/usr/bin/env bash
# Set-up, then every test; the last line is `N passed, N failed`. Arguments: compiled test files, to run these alone.
set -euo pipefail
# Rust programs are among the probed ones.
export MORE_TOOLS=rustc
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
setup_all
exec node "$ROOT/setup/run-tests.mjs" "$@"
