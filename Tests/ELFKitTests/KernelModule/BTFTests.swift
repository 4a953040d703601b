import TestSupport
import Testing

@testable import ELFKit

/// What the kernel says of damaged types, beside kernel/bpf/btf.c of 6.1 and 7.2.
@Suite("Types of a module")
struct BTFTests {
  private static func words(_ numbers: [UInt32]) -> [UInt8] {
    numbers.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) } }
  }

  /// A `.BTF` with these types and names, and a header of `length` bytes.
  private static func btf(
    _ types: [UInt32], _ names: String = "ab\0", length: UInt32 = 24, layout: [UInt8] = [],
    change: (inout [UInt8]) -> Void = { _ in }
  ) -> [UInt8] {
    let behind = UInt32(types.count * 4)
    let size = UInt32(names.utf8.count)
    var fields = [0x1_eb9f, length, 0, behind, behind, size]
    if length >= 32 { fields += [behind + size, UInt32(layout.count)] }
    var bytes = words(fields)
    bytes += [UInt8](repeating: 0, count: max(0, Int(length) - bytes.count))
    bytes += words(types) + Array(names.utf8) + layout
    change(&bytes)
    return bytes
  }

  private static func frame(_ bytes: [UInt8], hasLayout: Bool) -> BTFProblem? {
    BTFHeader.read(ByteSlice(bytes), Encoding(.little), hasLayout: hasLayout).problem
  }

  private static func patch(_ offset: Int, _ value: UInt8) -> (inout [UInt8]) -> Void {
    { $0[offset] = value }
  }

  static let frameCases: [([UInt8], old: String?, new: String?)] = [
    (btf([]), nil, nil),
    ([0x9f, 0xeb, 1, 0, 24, 0, 0], "hdr_len not found", "hdr_len not found"),
    (btf([], change: patch(5, 1)), "btf_header not found", "btf_header not found"),
    (btf([], change: patch(0, 0)), "Invalid magic", "Invalid magic"),
    // A header of no length says nothing.
    (btf([], change: patch(4, 0)), "Invalid magic", "Invalid magic"),
    (btf([], change: patch(2, 2)), "Unsupported version", "Unsupported version"),
    (btf([], change: patch(3, 1)), "Unsupported flags", "Unsupported flags"),
    // What a shorter header does not say is none.
    (btf([], change: patch(4, 16)), "Unsupported section found", "Unsupported section found"),
    (btf([], change: patch(8, 99)), "Invalid section offset", "Invalid section offset"),
    // Sorted with a sign, the larger offset stands first.
    (
      btf([], change: { ($0[11], $0[16]) = (0xff, 1) }), "Invalid section offset",
      "Invalid section offset"
    ),
    (btf([], change: patch(16, 1)), "Unsupported section found", "Unsupported section found"),
    (btf([0, 0, 0], change: patch(16, 11)), "Section overlap found", "Section overlap found"),
    (
      btf([], change: patch(20, 4)), "Total section length too long",
      "Total section length too long"
    ),
    (btf([], "ab"), "Invalid string section", "Invalid string section"),
    // A third section, which only newer kernels know.
    (btf([], length: 32, layout: [4, 0, 0, 0]), "Unsupported btf_header", nil),
    (btf([], length: 40, change: patch(39, 1)), "Unsupported btf_header", "Unsupported btf_header"),
    (
      btf([], length: 32, layout: [4], change: patch(28, 9)), "Unsupported btf_header",
      "Total section length too long"
    ),
  ]

  @Test("The frame is looked at as the kernel does", arguments: frameCases)
  func frames(bytes: [UInt8], old: String?, new: String?) {
    expect(Self.frame(bytes, hasLayout: false)?.text, is: old)
    expect(Self.frame(bytes, hasLayout: true)?.text, is: new)
  }

  @Test("Both byte orders are read")
  func bigEndian() {
    func big(_ numbers: [UInt32]) -> [UInt8] {
      numbers.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - $0 * 8)) }
      }
    }
    let sound = big([0xeb9f_0100, 24, 0, 16, 16, 2, 1, 0x100_0000, 4, 32]) + [97, 0]
    let read = BTFHeader.read(ByteSlice(sound), Encoding(.big), hasLayout: true)
    expect(read.problem, is: nil)
    expect(
      read.header.flatMap { BTFTypes.problem($0, isWide: true, baseNames: nil)?.text }, is: nil)
    let swapped = BTFHeader.read(ByteSlice(Self.btf([])), Encoding(.big), hasLayout: true)
    expect(swapped.problem?.text, is: "btf_header not found")
  }

  @Test("Types that stand for themselves need more: names, and something behind the header")
  func bases() {
    func base(_ bytes: [UInt8]) -> String? {
      BTFHeader.read(ByteSlice(bytes), Encoding(.little), hasLayout: true, isBase: true).problem?
        .text
    }
    expect(base(Self.btf(Self.int, "\0a\0")), is: nil)
    expect(base(Self.btf([], "")), is: "No data")
    expect(base(Self.btf(Self.int, "")), is: "Invalid string section")
    expect(base(Self.btf(Self.int, "a\0")), is: "Invalid string section")
    expect(base([]), is: "hdr_len not found")
  }

  @Test("Names that stand before the types are not at the end, for kernels that ask")
  func namesFirst() {
    let bytes =
      Self.words([0x1_eb9f, 24, 4, 12, 0, 4]) + Array("abc\0".utf8)
      + Self.words([0, 1 << 24, 4, 0])
    expect(Self.frame(bytes, hasLayout: false)?.text, is: "Unsupported section found")
    expect(
      Self.frame(Array(bytes.dropLast(4)), hasLayout: false)?.text,
      is: "String section is not at the end")
  }

  @Test("Errors that are not EINVAL")
  func errors() {
    expect(
      Self.frame(Self.btf([], change: Self.patch(2, 2)), hasLayout: true)?.errno.number, is: 524)
    expect(
      Self.frame(Self.btf([], length: 40, change: Self.patch(39, 1)), hasLayout: true)?.errno
        .number, is: 7)
  }

  private static let int: [UInt32] = [1, 0x100_0000, 4, 32]

  static let typeCases: [([UInt32], narrow: String?, wide: String?)] = [
    (int, nil, nil),
    // A structure of two members, a function, a number of 64 bits.
    (
      int + [0, 0x400_0002, 8, 1, 1, 0, 1, 1, 32] + [1, 0xc00_0001, 1] + [
        0, 0x1300_0001, 8, 1, 0, 0,
      ],
      nil, nil
    ),
    ([0, 0, 0], "Invalid kind:0", "Invalid kind:0"),
    ([0, 0x1400_0000, 0], "Invalid kind:20", "Invalid kind:20"),
    ([0, 0x1f00_0000, 0], "Invalid kind:31", "Invalid kind:31"),
    ([0, 0x2400_0000, 0], "Invalid btf_info:24000000", "Invalid kind:36"),
    ([0, 0x401_0000, 8], "Invalid btf_info:4010000", "meta_left:0 meta_needed:786432"),
    (
      [0x7fff_ffff, 0x100_0000, 4, 32], "Invalid name_offset:2147483647",
      "Invalid name_offset:2147483647"
    ),
    (
      int + [0, 0x400_0002, 8, 1, 1, 0], "meta_left:12 meta_needed:24",
      "meta_left:12 meta_needed:24"
    ),
    (int + [0, 0x200_0001, 1], "vlen != 0", "vlen != 0"),
    (int + [1, 0xc00_0003, 1], "Invalid func linkage", "Invalid func linkage"),
    (int + [0, 0], "meta_left:8 meta_needed:12", "meta_left:8 meta_needed:12"),
  ]

  private static func problem(_ types: [UInt32], isWide: Bool, baseNames: UInt32? = nil) -> String?
  {
    let read = BTFHeader.read(ByteSlice(btf(types)), Encoding(.little), hasLayout: false)
    return read.header.flatMap {
      BTFTypes.problem($0, isWide: isWide, baseNames: baseNames)?.text
    }
  }

  @Test("Types are walked over as the kernel does", arguments: typeCases)
  func types(types: [UInt32], narrow: String?, wide: String?) {
    expect(Self.problem(types, isWide: false), is: narrow)
    expect(Self.problem(types, isWide: true), is: wide)
  }

  @Test("Names of one's own follow those of the base")
  func names() {
    let kind: [UInt32] = [0x100_0000, 4, 32]
    expect(Self.problem([102] + kind, isWide: true, baseNames: 100), is: nil)
    expect(Self.problem([99] + kind, isWide: true, baseNames: 100), is: nil)
    expect(
      Self.problem([103] + kind, isWide: true, baseNames: 100), is: "Invalid name_offset:103")
  }

  /// What a kernel answers that refuses types which do not fit, or lets them pass.
  private static func prediction(
    _ types: [UInt8], isStrict: Bool, _ more: (inout ELFBuilder) -> Void = { _ in }
  ) -> LoadPrediction {
    var builder = ELFBuilder(machine: 62)
    builder.modinfo([
      "license=GPL", "intree=Y", "retpoline=Y", "name=m", "vermagic=6.12.0 SMP ",
    ])
    builder.thisModule("m")
    builder.section(".BTF", flags: 0, types)
    more(&builder)
    var target = TargetKernel()
    target.vermagic = ByteSlice(Array("6.12.0 SMP ".utf8))
    let option = isStrict ? "" : "CONFIG_MODULE_ALLOW_BTF_MISMATCH=y\n"
    target.config = try? KernelConfig(
      ByteSlice(Array("CONFIG_X86_64=y\nCONFIG_DEBUG_INFO_BTF_MODULES=y\n\(option)".utf8)))
    return target.prediction(LoadRequest(ByteSlice(builder.build())))
  }

  private static let assumption = "the module's types (.BTF) fit this kernel's"

  @Test("A strict kernel refuses what is damaged; whole types are assumed to fit, in words")
  func strict() {
    let damaged = Self.prediction(Self.btf([0, 0x1f00_0000, 0]), isStrict: true)
    expect(damaged.errno, is: .invalid)
    expect(
      damaged.messages.last?.text, is: "failed to validate module [m] BTF: -22",
      "\(damaged.messages)"
    )
    expect(damaged.advice.contains { $0.text.contains("Invalid kind:31, at 0x") })
    let version = Self.prediction(Self.btf([], change: Self.patch(2, 2)), isStrict: true)
    expect(version.messages.last?.text, is: "failed to validate module [m] BTF: -524")
    let whole = Self.prediction(Self.btf(Self.int), isStrict: true)
    expect(whole.errno, is: nil)
    expect(whole.assumptions.contains { $0.text.hasPrefix(Self.assumption) })
  }

  @Test("A kernel that lets mismatches pass says it and loads the module; nothing is assumed of it")
  func lax() {
    for (kind, isSaid) in [(0x1f00_0000, true), (0x700_0000, false)] as [(UInt32, Bool)] {
      let prediction = Self.prediction(Self.btf([0, kind, 0]), isStrict: false)
      expect(prediction.errno, is: nil)
      expect(!prediction.assumptions.contains { $0.text.hasPrefix(Self.assumption) })
      let line = "Kernel module BTF mismatch detected"
      expect(prediction.messages.contains { $0.text.hasPrefix(line) }, is: isSaid)
    }
  }

  @Test("The base that a module brings is looked at first, and its names come before the module's")
  func base() {
    func errno(_ base: [UInt8], name: UInt32) -> Int? {
      Self.prediction(Self.btf([name, 0x100_0000, 4, 32]), isStrict: true) {
        $0.section(".BTF.base", flags: 0, base)
      }.errno?.number
    }
    let names = "\0ab\0"
    expect(errno(Self.btf(Self.int, names), name: 6), is: nil)
    expect(errno(Self.btf(Self.int, names), name: 7), is: 22)
    expect(errno(Self.btf([], change: Self.patch(2, 9)), name: 1), is: 524)
    expect(errno(Self.btf([0, 0x1f00_0000, 0], names), name: 1), is: 22)
    expect(errno([], name: 1), is: 22)
  }
}
