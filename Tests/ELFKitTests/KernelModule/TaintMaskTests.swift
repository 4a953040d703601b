import ELFKit
import TestSupport
import Testing

@Suite("Taint masks")
struct TaintMaskTests {
  private func slice(_ text: String) -> ByteSlice { ByteSlice(Array(text.utf8)) }

  @Test(
    "Numbers and letters",
    arguments: [
      ("0", 0), ("12288", 12_288), ("0x1001", 4_097), ("PO\n", 4_097), ("(POE)", 12_289),
      (" G OE ", 12_288), ("OE+", 12_288), ("18446744073709551615", .max), ("", nil), ("poe", nil),
      ("0x", nil), ("18446744073709551616", nil), ("-1", nil), ("hello", nil),
    ] as [(String, UInt64?)])
  func words(text: String, mask: UInt64?) { expect(TaintMask(slice(text))?.rawValue, is: mask) }

  /// Lines that kernels 5.10, 6.1 and 6.12 printed.
  @Test(
    "Lines of an oops",
    arguments: [
      ("CPU: 0 PID: 79 Comm: init Tainted: G           OE      6.1.0-56-amd64 #1  Debian", 12_288),
      ("Comm: insmod Tainted: P           O      5.10.0-32-amd64 #1", 4_097),
      ("Tainted: [P]=PROPRIETARY_MODULE, [O]=OOT_MODULE", 4_097),
      ("Tainted: [W]=WARN", 512), ("CPU: 0 PID: 1 Comm: a Not tainted 6.1", 0),
      ("Tainted: G        W          6.12.107+deb13-amd64 #1", 512), ("nothing", nil),
      ("Tainted: G      D            Esoteric-release", 128), ("Tainted: ", 0),
    ] as [(String, UInt64?)])
  func lines(line: String, mask: UInt64?) {
    expect(TaintMask(oopsLine: slice(line))?.rawValue, is: mask)
  }

  @Test("What is written is read again, each bit alone and all together")
  func roundTrip() {
    let masks = (0..<20).map { UInt64(1) << UInt64($0) } + [0xfffff, 4_097]
    for value in masks {
      let mask = TaintMask(rawValue: value)
      expect(TaintMask(slice(String(value))), is: mask)
      expect(TaintMask(slice(mask.letters)), is: mask)
      let fixed = "Tainted: \(mask.fixedText(width: 20)) 7.2.13"
      expect(TaintMask(oopsLine: slice(fixed)), is: mask)
      expect(TaintMask(oopsLine: slice("Tainted: \(mask.verboseText)")), is: mask)
    }
    expect(TaintMask(rawValue: 1 << 63 | 1).unknownBits, is: [63])
    expect(TaintMask(rawValue: 4_097).fixedText(width: 18), is: "P           O     ")
  }

  @Test("Modules with their letters")
  func modules() {
    let line = slice("Modules linked in: k_oops(OE+) ext4 nvidia(PO) going(-) [last unloaded: x]")
    let modules = TaintingModule.all(in: line)
    expect(modules.map { "\($0.name.text) \($0.taints.letters)" }, is: ["k_oops OE", "nvidia PO"])
  }

  @Test("The table is in the order of its bits, and every letter is there once")
  func table() {
    expect(Taint.all.map(\.bit), is: Array(0..<20))
    expect(Set(Taint.all.map(\.letter)).count, is: 20)
  }
}
