#!/usr/bin/env bash
# Makes the expected outputs anew. A folder with a module (or program) of its name holds them: `readelf -SW.txt` is
# what `koinspect readelf -SW` must print of it into a pipe, `show at 60 columns.txt` what `show` prints on
# a terminal. Which there are is what lies there; an empty file is a new case.
#
#   expected.sh [COMMAND…]     those of these commands (default: all)
#
# readelf and modinfo are the real tools, GNU readelf 2.40 and kmod's modinfo; what koinspect alone
# prints is made by its debug build. Read the difference before committing.
set -euo pipefail
cd "$(dirname "$0")"
# The machine that this runs on is none of the fixtures'.
# Nor what this machine calls devices.
export KOINSPECT_NO_KERNEL=1 KOINSPECT_IDS=
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

# Runs a command on a terminal of so many columns.
in_terminal() { # COLUMNS COMMAND…
  NO_COLOR=1 python3 - "$@" <<'PYTHON'
import fcntl, os, pty, struct, sys, termios
columns, command = int(sys.argv[1]), sys.argv[2:]
main, terminal = pty.openpty()
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
child = os.fork()
if child == 0:
    os.close(main)
    os.dup2(terminal, 1)
    os.execvp(command[0], command)
os.close(terminal)
output = b""
while True:
    try:
        output += os.read(main, 65536)
    except OSError:
        break
sys.stdout.buffer.write(output.replace(b"\r\n", b"\n"))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
PYTHON
}

update() { # MODULE FILE COMMAND [OPTION…]
  local module=$1 file=$2 terminal=()
  shift 2
  if [[ $file == *' columns.txt' ]]; then
    read -ra terminal <<<"in_terminal ${file##* at }"
    unset 'terminal[2]'
  fi
  case $1 in
  readelf) "$@" "$module" >"$file" ;;
  # modinfo prints absolute paths.
  modinfo) "$@" "$module" | sed "s|$PWD/|/fixtures/|" >"$file" ;;
  # A finding is no failure here: its output is what is wanted.
  *) "${terminal[@]}" "$tool" "$@" "$module" >"$file" || [ $? -eq 1 ] ;;
  esac
}

while IFS= read -r -d '' file; do
  folder=${file%/*}
  name=${file##*/}
  read -ra command <<<"${name%.txt}"
  [[ $name != *' columns.txt' ]] || read -ra command <<<"${name% at *}"
  [ $# -eq 0 ] || [[ " $* " == *" ${command[0]} "* ]] || continue
  prepare "${command[0]}"
  module=${folder##*/}
  [ ! -e "$folder/$module.ko" ] || module+=.ko
  (cd "$folder" && update "$module" "$name" "${command[@]}")
done < <(find . -name '*.txt' -print0 | sort -z)
