#!/usr/bin/env bash
# Makes the expected outputs beside the fixtures with the real tools: GNU readelf 2.40, kmod's
# modinfo. NAME.COMMAND.expected is what COMMAND prints about NAME.ko; underscores are blanks.
set -euo pipefail
cd "$(dirname "$0")"
export LC_ALL=C

readelf --version | grep -q ' 2\.40' || { echo "expected.sh: needs readelf 2.40" >&2; exit 1; }
command -v modinfo >/dev/null || { echo "expected.sh: apt-get install kmod" >&2; exit 1; }

expect() { # MODULE COMMAND [OPTION…]
  local module=$1 name
  shift
  name=$(printf '_%s' "$@")
  case $1 in
  # modinfo prints absolute paths: those of this folder become /fixtures.
  modinfo) "$@" "$module" | sed "s|$PWD|/fixtures|" >"${module%.ko}.${name#_}.expected" ;;
  *) "$@" "$module" >"${module%.ko}.${name#_}.expected" ;;
  esac
}

for module in hello.ko arm64/hello.ko s390x/hello.ko; do
  for options in -h -S "-S -W" -s "-s -W" -r "-r -W" -n "-n -W" -hSsrnW; do
    # shellcheck disable=SC2086 # several options
    expect "$module" readelf $options
  done
  for options in "-F license" "-F parm" "-F filename" -a -d -l -p -n -0; do
    # shellcheck disable=SC2086
    expect "$module" modinfo $options
  done
done
expect params.ko modinfo -p
for module in *.ko */*.ko; do
  case $module in
  *hello.ko) ;;
  */*) for table in -S -s -r; do expect "$module" readelf "$table" -W; done ;;
  params.ko | exporter.ko | importer.ko)
    for table in -S -s -r; do expect "$module" readelf "$table" -W; done
    expect "$module" readelf -hSsrnW
    ;;
  *) expect "$module" readelf -hSsrnW ;;
  esac
  expect "$module" modinfo
done
