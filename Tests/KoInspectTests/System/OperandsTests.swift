import Foundation
import TestSupport
import Testing

@testable import KoInspect

@Suite("What is read")
struct OperandsTests {
  /// A folder with modules called a, b and c.
  private static func folder() throws -> TemporaryFile {
    let file = try TemporaryFile(ELFBuilder.module("a").build(), name: "a.ko")
    for name in ["b", "c"] {
      try Data(ELFBuilder.module(name).build())
        .write(to: URL(filePath: "\(file.folder)/\(name).ko"))
    }
    return file
  }

  private static func names(_ arguments: [String]) throws -> [String] {
    try Run(["show", "--json"] + arguments).json().compactMap { $0["name"] as? String }
  }

  @Test("Operands keep their order; directories are sorted within it")
  func order() throws {
    let file = try Self.folder()
    let (folder, c) = (file.folder, "\(file.folder)/c.ko")
    try expect(Self.names([c, folder, file.path]), is: ["c", "a", "b", "c", "a"])
  }

  @Test("A list of paths, ended by newlines or by NULs", arguments: ["\n", "\0"])
  func list(separator: String) throws {
    let file = try Self.folder()
    let paths = ["\(file.folder)/b.ko", "", file.folder].joined(separator: separator)
    let list = try TemporaryFile(Array(paths.utf8), name: "list")
    try expect(Self.names(["--files-from", list.path]), is: ["b", "a", "b", "c"])
    try expect(Self.names([file.path, "--files-from", list.path]), is: ["a", "b", "a", "b", "c"])
  }

  @Test("A NUL-ended list may name paths with newlines")
  func newlineInPath() throws {
    let file = try TemporaryFile(ELFBuilder.module("odd").build(), name: "o\nd.ko")
    let list = try TemporaryFile(Array(file.path.utf8) + [0], name: "list")
    try expect(Self.names(["--files-from", list.path]), is: ["odd"])
  }

  @Test("A list that cannot be read is reported, and the operands are still read")
  func missingList() throws {
    let file = try Self.folder()
    let run = Run(["show", "--json", file.path, "--files-from", "/nowhere/list"])
    expect(run.status, is: 2)
    expect(run.errors, is: "koinspect: /nowhere/list: No such file or directory\n")
    try expect(run.json().count, is: 1)
  }

  @Test("An empty list is an error: nothing was looked at")
  func emptyList() throws {
    let list = try TemporaryFile([], name: "list")
    let run = Run(["show", "--files-from", list.path])
    expect(run.status, is: 2)
    expect(run.out.isEmpty && run.errors.contains("names no file"))
  }

  @Test("A directory without modules is reported")
  func emptyDirectory() throws {
    let file = try TemporaryFile([], name: "README")
    let run = Run(["show", file.folder])
    expect(run.status, is: 2)
    expect(run.errors.contains("no modules"))
  }

  @Test(
    "Sizes: bytes, K, M, G",
    arguments: [
      ("1", 1), ("1000", 1000), ("64K", 64 << 10), ("2m", 2 << 20), ("3G", 3 << 30), ("0", 0),
      ("", nil), ("K", nil), ("1T", nil), ("-1", nil), ("1 K", nil), ("99999999999999999999", nil),
      ("17179869184G", nil),
    ] as [(String, UInt64?)])
  func sizes(text: String, size: UInt64?) {
    expect(Input.Limits(Array(text.utf8))?.maxSize, is: size)
  }

  @Test("Files above the limit are refused, those of any size without one are read")
  func limit() throws {
    let file = try Self.folder()
    let run = Run(["show", "--max-size", "100", file.path])
    expect(run.status, is: 2)
    expect(run.errors, is: "koinspect: \(file.path): more than 100 bytes (see --max-size)\n")
    expect(Run(["show", "--max-size", "1x", file.path]).errors.contains("'1x' is no size"))
    expect(Run(["show", "--max-size=1M", file.path]).status, is: 0)
  }
}
