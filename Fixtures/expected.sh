#!/usr/bin/env bash
# Makes the expected outputs anew. A folder with a module of its name holds them: `readelf -SW.txt` is
# what `koinspect readelf -SW` must print of it. Which there are is what lies there; an empty file is a
# new case.
#
#   expected.sh [COMMAND…]     those of these commands (default: all)
#
# readelf and modinfo are the real tools, GNU readelf 2.40 and kmod's modinfo; what koinspect alone
# prints is made by its debug build. Read the difference before committing.
set -euo pipefail
cd "$(dirname "$0")"
export LC_ALL=C PATH=$PATH:/sbin:/usr/sbin
tool=$PWD/../.build/debug/koinspect

# Looks that the program which knows a command is here, and the right one.
declare -A ready=()
prepare() { # COMMAND
  local kind=$1
  case $kind in readelf | modinfo) ;; *) kind=koinspect ;; esac
  [ -z "${ready[$kind]-}" ] || return 0
  ready[$kind]=yes
  case $kind in
  readelf) readelf --version | grep -q ' 2\.40' || { echo "expected.sh: needs GNU readelf 2.40" >&2; exit 1; } ;;
  modinfo) command -v modinfo >/dev/null || { echo "expected.sh: apt-get install kmod" >&2; exit 1; } ;;
  # With the flags of Scripts/check: nothing is built twice.
  koinspect) swift build --package-path .. --product koinspect -Xswiftc -warnings-as-errors >&2 ;;
  esac
}

update() { # MODULE FILE COMMAND [OPTION…]
  local module=$1 file=$2
  shift 2
  case $1 in
  readelf) "$@" "$module" >"$file" ;;
  # modinfo prints absolute paths.
  modinfo) "$@" "$module" | sed "s|$PWD/|/fixtures/|" >"$file" ;;
  # A finding is no failure here: its output is what is wanted.
  *) "$tool" "$@" "$module" >"$file" || [ $? -eq 1 ] ;;
  esac
}

while IFS= read -r -d '' file; do
  folder=${file%/*}
  name=${file##*/}
  read -ra command <<<"${name%.txt}"
  [ $# -eq 0 ] || [[ " $* " == *" ${command[0]} "* ]] || continue
  prepare "${command[0]}"
  (cd "$folder" && update "${folder##*/}.ko" "$name" "${command[@]}")
done < <(find . -name '*.txt' -print0 | sort -z)
