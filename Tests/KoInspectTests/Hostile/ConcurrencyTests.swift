import Foundation
import TestSupport
import Testing

/// What happens around a run while it goes on: files change, disks fill up, readers and people leave.
@Suite("A world that does not stand still", .serialized)
struct ConcurrencyTests {
  static let commands = [
    "show", "show --json", "params", "symbols", "sections", "aliases", "match pci:v1",
    "check --no-config", "check --no-config --format sarif", "readelf -aW", "modinfo",
    "preflight --kernel \(fixture("debian-6.1.0-56-amd64.json"))",
    "verify --cert \(fixture("hello-signed.x509.der"))",
  ]

  /// Runs `line` with `$1` a folder that holds copies of fixtures.
  private static func run(
    _ line: String, _ more: [String] = []
  ) throws -> (outcome: BuiltBinary.Outcome, folder: TemporaryFile) {
    let folder = try TemporaryFile(Fixtures.bytes("hello.ko"), name: "a.ko")
    for name in ["params", "exporter", "importer", "hello-signed"] {
      try Data(Fixtures.bytes("\(name).ko"))
        .write(to: URL(filePath: folder.folder).appending(path: "\(name).ko"))
    }
    return (try BuiltBinary.run(line, [folder.folder] + more), folder)
  }

  @Test("Files that shrink, grow and change while they are read", arguments: commands)
  func changing(command: String) throws {
    let line = """
      cd "$1" || exit 9
      cp a.ko whole; cp exporter.ko other
      (while [ -e whole ]; do
        head -c 1000 whole >a.ko; cat whole other >a.ko; cat other >a.ko; : >a.ko; cat whole >a.ko
      done) 2>/dev/null &
      status=0
      for i in 1 2 3 4 5 6 7 8; do
        "$0" \(command) a.ko a.ko a.ko exporter.ko >/dev/null 2>&1
        s=$?
        [ $s -le 2 ] || status=$s
      done
      rm whole
      wait
      exit $status
      """
    try expect(Self.run(line).outcome.status, is: 0)
  }

  @Test("Files that vanish between being found and being read are reported; the others are read")
  func vanishing() throws {
    // The list names what has been removed since.
    let line = """
      cd "$1" || exit 9
      ls *.ko >list; rm params.ko; mkdir importer; rm importer.ko; mv importer importer.ko
      "$0" check --no-config --fail-on never --files-from list >out 2>err
      status=$?
      grep -q 'params.ko: No such file or directory' err && grep -q '^3 modules checked' out &&
        exit $status
      cat out err; exit 9
      """
    try expect(Self.run(line).outcome.status, is: 2)
  }

  @Test(
    "A full disk is status 2 and one line, whatever is written",
    arguments: commands.filter { !$0.hasPrefix("match") })
  func fullDisk(command: String) throws {
    let line = """
      "$0" \(command) "$1"/*.ko >/dev/full 2>"$1/err"
      s=$?
      [ "$(grep -c 'No space left on device' "$1/err")" = 1 ] || exit 9
      exit $s
      """
    try expect(Self.run(line).outcome.status, is: 2)
  }

  @Test(
    "What does not fit on the disk is not left there in part",
    .enabled(if: BuiltBinary.canBeLimited))
  func fullFile() throws {
    let line = """
      trap '' XFSZ
      ulimit -f 1
      "$0" check --no-config --all-rules --format json -o "$1/report" "$1" 2>"$1/err"
      s=$?
      "$0" preflight --kernel "$2" --save-target "$1/target" 2>"$1/err2"
      [ $? = 2 ] || exit 8
      [ "$(ls -A "$1" | grep -cE 'report|target')" = 0 ] || exit 9
      exit $s
      """
    let run = try Self.run(line, [fixture("debian-6.1.0-56-amd64.json")])
    expect(run.outcome.status, is: 2)
  }

  @Test("A reader who leaves ends it without a word", arguments: commands)
  func closedPipe(command: String) throws {
    let line = """
      cd "$1" || exit 9
      for i in 1 2 3 4 5 6 7 8; do printf '%s\\n' *.ko; done >list
      { "$0" \(command) $(cat list) 2>err; echo $? >status; } | head -c 1 >/dev/null
      grep -v 'not a kernel module' err | grep -q . && exit 9
      s=$(cat status)
      # 141 is SIGPIPE; who had written everything before has a status of its own.
      [ "$s" = 141 ] || [ "$s" -le 2 ]
      """
    try expect(Self.run(line).outcome.status, is: 0)
  }

  /// An `open` for a file system that cannot do `O_TMPFILE`, as some of networks and of FUSE cannot.
  private static let olderFileSystem = """
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <errno.h>
    #include <fcntl.h>
    #include <stdarg.h>
    int open(const char *path, int flags, ...) {
      va_list rest;
      va_start(rest, flags);
      int mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, int) : 0;
      va_end(rest);
      if ((flags & O_TMPFILE) == O_TMPFILE) { errno = EOPNOTSUPP; return -1; }
      return ((int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open"))(path, flags, mode);
    }
    """

  @Test(
    "A file has its name when it is complete, and no other, also where files without names cannot be",
    .enabled(if: BuiltBinary.canBeLimited))
  func namedFile() throws {
    let line = """
      cd "$1" || exit 9
      echo "$2" | clang -x c -shared -fPIC -o shim.so - -ldl || exit 8
      export LD_PRELOAD="$1/shim.so"
      "$0" check --no-config --format json -o report a.ko || exit 7
      [ "$(ls -A | grep report)" = report ] || exit 6
      tail -n 1 report | grep -q '}' || exit 5
      rm report
      # While the scan waits for the pipe, the file has another name.
      mkfifo pipe.ko
      "$0" check --no-config --format json -o report a.ko pipe.ko 2>/dev/null &
      for i in 1 2 3 4 5 6 7 8 9 10; do
        ls -A | grep -q '^.koinspect.*tmp$' && break
        sleep 0.1
      done
      [ "$(ls -A | grep -c '^.koinspect.*tmp$')" = 1 ] || exit 4
      kill -TERM $!
      wait $!
      s=$?
      [ "$(ls -A | grep -cE 'report|tmp$')" = 0 ] || exit 3
      exit $s
      """
    try expect(Self.run(line, [Self.olderFileSystem]).outcome.status, is: 128 + 15)
  }

  @Test(
    "An interrupt in a long scan ends it, and no part of a report is left",
    arguments: ["INT", "TERM", "HUP"])
  func interrupt(signal: String) throws {
    let line = """
      # The last one is a pipe without a writer: there the scan waits until it is interrupted.
      mkfifo "$1/pipe.ko"
      { yes "$1/a.ko" | head -n 2000; echo "$1/pipe.ko"; } >"$1/list"
      timeout --preserve-status -s \(signal) 1 "$0" check --no-config --format json \\
        -o "$1/report" --files-from "$1/list" 2>"$1/err"
      s=$?
      [ "$(ls -A "$1" | grep -c report)" = 0 ] || exit 99
      exit $s
      """
    let number: Int32 = ["INT": 2, "TERM": 15, "HUP": 1][signal] ?? 0
    try expect(Self.run(line).outcome.status, is: 128 + number)
  }
}
