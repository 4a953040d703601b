import Foundation
import TestSupport
import Testing

@testable import KoInspect

@Suite("A directory, a line a module")
struct ShowTreeTests {
  @Test("Every module has its line, what cannot be read its error, and all are counted")
  func table() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in ["hello.ko", "hello-signed.ko", "license_blank.ko", "license_missing.ko"] {
      try Data(try Fixtures.bytes(name)).write(to: folder.appending(path: name))
    }
    try Data("no module".utf8).write(to: folder.appending(path: "bad.ko"))
    let run = Run(["show", folder.path])
    let signed = "KoInspect fixture key"
    expect(
      run.output,
      is: """
        NAME                   SIZE  TAINTS  LICENCE  SIGNER                 PATH
        hello            6883 bytes  O       GPL      \(signed)  \(folder.path)/hello-signed.ko
        hello            6432 bytes  OE      GPL      -                      \(folder.path)/hello.ko
        license_blank    4904 bytes  POE     GPL      -                      \(folder.path)/license_blank.ko
        license_missing  4904 bytes  POE     none     -                      \(folder.path)/license_missing.ko

        4 modules, 22 KiB
          licence  2 'GPL', 1 none declared, 1 'GPL '
          taints   2 'POE', 1 'O', 1 'OE'
          signer   3 unsigned, 1 '\(signed)'

        """)
    expect(
      run.errors.hasSuffix(
        "bad.ko: not an ELF file: it does not begin with 7f 45 4c 46 (ELF header, offset 0x0)\n"))
    expect(run.status, is: 2)
  }
}

@Suite("A table of modules")
struct ModuleTableTests {
  private static let names = ["hello.ko", "importer.ko", "license_missing.ko", "params.ko"]
  private let files = Self.names.map { fixture($0) }

  @Test(
    "Columns are those that were asked for, in their order; CSV has their keys and plain numbers")
  func fields() throws {
    let run = Run(["show", "--csv", "--fields", "license,name,parameters,size"] + files)
    expect(run.status, is: 0)
    let lines = run.output.split(separator: "\n").map { String($0) }
    expect(lines[0], is: "license,name,parameters,size")
    expect(lines[1], is: "GPL,hello,1,\(try Fixtures.bytes("hello.ko").count)")
    // What a module does not say is an empty cell, and not the word for it.
    expect(lines[3].hasPrefix(",license_missing,"))
    expect(lines.count, is: 5)
  }

  @Test(
    "Filters: what a module has, has not, and what is like a pattern",
    arguments: [
      ("license", ["hello", "importer", "params"]), ("license=", ["license_missing"]),
      ("name=*o*", ["hello", "importer"]), ("parameters=1", ["hello"]), ("license=none", []),
    ])
  func filters(filter: String, names: [String]) {
    let run = Run(["show", "--csv", "--fields", "name", "--filter", filter] + files)
    expect(run.output.split(separator: "\n").dropFirst().map { String($0) }, is: names)
    expect(run.status, is: 0)
    // An empty table says why.
    expect(run.errors.isEmpty != names.isEmpty)
  }

  @Test("Sorting: numbers by their size, both ways; what is equal stays in order")
  func sorting() throws {
    func names(_ order: String) -> [String] {
      Run(["show", "--csv", "--fields", "name", "--sort", order] + files).output
        .split(separator: "\n").dropFirst().map { String($0) }
    }
    let bySize = try Self.names.map { ($0, try Fixtures.bytes($0).count) }
      .sorted { $0.1 < $1.1 }.map { String($0.0.dropLast(3)) }
    expect(names("size"), is: bySize)
    expect(names("-size"), is: bySize.reversed())
    expect(names("vermagic"), is: ["hello", "importer", "license_missing", "params"])
  }

  @Test("A field that does not exist is refused with what it may have meant")
  func unknown() {
    for option in ["--fields", "--sort", "--filter"] {
      let run = Run(["show", option, "licens", files[0]])
      expect(run.status, is: 2)
      expect(run.errors.contains("did you mean 'license'?"), "\(run.errors)")
    }
    expect(Run(["show", "--csv", "--json", files[0]]).status, is: 2)
  }

  @Test("A folder without modules prints no heading")
  func empty() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = Run(["show", folder.path])
    expect(run.output.isEmpty)
    expect(!run.errors.isEmpty && run.status == 2)
  }

  @Test("Hostile names break no line and no quotation of a CSV file")
  func hostile() throws {
    let run = Run([
      "show", "--csv", "--fields", "name,author,description", fixture("hostile_text.ko"),
    ])
    expect(run.output.split(separator: "\n").count, is: 2)
    expect(!run.out.contains { $0 < 0x20 && $0 != 0x0a || $0 == 0x7f })
  }
}

@Suite("Progress")
struct ProgressLineTests {
  @Test("Nothing in the first second, no more than ten times a second afterwards, gone in the end")
  func times() {
    var line = ProgressLine(at: 10)
    expect(line.text(1, of: 4, at: 10.99), is: nil)
    expect(line.erased(), is: nil)
    expect(line.text(2, of: 4, at: 11), is: "\r\u{1b}[K2 of 4 files (50 %)")
    expect(line.text(3, of: 4, at: 11.05), is: nil)
    expect(line.text(3, of: 4, at: 11.15), is: "\r\u{1b}[K3 of 4 files (75 %)")
    expect(line.erased(), is: "\r\u{1b}[K")
    expect(line.erased(), is: nil)
  }
}
