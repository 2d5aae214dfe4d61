#!/usr/bin/env bash
# Format, lint, arrows between folders, types and arrows between rooms, wire, generated code, tests without root.
# `--static`: all but the tests.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

check_all() {
  cd "$ROOT"
  check 'format, lint, arrows between folders' node_modules/.bin/biome check --error-on-warnings .
  check 'types, arrows between rooms' node_modules/.bin/tsc -b
  check 'wire: buf lint' node_modules/.bin/buf lint
  check 'generated code is what the sources give' generated_is_current
  check 'Go: gofmt and vet' go_is_clean
  [[ ${1:-} == --static ]] || check 'tests without root' node setup/run-tests.mjs --no-root
  finish
}

FAILED=()

check() {
  local title=$1
  shift
  echo "· $title"
  "$@" || FAILED+=("$title")
}

# Generates a second time and compares, so that the tree is left as it was.
generated_is_current() {
  local before after
  before=$(generated_digest)
  npm run --silent gen
  after=$(generated_digest)
  [[ $before == "$after" ]] || {
    echo 'npm run gen changed committed files: commit what it wrote' >&2
    return 1
  }
}

generated_digest() { git ls-files -z | xargs -0 cat -- 2>/dev/null | sha256sum; }

go_is_clean() {
  local module unformatted
  for module in sdk/go examples/checkout; do
    [[ -e $module/go.mod ]] || continue
    unformatted=$(gofmt -l "$module")
    [[ -z $unformatted ]] || { echo "gofmt: $unformatted" >&2; return 1; }
    (cd "$module" && go vet ./...) || return 1
  done
}

finish() {
  ((${#FAILED[@]} == 0)) && return
  printf 'failed: %s\n' "${FAILED[@]}" >&2
  exit 1
}

setup_all
check_all "$@"
