# npm packages, and node-pty, which the tests drive `coral top` with: compiled here, because its own way downloads headers.

PTY=$ROOT/node_modules/node-pty

check_node() {
  node -e 'const [major, minor] = process.versions.node.split(".").map(Number); process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)' \
    2>/dev/null || missing "Node.js 20.19 or newer (found: $(node --version 2>/dev/null || echo none))" \
    'install Node.js 20 or newer, with npm, then run the set-up again'
}

modules_current() { node "$ROOT/setup/modules-installed.mjs"; }
modules_make() { cd "$ROOT" && npm ci --ignore-scripts --no-audit --no-fund; }

pty_current() { [[ $PTY/build/Release/pty.node -nt $PTY/src/unix/pty.cc ]]; }
pty_make() {
  mkdir -p "$PTY/build/Release"
  g++ -std=c++17 -O2 -fPIC -shared -D_FORTIFY_SOURCE=2 -DNODE_ADDON_API_CPP_EXCEPTIONS -DNAPI_CPP_EXCEPTIONS -DBUILDING_NODE_EXTENSION \
    -I "$ROOT/node_modules/node-addon-api" -I "$ROOT/node_modules/node-api-headers/include" \
    "$PTY/src/unix/pty.cc" -o "$PTY/build/Release/pty.node" -lutil
}
