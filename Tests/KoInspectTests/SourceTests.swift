import ELFKit
import Foundation
import TestSupport
import Testing

@testable import KoInspect

@Suite("Lines and inlined functions")
struct SourceTests {
  /// What compilers made of Fixtures/lines/inlined.c.
  static let objects: [String] = Fixtures.names.filter {
    $0.hasPrefix("lines/") && $0.hasSuffix(".o.xz")
  }

  private func bytes(_ name: String) throws -> [UInt8] {
    try Compression.xz.decompress(ByteSlice(try Fixtures.bytes(name)), Input.Limits())
  }

  private func table(_ image: ELFImage) throws -> SourceTable? {
    try SourceTable(image, Compression.sectionUnpacker(Input.Limits()))
  }

  @Test("Line and inline chain of every instruction are those of addr2line", arguments: objects)
  func chains(_ name: String) throws {
    let image = try ELFImage(try bytes(name))
    var table = try #require(try table(image))
    let stem = name.dropLast(".o.xz".count)
    let text = try String(contentsOfFile: Fixtures.path("\(stem).lines"), encoding: .utf8)
    var count = 0
    var deepest = 0
    for row in text.split(separator: "\n") {
      let words = row.split(separator: " ").map(String.init)
      let section = try #require(image.sections.first(named: words[0]))
      let frames = table.frames(at: try #require(UInt64(words[1])), of: section.index)
      expect(
        frames.map { "\($0.function?.text ?? "?"):\($0.line.line)" }, is: Array(words.dropFirst(2)),
        "\(stem): \(row)")
      expect(frames.allSatisfy { $0.line.file.text.hasSuffix("inlined.c") })
      count += 1
      deepest = max(deepest, frames.count)
    }
    expect(count > 200 && deepest >= 3)
    expect(table.frames(at: .max, of: 1).isEmpty && table.frames(at: 0, of: 100_000).isEmpty)
  }

  @Test("A section that cannot be unpacked has no lines")
  func packed() throws {
    let image = try ELFImage(try bytes("lines/gcc12-dwarf5-zlib.o.xz"))
    try expect(SourceTable(image) == nil)
    try expect(SourceTable(image) { _, _, _ in nil } == nil)
    // A size that is not what comes out is a lie.
    try expect(SourceTable(image) { _, packed, _ in packed } == nil)
  }

  @Test("Damaged debug information traps nothing and ends", arguments: objects)
  func damaged(_ name: String) throws {
    let bytes = try bytes(name)
    let image = try ELFImage(bytes)
    let sections = image.sections.filter { $0.name.contains("debug_") && $0.header.size > 0 }
    expect(sections.count >= 8)
    var random = SeededGenerator(5)
    for round in 0..<24 {
      var damaged = bytes
      for _ in 0..<6 {
        let header = sections[round % sections.count].header
        let place = Int(header.offset) + Int(random.next() % header.size)
        damaged[place] = UInt8(truncatingIfNeeded: random.next())
      }
      guard var table = try? table(try ELFImage(damaged)) else { continue }
      for section in 0..<12 {
        for offset in stride(from: 0, to: 0x100, by: 13) as StrideTo<UInt64> {
          expect(table.frames(at: offset, of: section).count < 64)
        }
      }
    }
  }

  /// What a `.gnu_debuglink` holds: the name, NULs up to a multiple of 4, the sum.
  private func link(_ name: String, _ sum: UInt32) throws -> DebugLink? {
    var bytes = Array(name.utf8) + [0]
    while bytes.count % 4 != 0 { bytes.append(0) }
    for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: sum >> UInt32(shift))) }
    var builder = ELFBuilder()
    builder.section(".gnu_debuglink", flags: 0, bytes)
    return DebugLink(try ELFImage(builder.build()))
  }

  @Test("A debug link names a file by its name and the CRC of its bytes, and no folder")
  func debugLink() throws {
    // The check value of CRC-32.
    let meant = ByteSlice("123456789")
    let link = try #require(try link("x.ko.debug", 0xcbf4_3926))
    expect(link.name.equals("x.ko.debug") && link.leads(to: meant))
    expect(!link.leads(to: ByteSlice("123456780")))
    try expect(self.link("../x", 0) == nil && self.link("..", 0) == nil && self.link("", 0) == nil)
  }

  @Test("Debug files are looked for where distributions put them")
  func places() throws {
    let places = DebugPlaces(
      Array("/lib/modules/6.1/kernel/x.ko.xz".utf8), ByteSlice([0xab, 0xcd, 0xef]), nil,
      below: [Array("/usr/lib/debug".utf8)])
    let paths = places.paths.map { String(decoding: $0, as: UTF8.self) }
    expect(
      paths,
      is: [
        "/usr/lib/debug/.build-id/ab/cdef.debug",
        "/lib/modules/6.1/kernel/x.ko.debug",
        "/lib/modules/6.1/kernel/.debug/x.ko",
        "/usr/lib/debug/lib/modules/6.1/kernel/x.ko",
        "/usr/lib/debug/lib/modules/6.1/kernel/x.ko.debug",
        "/usr/lib/debug/usr/lib/modules/6.1/kernel/x.ko",
        "/usr/lib/debug/usr/lib/modules/6.1/kernel/x.ko.debug",
      ])
  }
}
