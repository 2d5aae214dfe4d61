# TypeScript, one composite project a room. A test whose source is gone must not run from build/.

ROOMS=(proto snapshots agent colony tui cli test bench)

typescript_current() { ! changed_since typescript "$ROOT/tsconfig.json" "$ROOT/tsconfig.base.json" "${ROOMS[@]/#/$ROOT/}"; }
typescript_make() {
  begin_stamp typescript
  cd "$ROOT"
  node_modules/.bin/tsc -b
  remove_orphans
  end_stamp typescript
}

remove_orphans() {
  local compiled
  find build -name '*.test.js' -not -path 'build/targets/*' | while read -r compiled; do
    [[ -e $(sed 's|^build/||; s|\.js$|.ts|' <<<"$compiled") ]] || rm -- "$compiled" "$compiled.map"
  done
}
