#!/bin/sh
# separate-symbols.sh PROGRAM NAME debuglink|debugdata|nowhere: strips a program; its symbols go to NAME.debug beside it, to a
# compressed section of function symbols (MiniDebugInfo, as Fedora's packages have it), or nowhere.
set -eu
program=$1 name=$2 where=$3
folder=$(dirname "$program")
case $where in
debuglink)
  objcopy --only-keep-debug "$program" "$folder/$name.debug"
  strip --strip-all "$program"
  objcopy --add-gnu-debuglink="$folder/$name.debug" "$program"
  ;;
debugdata)
  nm "$program" --format=posix --defined-only | awk '$2 == "T" || $2 == "t" || $2 == "i" { print $1 }' >"$program.keep"
  objcopy --strip-all --only-keep-debug --remove-section .comment --keep-symbols="$program.keep" "$program" "$program.mini"
  xz --force "$program.mini"
  strip --strip-all "$program"
  objcopy --add-section .gnu_debugdata="$program.mini.xz" "$program"
  rm "$program.keep" "$program.mini.xz"
  ;;
nowhere) strip --strip-all "$program" ;;
esac
