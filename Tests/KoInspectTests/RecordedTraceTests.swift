import ELFKit
import Foundation
import TestSupport
import Testing

@testable import KoInspect

/// What Debian's kernels printed of places in Debian's own modules (Scripts/record-traces).
@Suite("Traces of Debian's modules")
struct RecordedTraceTests {
  static let logs: [String] = Fixtures.names.filter { $0.hasPrefix("traces/debian/") }

  private func text(_ log: String) throws -> String {
    let bytes = try Compression.xz.decompress(
      ByteSlice(try Fixtures.bytes(log)), Input.Limits())
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test("Every place in a module is read: function, offset, size and module")
  func read() throws {
    var modules: Set<String> = []
    var count = 0
    let form = /(\S+)\+0x([0-9a-f]+)\/0x([0-9a-f]+) \[(\w+)\]/
    for log in Self.logs {
      for line in try text(log).split(separator: "\n") {
        let mentions = TraceLine(ByteSlice(Array(line.utf8))).mentions.map(\.symbol)
          .filter { $0.module != nil }
        let matches = line.matches(of: form)
        expect(mentions.count, is: matches.count, "\(log): \(line)")
        for (mention, match) in zip(mentions, matches) {
          expect(mention.function.text == match.1)
          expect(mention.offset, is: UInt64(match.2, radix: 16))
          expect(mention.size, is: UInt64(match.3, radix: 16))
          modules.insert(String(match.4))
          count += 1
        }
      }
    }
    expect(count >= 300 && modules.count >= 20, "\(count) places in \(modules.count) modules")
  }

  /// With `KOINSPECT_TREES`, a folder of folders `RELEASE` with the modules of Debian's packages.
  @Test("Every place is found in Debian's module, and none is taken for another build")
  func found() throws {
    guard let trees = ProcessInfo.processInfo.environment["KOINSPECT_TREES"] else { return }
    let folder = try DecodeTests.Folder()
    for log in Self.logs {
      let release = log.dropFirst("traces/debian/".count).dropLast(".log.xz".count)
      let tree = "\(trees)/\(release)"
      guard FileManager.default.fileExists(atPath: tree) else { continue }
      let run = Run(
        ["decode", "--json", "--modules", tree, try folder.file("log", Array(try text(log).utf8))])
      expect(run.status, is: 0, "\(release): \(run.errors)")
      for object in try run.json() where object["module"] is String {
        if object["kind"] != nil {
          expect(object["confidence"] as? String != "different", "\(release): \(object)")
        } else {
          expect(object["verdict"] as? String != "different", "\(release): \(object)")
        }
      }
    }
  }
}
