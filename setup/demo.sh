#!/usr/bin/env bash
# Set-up, then the sample services under load with `coral top` on them (on a pipe: its table, once).
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
setup_all >&2
exec "$ROOT/bin/coral" demo "$@"
