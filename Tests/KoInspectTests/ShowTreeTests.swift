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
    #expect(
      run.output == """
        NAME                              SIZE  TAINTS  LICENCE                    SIGNER
        hello                       6883 bytes  O       GPL                        \(signed)
        hello                       6432 bytes  OE      GPL                        -
        license_blank               4904 bytes  POE     GPL                        -
        license_missing             4904 bytes  POE     none                       -

        4 modules, 22 KiB
          licence  2 'GPL', 1 none declared, 1 'GPL '
          taints   2 'POE', 1 'O', 1 'OE'
          signer   3 unsigned, 1 '\(signed)'

        """)
    #expect(
      run.errors.hasSuffix(
        "bad.ko: not an ELF file: it does not begin with 7f 45 4c 46 (ELF header, offset 0x0)\n"))
    #expect(run.status == 2)
  }
}

@Suite("Progress")
struct ProgressLineTests {
  @Test("Nothing in the first second, no more than ten times a second afterwards, gone in the end")
  func times() {
    var line = ProgressLine(at: 10)
    #expect(line.text(1, of: 4, at: 10.99) == nil)
    #expect(line.erased() == nil)
    #expect(line.text(2, of: 4, at: 11) == "\r\u{1b}[K2 of 4 files (50 %)")
    #expect(line.text(3, of: 4, at: 11.05) == nil)
    #expect(line.text(3, of: 4, at: 11.15) == "\r\u{1b}[K3 of 4 files (75 %)")
    #expect(line.erased() == "\r\u{1b}[K")
    #expect(line.erased() == nil)
  }
}
