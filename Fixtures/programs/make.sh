#!/usr/bin/env bash
# Builds the programs of this folder: what `koinspect readelf` prints of files that are no modules. Each has
# a folder of its name with the output of GNU readelf beside it (`../expected.sh readelf`).
#
# They are committed; tests need no compiler.
set -euo pipefail
cd "$(dirname "$0")"
export SOURCE_DATE_EPOCH=0
tight=(-nostdlib "-Wl,-z,noseparate-code" "-Wl,-z,max-page-size=4096" "-ffile-prefix-map=$PWD/=")

make() { # NAME COMPILER [OPTION…] SOURCE
  mkdir -p "$1"
  "$2" "${@:3}" -o "$1/$1"
}

# Packed relative relocations, a probe of SystemTap, needs versions of libc.
make pie gcc -O1 -fpie -pie "${tight[@]}" -Wl,-z,pack-relative-relocs -Wl,--build-id=sha1 \
  -fcf-protection program.c -lc
strip pie/pie
# Defines versions, chooses a function when it runs, has variables of threads; both kinds of hash table.
make shared gcc -O1 -fpic -shared "${tight[@]}" -Wl,--version-script=shared.map -Wl,-soname,libshared.so.1 \
  -Wl,-rpath,/opt/lib -Wl,--hash-style=both -Wl,-z,now -Wl,-z,lazy shared.c
# 32-bit x86 with relocations that have no addends.
make i386 gcc -m32 -O1 -fpic -shared "${tight[@]}" -Wl,--version-script=shared.map -Wl,--hash-style=sysv \
  -Wl,-z,norelro shared.c
strip i386/i386
# ARM with the other byte order, attributes and an index for unwinding; no dynamic linking.
make armeb arm-linux-gnueabihf-gcc -mbig-endian -O1 -static -funwind-tables "${tight[@]}" -DNO_LIBRARY program.c
# The same without sections.
mkdir -p headless
python3 headless.py pie/pie headless/headless
# A core of 32 bits and notes of every kind that has words of its own.
mkdir -p core
python3 core.py core/core
