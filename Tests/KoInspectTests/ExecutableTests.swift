import Foundation
import TestSupport
import Testing

@testable import KoInspect

/// Runs in which /proc is an empty folder.
private enum HiddenProc {
  /// The begin of a shell line: what follows sees none.
  static let prefix = "unshare -rm sh -c 'mount -t tmpfs none /proc &&"

  /// Containers may forbid it; a sanitizer cannot start without /proc.
  static let isPossible =
    BuiltBinary.canBeLimited && (try? BuiltBinary.run("\(prefix) true'", []).status) == 0
}

/// A few runs of the built binary: what only a real process can show.
@Suite("The built binary")
struct ExecutableTests {
  /// Runs a shell line in which `$0` is the binary and `$1` a module, that of the fixtures by default.
  private static func shell(
    _ line: String, module: String = fixture("hello.ko")
  ) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    let binary = try #require(BuiltBinary.path, "the binary is built with the tests")
    process.arguments = ["-c", line, binary, module]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  @Test(
    "Exit statuses",
    arguments: [
      ("\"$0\" \"$1\" >/dev/null", 0), ("\"$0\" /nowhere.ko 2>/dev/null", 2),
      ("\"$0\" check \"${1%hello/hello.ko}license_missing/license_missing.ko\" >/dev/null", 1),
      ("\"$0\" modinfo /nowhere.ko 2>/dev/null", 1),
    ] as [(String, Int32)])
  func statuses(line: String, status: Int32) throws {
    try expect(Self.shell(line).status, is: status)
  }

  @Test("A full disk is reported, and is status 2")
  func fullDisk() throws {
    let run = try Self.shell("\"$0\" \"$1\" >/dev/full")
    expect(run.status, is: 2)
    expect(
      run.output, is: "koinspect: standard output: cannot be written: No space left on device\n")
  }

  @Test("A closed pipe ends it quietly")
  func closedPipe() throws {
    let run = try Self.shell("\"$0\" readelf -sW \"$1\" \"$1\" \"$1\" 2>&1 | head -n 1 >/dev/null")
    expect(run.output.isEmpty)
  }

  @Test("A path that is not UTF-8 is opened")
  func pathBytes() throws {
    let line = """
      d=$(mktemp -d) && f="$d/$(printf 'h\\377.ko')" && cp "$1" "$f" && "$0" "$f" | head -n 2
      rm -r "$d"
      """
    let run = try Self.shell(line)
    expect(run.output.contains("h\\xff.ko"))
  }

  @Test(
    "Standard input is a module, or a list of paths",
    arguments: [
      "\"$0\" - < \"$1\"", "cat \"$1\" | \"$0\" show -", "gzip -c \"$1\" | \"$0\" -",
      "echo \"$1\" | \"$0\" --files-from -", "printf '%s\\0' \"$1\" | \"$0\" --files-from=-",
    ])
  func standardInput(line: String) throws {
    let run = try Self.shell(line)
    expect(run.status, is: 0)
    expect(run.output.contains("license    GPL"), "\(run.output)")
  }

  /// Folders that anybody may write to are where downloaded programs lie. What is planted is no library:
  /// loading it would end the run.
  @Test("No library that lies beside it is loaded", arguments: CompressionTests.formats)
  func plantedLibraries(format: Compression) throws {
    let module = try TemporaryFile(compressed(format), name: "tiny.ko")
    let names =
      Compression.allCases.map(\.library) + Libcrypto.names
      + ["libc.so.6", "libm.so.6", "libgcc_s.so.1", "libstdc++.so.6", "libswiftCore.so"]
    let line = """
      cd "${1%/*}" && { ln "$0" koinspect 2>/dev/null || cp "$0" koinspect; }
      for name in \(names.joined(separator: " ")); do echo planted >$name; done
      ./koinspect modinfo -F name "$1"
      """
    let run = try withExtendedLifetime(module) { try Self.shell(line, module: module.path) }
    expect(run.output, is: "tiny\n")
    expect(run.status, is: 0)
  }

  @Test(
    "Without /proc it sees its arguments all the same",
    .enabled(if: HiddenProc.isPossible, "nobody may hide /proc here"))
  func withoutProc() throws {
    let run = try Self.shell(
      HiddenProc.prefix
        + " test ! -e /proc/self && exec \"$0\" modinfo -F name \"$1\"' \"$0\" \"$1\"")
    expect(run.output, is: "hello\n")
    expect(run.status, is: 0)
  }
}
