# Go: found where it usually lies, else Debian's, which fetches a newer toolchain as a module. Then the SDK and the sample services.

GO_OLDEST=22
GO_TOOLCHAIN=1.26.8
OWN_GO=$ROOT/build/toolchain/go

# Puts the first Go that is new enough on the PATH.
find_go() {
  local bin
  for bin in "$(dirname "$(command -v go || echo /nowhere/go)")" /usr/local/go/bin /usr/lib/go-1.*/bin "$OWN_GO/bin"; do
    go_is_new "$bin/go" || continue
    PATH=$bin:$PATH
    return 0
  done
  return 1
}

go_is_new() {
  local minor
  minor=$("$1" version 2>/dev/null | sed -n 's/.* go1\.\([0-9]*\).*/\1/p')
  [[ -n $minor ]] && ((minor >= GO_OLDEST))
}

go_current() { find_go; }
go_make() {
  command -v go >/dev/null || as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends golang-go
  fetch_toolchain || missing "Go 1.$GO_OLDEST or newer (found: $(go version 2>/dev/null || echo none))" \
    'install Go 1.22 or newer so that `go` is on the PATH, then run the set-up again'
}

# What GOTOOLCHAIN=auto does from Go 1.21 on, for an older Go: the toolchain is a module; its zip carries no modes.
fetch_toolchain() {
  local module=golang.org/toolchain@v0.0.1-go$GO_TOOLCHAIN.linux-$(dpkg --print-architecture) folder
  GOFLAGS=-mod=mod go mod download "$module"
  folder=$(go env GOMODCACHE)/$module
  chmod -R u+w "$folder"
  chmod +x "$folder"/bin/* "$folder"/pkg/tool/*/*
  mkdir -p "$(dirname "$OWN_GO")"
  ln -sfn "$folder" "$OWN_GO"
}

examples_current() { [[ ! -e $ROOT/examples/checkout/go.mod ]] || ! changed_since examples "$ROOT/sdk/go" "$ROOT/examples"; }
examples_make() {
  begin_stamp examples
  mkdir -p "$ROOT/build/examples"
  (cd "$ROOT/sdk/go" && go build ./...)
  (cd "$ROOT/examples/checkout" && go build -o "$ROOT/build/examples/" ./...)
  end_stamp examples
}
