# The kernel side and the C++ addons. Their Makefiles know what changed; the stamps save asking them.

bpf_current() { ! changed_since bpf "$ROOT/bpf"; }
bpf_make() {
  begin_stamp bpf
  make -C "$ROOT/bpf"
  end_stamp bpf
}

addons_current() { ! changed_since addons "$ROOT"/agent/*/native "$ROOT"/bpf/{coral,capture,parked}.h; }
addons_make() {
  local makefile
  begin_stamp addons
  for makefile in "$ROOT"/agent/*/native/Makefile; do make -C "$(dirname "$makefile")"; done
  end_stamp addons
}
