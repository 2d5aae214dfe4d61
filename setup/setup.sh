#!/usr/bin/env bash
# Everything between a fresh clone and a built project. Quick when nothing changed.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/build.sh"

setup_all() {
  echo 'Setting up Coral'
  take_turn
  check_node
  ask_for_root
  step 'Debian packages' packages
  step 'npm packages' modules
  step 'terminal for the tests (node-pty)' pty
  step 'Go' go
  find_go
  build_all
  exec 9>&-
}

[[ ${BASH_SOURCE[0]} != "$0" ]] || setup_all
