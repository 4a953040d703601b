import ELFKit
import TestSupport
import Testing

/// Damaged files: nothing may trap, and every error names a part and an offset of the file.
@Suite("Damaged files")
struct MutationTests {
  /// By day every seventh: tables begin at multiples of eight, so that each is cut at each of its bytes.
  @Test("Truncations of every fixture", arguments: Fixtures.modules)
  func truncations(name: String) throws {
    let whole = try Fixtures.bytes(name)
    let table = try ELFImage(whole).header.sectionHeaderOffset
    for count in stride(from: 0, to: whole.count, by: Nightly.isOn ? 1 : 7) {
      let errors = Walk.everything(Array(whole[..<count]))
      // Only what follows the section headers, a signature, can be lost without a word.
      expect(!errors.isEmpty || UInt64(count) > table, "\(name) cut to \(count) bytes")
      for error in errors { Self.expectToBeClear(error) }
    }
  }

  /// Every 23rd byte for hello on each machine; every 211th, beginning elsewhere in each file, for
  /// the others: a debug build takes 8 ms for everything that can be asked about a file, all rules
  /// among it. By night every third and every 29th; Scripts/mutate does the rest with a release build.
  @Test("Bytes of header and section headers flipped", arguments: Fixtures.modules)
  func flips(name: String) throws {
    let isHello = name.hasSuffix("hello.ko")
    let step = Nightly.isOn ? (isHello ? 3 : 29) : (isHello ? 23 : 421)
    var bytes = try Fixtures.bytes(name)
    let image = try ELFImage(bytes)
    let start = Int(image.header.sectionHeaderOffset)
    let table = start..<start + image.sections.count * SectionHeader.byteCount(in: image.encoding)
    let positions = Array(0..<FileHeader.byteCount(in: image.encoding)) + Array(table)
    for index in stride(from: bytes.count % step, to: positions.count, by: step) {
      let position = positions[index]
      bytes[position] ^= 0xff
      for error in Walk.everything(bytes) { Self.expectToBeClear(error) }
      bytes[position] ^= 0xff
    }
  }

  @Test("The other class in e_ident", arguments: Fixtures.modules)
  func otherClass(name: String) throws {
    var bytes = try Fixtures.bytes(name)
    bytes[4] = bytes[4] == 1 ? 2 : 1
    for error in Walk.everything(bytes) { Self.expectToBeClear(error) }
    // A kernel takes a file for one of its own: it reads what it always does.
    let (asWritten, asLoaded) = (try? ELFImage(bytes), try? ELFImage(asLoaded: ByteSlice(bytes)))
    bytes[4] = bytes[4] == 1 ? 2 : 1
    let whole = try ELFImage(bytes)
    expect(asLoaded?.sections.count, is: whole.sections.count, "\(name)")
    expect(asWritten?.sections.count != whole.sections.count, "\(name)")
  }

  /// By night ten times as much.
  @Test("Damage of every kind", arguments: Fixtures.modules)
  func random(name: String) throws {
    let whole = try Fixtures.bytes(name)
    var generator = SeededGenerator(UInt64(whole.count))
    for _ in 0..<(Nightly.isOn ? 60 : 6) {
      let bytes = Mutation.damaged(whole, using: &generator)
      for error in Walk.everything(bytes) { Self.expectToBeClear(error) }
    }
  }

  private static func expectToBeClear(_ error: ELFError) {
    let text = error.description
    expect(text.contains("(\(error.part), offset 0x"), "\(text)")
    expect(!error.reason.description.isEmpty)
  }
}
