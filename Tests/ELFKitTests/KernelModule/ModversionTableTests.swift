import TestSupport
import Testing

@testable import ELFKit

@Suite("__versions in both of its forms")
struct ModversionTableTests {
  /// Entries as long as their names, as in Ubuntu's kernels since 6.8, and what ends them.
  static func packed(
    _ versions: [(String, UInt32)], _ order: ByteOrder = .little, end: Int = 13
  ) -> [UInt8] {
    var writer = ByteWriter(Encoding(order))
    for (name, crc) in versions {
      let size = 8 + (name.utf8.count / 4 + 1) * 4
      writer.u32(UInt64(size))
      writer.u32(UInt64(crc))
      writer.bytes += Array(name.utf8)
      writer.bytes += [UInt8](repeating: 0, count: size - 8 - name.utf8.count)
    }
    return writer.bytes + [UInt8](repeating: 0, count: end)
  }

  static let versions: [(String, UInt32)] = [
    ("kfree", 0x1234_5678), ("security_sock_graft", 0xc04d_d3f2), ("module_layout", 7),
  ]

  private static func module(_ bytes: [UInt8], _ order: ByteOrder = .little) throws -> KernelModule
  {
    var builder = ELFBuilder.module("tiny", order)
    builder.section("__versions", bytes)
    return KernelModule(try ELFImage(builder.build()))
  }

  @Test("Entries as long as their names", arguments: [ByteOrder.little, .big], [0, 4, 13])
  func packed(order: ByteOrder, end: Int) throws {
    let module = try Self.module(Self.packed(Self.versions, order, end: end), order)
    let found = try module.versions()
    expect(found.map(\.name.text), is: Self.versions.map(\.0))
    expect(found.map(\.crc), is: Self.versions.map(\.1))
    try expect(module.layoutVersion(), is: 7)
    let section = try #require(module.image.sections.first(named: "__versions"))
    expect(module.entryCount(of: section, nil), is: 3)
    let index = try #require(VersionIndex(module.image, isExtendedKnown: false))
    expect(index["kfree"] == 0x1234_5678 && index["kmalloc"] == nil)
  }

  @Test(
    "What is neither form is read as 64 bytes an entry, and nothing of it is believed to be the other"
  )
  func damaged() throws {
    let good = Self.packed(Self.versions)
    for (place, byte) in [(0, 11), (0, 18), (0, 0xff), (3, 0x7f), (16, 0), (8, 0)] as [(Int, UInt8)]
    {
      var bytes = good
      bytes[place] = byte
      let found = try Self.module(bytes).versions()
      expect(found.count, is: bytes.count / 64, "byte \\(place) is \\(byte)")
    }
    try expect(Self.module([0, 0, 0]).versions().isEmpty)
  }
}
