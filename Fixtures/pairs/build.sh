#!/usr/bin/env bash
# Builds the pairs: one driver, and the same with one thing done otherwise.
#
#   [CLANG=…] build.sh [HEADERS] [NAME]     HEADERS is a folder of kernel headers, with its tools; only NAME,
#                                           if there is one, and only with CLANG the pair of two compilers
#
# Rebuilding is no part of the tests: the modules are committed, and what diff has to say of each pair
# stands in pairs.tsv.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
headers=${1:-/usr/src/linux-headers-$(uname -r)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
only=${2:-}
sign=$headers/scripts/sign-file

# What a variant is called, the folder that it is built in, and its lines of variant.h.
build() { # NAME FOLDER LINE…
  local name=$1 folder=$work/$2
  shift 2
  [ -z "$only" ] || [ "$only" = "$name" ] || return 0
  mkdir -p "$folder"
  cp "$here/drv.c" "$folder/drv.c"
  echo "obj-m := drv.o" >"$folder/Kbuild"
  printf '%s\n' "$@" >"$folder/variant.h"
  make -s -C "$headers" "M=$folder" "${make[@]}" modules >"$work/log" 2>&1 || {
    cat "$work/log" >&2
    exit 1
  }
  cp "$folder/drv.ko" "$work/$name.debug"
  objcopy --strip-debug "$folder/drv.ko" "$here/$name.ko"
  rm -r "$folder"
}

make=()
build base home/a/drv
build folder root/elsewhere/b
build user home/somebody/work/drv
build twice home/a/drv
build constant home/a/drv '#define CONSTANT 42'
build start home/a/drv '#define START 5'
build text home/a/drv '#define TEXT "pair: %d from %s\n"'
build call home/a/drv '#define NEW_CALL'
build default home/a/drv '#define DEFAULT 4'
build parameter home/a/drv '#define NEW_PARAMETER'
build data home/a/drv '#define FOURTH 9'
build license home/a/drv '#define LICENSE "Dual MIT/GPL"'
build description home/a/drv '#define DESCRIPTION "a driver of something"'
build export home/a/drv '#define NEW_EXPORT'
build unexported home/a/drv '#define NO_EXPORT'
build free home/a/drv '#define PAIR_EXPORT EXPORT_SYMBOL'
build alias home/a/drv '#define NEW_ALIAS'
build firmware home/a/drv '#define NEW_FIRMWARE'
build softdep home/a/drv '#define NEW_SOFTDEP'
build version home/a/drv '#define VERSION "2.0"'
build swapped home/a/drv '#define SWAPPED'
build renamed home/a/drv '#define pair_second pair_other'
build init home/a/drv '#define SECTION __init'
build larger home/a/drv '#define LARGER_STRUCT'
# A line above all functions: variant.h counts for itself, so the source gets one.
sed '/^static int level/i /* one line more */' "$here/drv.c" >"$work/line.c"
cp "$here/drv.c" "$work/kept.c"
trap 'cp "$work/kept.c" "$here/drv.c"; rm -rf "$work"' EXIT
cp "$work/line.c" "$here/drv.c"
build line home/a/drv
cp "$work/kept.c" "$here/drv.c"
make=(KCFLAGS=-Os)
build small home/a/drv
# Headers of a kernel that gcc has built name options that clang does not have.
if [ -n "${CLANG:-}" ]; then
  cat >"$work/cc" <<'WRAPPER'
#!/usr/bin/env bash
for option; do
  shift
  case $option in
  -Wp,*) set -- "$@" "$option" ;;
  -fconserve-stack | -mrecord-mcount | -mfunction-return=* | -ftrivial-auto-var-init=* | -W*) ;;
  *) set -- "$@" "$option" ;;
  esac
done
exec "$CLANG" "$@"
WRAPPER
  chmod +x "$work/cc"
  make=(LLVM=1 "CC=$work/cc" LD=ld HOSTCC=gcc AR=ar NM=nm OBJCOPY=objcopy STRIP=strip)
  build clang home/a/drv
fi
# Addends in the bytes: no headers are needed.
narrow() { # NAME COMPILER…
  local name=$1
  shift
  [ -z "$only" ] || [ "$only" = "$name" ] || return 0
  "$@" -O2 -fno-pic -fno-pie -ffreestanding -fno-asynchronous-unwind-tables -fno-ident -c "$here/narrow.c" \
    -o "$here/$name.ko"
}
narrow arm-base arm-linux-gnueabihf-gcc -marm
narrow arm-text arm-linux-gnueabihf-gcc -marm '-DTEXT="quite another text %d\n"'
narrow i386-base gcc -m32
narrow i386-text gcc -m32 '-DTEXT="quite another text %d\n"'
[ -z "$only" ] || exit 0
for key in one two; do
  openssl req -new -x509 -newkey rsa:2048 -nodes -days 36500 -subj "/CN=pair $key" -batch \
    -outform PEM -keyout "$work/$key.pem" -out "$work/$key.crt" 2>/dev/null
  "$sign" sha256 "$work/$key.pem" "$work/$key.crt" "$here/base.ko" "$here/signed-$key.ko"
done
strip --strip-unneeded -o "$here/stripped.ko" "$here/base.ko"
objcopy --strip-debug --remove-section .comment "$work/base.debug" "$here/uncommented.ko"
xz --check=crc32 -k -c "$here/base.ko" >"$here/packed.ko.xz"
xz -9 --check=crc32 -c "$work/base.debug" >"$here/debug.ko.xz"
