import ELFKit
import Foundation
import TestSupport
import Testing

@testable import KoInspect

/// Imports by name and by who offers them: what a list or a tree of modules tells, else what `depends` does.
@Suite("Imports by name and by provider")
struct ImportOrderTests {
  private func lines(_ arguments: String...) -> [String] {
    Run(arguments).output.split(separator: "\n").map(String.init)
  }

  @Test("Imports are sorted by name")
  func byName() {
    let names = lines("symbols", "--imports", fixture("importer.ko")).filter {
      $0.hasPrefix("  0x") || $0.hasPrefix("  no CRC")
    }.compactMap {
      $0.split(separator: " ").first { $0 != "no" && $0 != "CRC" && !$0.hasPrefix("0x") }
    }
    expect(names.count > 4 && names == names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
  }

  @Test("A list of the kernel's symbols and a tree of modules tell who offers what")
  func providers() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "koinspect-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.copyItem(
      at: URL(filePath: fixture("exporter.ko")), to: folder.appending(path: "exporter.ko"))
    let arguments = [
      "--by", "provider", "--kernel", fixture("debian-6.1.0-56-amd64.json"), "--modules",
      folder.path, fixture("importer.ko"),
    ]
    let listed = Run(["symbols", "--imports"] + arguments).output
    let heads = listed.split(separator: "\n").filter {
      $0.hasPrefix("  ") && !$0.hasPrefix("   ") && $0.contains(", ")
    }
    expect(heads.contains { $0.hasPrefix("  vmlinux, ") }, "\(listed)")
    expect(heads.contains { $0.hasPrefix("  exporter.ko, ") }, "\(listed)")
    expect(heads.contains("  nobody, 1 symbol"), "\(listed)")
    // Each under its provider.
    let parts = listed.components(separatedBy: "\n  exporter.ko, ")
    expect(parts.count == 2 && parts[1].contains("fixture_plain"), "\(listed)")
    let screen = Run(["show"] + arguments).output
    expect(screen.contains("\n  exporter.ko, ") && screen.contains("  license    "))
  }

  @Test("depends tells of the kernel when it names no module; else it is not known which it is")
  func depends() throws {
    let plain = lines("symbols", "--imports", "--by", "provider", fixture("hello.ko"))
    expect(plain[1], is: "  the kernel: depends names no module, 4 symbols", "\(plain)")
    let some = lines("symbols", "--imports", "--by", "provider", fixture("importer.ko"))
    expect(
      some.contains { $0.hasPrefix("  not known: the kernel or exporter, ") }, "\(some)")
    // What nobody offered when it was linked is in no depends.
    expect(some.contains { $0.hasPrefix("  not known, 1 symbol") }, "\(some)")
  }

  @Test("Another word, and what no list for people goes with, are refused")
  func refused() {
    for arguments in [
      ["symbols", "--by", "crc", fixture("hello.ko")],
      ["symbols", "--json", "--by", "provider", fixture("hello.ko")],
      ["show", "--json", "--by", "provider", fixture("hello.ko")],
      ["show", "--csv", "--by", "name", fixture("hello.ko")],
    ] {
      let run = Run(arguments)
      expect(run.status == 2 && run.out.isEmpty && run.errors.contains("--by"), "\(arguments)")
    }
  }
}
