#!/usr/bin/env bash
# Set-up, then every test; the last line is `N passed, N failed`. Arguments: compiled test files, to run these alone.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
setup_all
exec node "$ROOT/setup/run-tests.mjs" "$@"
