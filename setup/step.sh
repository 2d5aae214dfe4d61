# Named steps of the set-up: one progress line each, with the time taken. What a step prints goes to build/setup.log,
# which is shown when it fails. A step NAME is two functions: NAME_current (is there nothing to do?) and NAME_make.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
LOG=$ROOT/build/setup.log
STAMPS=$ROOT/build/stamps
mkdir -p "$STAMPS"

# step TITLE NAME: runs the step unless it is current.
step() {
  local title=$1 name=$2 started=$EPOCHREALTIME
  printf '  %-36s' "$title"
  if "${name}_current" >>"$LOG" 2>&1; then
    echo 'up to date'
    return
  fi
  printf '== %s\n' "$title" >"$LOG"
  if run_logged "${name}_make"; then
    printf '%6.1f s\n' "$(seconds_since "$started")"
  else
    echo 'FAILED'
    fail_with_log "$title"
  fi
}

# In a shell of its own, because `set -e` does not hold inside a function that an `if` calls.
run_logged() {
  bash -euo pipefail -c 'source "$1/setup/every-step.sh"; "$2"' _ "$ROOT" "$1" >>"$LOG" 2>&1 </dev/null
}

# changed_since STAMP PATH...: whether a file or folder under the paths is newer than the stamp (removal touches the folder).
changed_since() {
  local stamp=$STAMPS/$1
  shift
  [[ ! -e $stamp ]] || [[ -n $(find "$@" -newer "$stamp" -not -path '*/node_modules*' -print -quit) ]]
}

# begin_stamp NAME, end_stamp NAME: the stamp bears the time at which the step began, so that an edit made while it ran is seen.
begin_stamp() { touch "$STAMPS/.$1"; }
end_stamp() { mv "$STAMPS/.$1" "$STAMPS/$1"; }

seconds_since() {
  local now=$EPOCHREALTIME
  printf '%d.%06d' $(((${now/./} - ${1/./}) / 1000000)) $(((${now/./} - ${1/./}) % 1000000))
}

fail_with_log() {
  {
    echo
    echo "Set-up stopped at: $1. The end of build/setup.log:"
    tail -n 40 "$LOG" | sed 's/^/  | /'
  } >&2
  exit 1
}

# missing WHAT HINT: names the piece that cannot be had, and stops the set-up.
missing() {
  echo "missing: $1" >&2
  echo "next step: $2" >&2
  return 1
}

# One set-up at a time in a checkout: two terminals may both ask for it.
take_turn() {
  exec 9>"$ROOT/build/setup.lock"
  flock --nonblock 9 && return
  echo '  waiting for another set-up of this checkout'
  flock 9
}
