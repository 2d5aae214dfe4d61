# Debian packages: the compilers and libraries that the native parts are built with, and what the caller adds (MORE_PACKAGES, and
# MORE_TOOLS for compilers that may also come from elsewhere than their package).

BUILD_PACKAGES=(clang llvm libbpf-dev libelf-dev libdw-dev libiberty-dev liblzma-dev zlib1g-dev pkg-config make g++ binutils xz-utils ${MORE_PACKAGES:-})

packages_current() { [[ -z $(missing_packages) ]]; }

packages_make() {
  command -v apt-get >/dev/null || missing "$(missing_packages)" \
    'install these (Debian names) with the package manager of this system, then run the set-up again'
  as_root apt-get update -q
  # shellcheck disable=SC2046 # the names are words
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $(missing_packages)
}

# The names that are not installed; where there is no dpkg, the tools that cannot be found.
missing_packages() {
  local name
  if ! command -v dpkg-query >/dev/null; then
    missing_tools
    return
  fi
  for name in "${BUILD_PACKAGES[@]}"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) == installed ]] || echo -n "$name "
  done
  for name in ${MORE_TOOLS:-}; do
    command -v "$name" >/dev/null || echo -n "$name "
  done
}

missing_tools() {
  local tool
  for tool in clang llvm-strip pkg-config make g++ objdump xz ${MORE_TOOLS:-}; do
    command -v "$tool" >/dev/null || echo -n "$tool "
  done
  pkg-config --exists libbpf libelf libdw liblzma zlib 2>/dev/null || echo -n 'libbpf-dev libelf-dev libdw-dev liblzma-dev zlib1g-dev '
  g++ -fsyntax-only -x c++ -include libiberty/demangle.h /dev/null 2>/dev/null || echo -n 'libiberty-dev '
}

# Before the steps, because a step has no terminal: asks for the password once, with the reason.
ask_for_root() {
  packages_current && return
  [[ $(id -u) == 0 ]] && return
  command -v sudo >/dev/null || missing 'root, or sudo' "as root: apt-get install $(missing_packages)"
  echo "  sudo is needed once, to install Debian packages: $(missing_packages)"
  sudo --validate
}

as_root() {
  if [[ $(id -u) == 0 ]]; then "$@"; else sudo "$@"; fi
}
