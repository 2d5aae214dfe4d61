# All steps, for whoever runs one.
source "$(dirname "${BASH_SOURCE[0]}")/step.sh"
source "$ROOT/setup/packages.sh"
source "$ROOT/setup/modules.sh"
source "$ROOT/setup/native.sh"
source "$ROOT/setup/typescript.sh"
source "$ROOT/setup/go.sh"
