# The kernel side and the addon that loads it. Their Makefiles know what changed; the stamps save asking them.

bpf_current() { [[ ! -e $ROOT/bpf/Makefile ]] || ! changed_since bpf "$ROOT/bpf"; }
bpf_make() {
  begin_stamp bpf
  make -C "$ROOT/bpf"
  end_stamp bpf
}

addon_current() { [[ ! -e $ROOT/agent/kernel/native/Makefile ]] || ! changed_since addon "$ROOT/agent/kernel/native" "$ROOT/bpf/coral.h"; }
addon_make() {
  begin_stamp addon
  make -C "$ROOT/agent/kernel/native"
  end_stamp addon
}
