#!/usr/bin/env bash
# Builds the fixtures from sources/ with the distribution's kernel headers, out of tree.
#
#   build.sh [ARCH…]      ARCH is amd64 (default), arm64, s390x, armhf, i386, mipsel, mips, or 6.12:
#                         hello-6.12 alone
#
# Rebuilding is not part of the tests: the modules are committed.
set -euo pipefail
cd "$(dirname "$0")"
here=$PWD
version=6.1

need() { # COMMAND PACKAGE
  command -v "$1" >/dev/null || { echo "build.sh: '$1' is missing: apt-get install $2" >&2; exit 1; }
}

# The machine's own apt with private lists, so that packages of another architecture can be had
# without changing the machine.
foreign_headers() { # ARCH ROOT [FLAVOUR]
  local arch=$1 root=$2 apt=$2/apt flavour=${3:-$1}
  mkdir -p "$apt"/{lists/partial,cache/archives/partial,state} "$root/packages"
  : >"$apt/status"
  local options=(-o "Dir::State=$apt/state" -o "Dir::State::lists=$apt/lists"
    -o "Dir::State::status=$apt/status" -o "Dir::Cache=$apt/cache"
    -o "APT::Architecture=$arch" -o "APT::Architectures=$arch")
  apt-get "${options[@]}" -qq update || echo "build.sh: some lists could not be had" >&2
  local meta=linux-headers-$flavour real
  real=$(apt-cache "${options[@]}" depends "$meta" | awk '/Depends: linux-headers-/ {print $2; exit}')
  (cd "$root/packages" && apt-get "${options[@]}" -qq download \
    "$real" "${real%-"$flavour"}-common")
  for package in "$root"/packages/*.deb; do dpkg-deb -x "$package" "$root"; done
  # The headers name their common part and tools by absolute paths.
  local headers=$root/usr/src/$real
  sed -i "s|/usr/src/|$root/usr/src/|g" "$headers/Makefile"
  for link in scripts tools; do
    ln -sfn "/usr/lib/linux-kbuild-$version/$link" "$headers/$link"
    [ ! -L "$root/usr/src/${real%-"$flavour"}-common/$link" ] ||
      ln -sfn "/usr/lib/linux-kbuild-$version/$link" "$root/usr/src/${real%-"$flavour"}-common/$link"
  done
  echo "$headers"
}

# Debian 13's kernel 6.12, built with the machine's own compiler. Its host tools want a newer C
# library: they get a private one. The compiler's newer option for aligning functions is not used.
build_612() {
  local root apt site real common kbuild headers loader work tool
  root=$(mktemp -d)
  apt=$root/apt
  mkdir -p "$apt"/{lists/partial,cache/archives/partial,state,sources} "$root"/{packages,libc}
  : >"$apt/status"
  # shellcheck disable=SC2016 # apt's own variable
  site=$(apt-get indextargets --format '$(REPO_URI)' 'Codename: bookworm' | head -n 1)
  [ -n "$site" ] || { echo "build.sh: no lists of bookworm: apt-get update" >&2; exit 1; }
  printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s trixie main\n' "$site" \
    >"$apt/sources/trixie.list"
  local options=(-o "Dir::State=$apt/state" -o "Dir::State::lists=$apt/lists"
    -o "Dir::State::status=$apt/status" -o "Dir::Cache=$apt/cache"
    -o "Dir::Etc::sourcelist=/dev/null" -o "Dir::Etc::sourceparts=$apt/sources"
    -o "APT::Sandbox::User=root")
  apt-get "${options[@]}" -qq update
  real=$(apt-cache "${options[@]}" depends linux-headers-amd64 |
    awk '/Depends: linux-headers-/ {print $2; exit}')
  common=${real%-amd64}-common
  kbuild=$(apt-cache "${options[@]}" depends "$real" |
    awk '/Depends: linux-kbuild-/ {print $2; exit}')
  (cd "$root/packages" && apt-get "${options[@]}" -qq download "$real" "$common" "$kbuild" libc6)
  for package in "$root"/packages/linux-*.deb; do dpkg-deb -x "$package" "$root"; done
  dpkg-deb -x "$root"/packages/libc6_*.deb "$root/libc"
  headers=$root/usr/src/$real
  sed -i "s|/usr/src/|$root/usr/src/|g" "$headers/Makefile"
  sed -i /CC_HAS_MIN_FUNCTION_ALIGNMENT/d "$headers"/include/{config/auto.conf,generated/autoconf.h}
  rm -f "$headers/vmlinux" # no type information: that would need pahole
  loader=$root/libc/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2
  for tool in scripts/mod/modpost:real-lsb-64 tools/objtool/objtool:real-x86; do
    printf '#!/bin/sh\nexec "%s" --library-path "%s" "%s" "$@"\n' "$loader" \
      "${loader%/*}:/usr/lib/x86_64-linux-gnu" "$root/usr/lib/$kbuild/${tool/:/.}" \
      >"$root/usr/lib/$kbuild/${tool%:*}"
  done
  work=$(mktemp -d)
  cp sources/hello.c "$work"
  echo 'obj-m := hello.o' >"$work/Kbuild"
  make -s -C "$headers" M="$work" CC=gcc KCFLAGS="-ffile-prefix-map=$work/= -ffile-prefix-map=${headers%/*}/=/usr/src/" modules
  mkdir -p hello-6.12
  objcopy --strip-debug "$work/hello.ko" hello-6.12/hello-6.12.ko
  rm -r "$work" "$root"
}

# Takes one string out of .modinfo: what modpost refuses to build.
drop_modinfo() { # FILE STRING
  local section
  section=$(mktemp)
  objcopy -O binary --only-section=.modinfo "$1" "$section"
  python3 - "$section" "$2" <<'PYTHON'
import sys
path, string = sys.argv[1], sys.argv[2].encode()
data = open(path, "rb").read()
assert data.count(string + b"\0") == 1
open(path, "wb").write(data.replace(string + b"\0", b""))
PYTHON
  objcopy --update-section ".modinfo=$section" "$1"
  rm "$section"
}

build() { # HEADERS DESTINATION CROSS NAME…
  local headers=$1 destination=$2 cross=$3 work
  shift 3
  work=$(mktemp -d)
  cp sources/*.c "$work"
  printf 'obj-m := %s\n' "$(printf '%s.o ' "$@")" >"$work/Kbuild"
  # The temporary folders' names stay out of the files: they would change the build IDs.
  make -s -C "$headers" M="$work" KCFLAGS="-ffile-prefix-map=$work/= -ffile-prefix-map=${headers%/*}/=/usr/src/" ${cross:+ARCH=${cross%%:*} CROSS_COMPILE=${cross#*:}} \
    KBUILD_MODPOST_WARN=1 modules
  for name in "$@"; do
    mkdir -p "$destination/$name"
    ${cross:+${cross#*:}}objcopy --strip-debug "$work/$name.ko" "$destination/$name/$name.ko"
  done
  rm -r "$work"
}

all=()
for source in sources/*.c; do all+=("$(basename "$source" .c)"); done

need gcc gcc
need make make
need python3 python3-minimal

sign() { # NAME DIGEST ALGORITHM SUBJECT [OPTION…]: hello.ko with a key made for it
  local keys module=$1/$1 digest=$2
  mkdir -p "$1"
  keys=$(mktemp -d)
  openssl req -new -x509 -newkey "$3" "${@:5}" -nodes -sha256 -days 36500 -subj "$4" \
    -keyout "$keys/key.pem" -outform DER -out "$module.x509.der" 2>/dev/null
  "$headers/scripts/sign-file" "$digest" "$keys/key.pem" "$module.x509.der" hello/hello.ko "$module.ko"
  # The key is thrown away: nobody can sign anything else with it.
  rm -r "$keys"
}

for arch in "${@:-amd64}"; do
  case $arch in
  amd64)
    headers=$(find /usr/src -maxdepth 1 -name "linux-headers-$version*-amd64" | sort -V | tail -n 1)
    [ -n "$headers" ] || { echo "build.sh: apt-get install linux-headers-amd64" >&2; exit 1; }
    build "$headers" "$here" "" "${all[@]}"
    drop_modinfo license_missing/license_missing.ko license=GPL
    need openssl openssl
    sign hello-signed sha256 rsa:2048 "/CN=KoInspect fixture key"
    sign hello-signed-ecdsa sha512 ec "/O=KoInspect/CN=KoInspect ECDSA key" -pkeyopt ec_paramgen_curve:P-384
    ;;
  arm64 | s390x | armhf | i386 | mipsel | mips)
    package=$arch flavour=$arch
    case $arch in
    arm64) triple=aarch64-linux-gnu- kernel=arm64 ;;
    s390x) triple=s390x-linux-gnu- kernel=s390 ;;
    armhf) triple=arm-linux-gnueabihf- kernel=arm flavour=armmp ;;
    # The machine's own compiler makes 32-bit code, too.
    i386) triple='' kernel=i386 flavour=686-pae ;;
    mipsel) triple=mipsel-linux-gnu- kernel=mips flavour=4kc-malta ;;
    # Debian has no kernel for big-endian MIPS any more: it gets the configuration of mipsel.
    mips) triple=mips-linux-gnu- kernel=mips flavour=4kc-malta package=mipsel ;;
    esac
    need "${triple}gcc-12" "gcc-12${triple:+-${triple%-}}"
    root=$(mktemp -d)
    headers=$(foreign_headers "$package" "$root" "$flavour")
    if [ "$arch" = mips ]; then
      sed -i s/CONFIG_CPU_LITTLE_ENDIAN/CONFIG_CPU_BIG_ENDIAN/ \
        "$headers"/{.config,include/config/auto.conf,include/generated/autoconf.h}
    fi
    some=("$arch"/*/)
    some=("${some[@]%/}")
    build "$headers" "$here/$arch" "$kernel:$triple" "${some[@]##*/}"
    rm -r "$root"
    ;;
  6.12) build_612 ;;
  *)
    echo "build.sh: unknown architecture '$arch': amd64, arm64, s390x, armhf, i386, mipsel, mips or 6.12" >&2
    exit 1
    ;;
  esac
done
