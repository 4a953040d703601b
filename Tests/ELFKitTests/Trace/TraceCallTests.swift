import TestSupport
import Testing

@testable import ELFKit

@Suite("What had been called, on every machine")
struct TraceCallTests {
  /// Code of one machine: a call of something outside, one of a place in the section, and on most machines one
  /// without a relocation. Both of the latter lead to 64, where `callee` is.
  struct Code: Sendable {
    let machine: UInt16
    let order: ByteOrder
    var fileClass = ELFClass.elf64
    /// The code from 0 on, in the order of the file.
    let bytes: [UInt8]
    /// The type of the relocations.
    let type: UInt64
    /// Where they stand, and their addends; in 32-bit files the words of the code that they are in.
    let relocations: [(offset: UInt64, addend: Int64)]
    /// Where the calls return to.
    let returns: [UInt64]

    var isThumb: Bool { machine == 40 && type == 10 }
  }

  private static func bytes(_ words: [UInt32], _ order: ByteOrder) -> [UInt8] {
    words.flatMap { word in
      (0..<4).map { index in
        UInt8(truncatingIfNeeded: word >> UInt32(8 * (order == .little ? index : 3 - index)))
      }
    }
  }

  static let codes: [Code] = [
    // call: e8 and a distance from behind it.
    Code(
      machine: 62, order: .little,
      bytes: [0xe8, 0, 0, 0, 0, 0xe8, 0, 0, 0, 0, 0xe8, 49, 0, 0, 0],
      type: 4, relocations: [(1, -4), (6, 60)], returns: [5, 10, 15]),
    Code(
      machine: 3, order: .little, fileClass: .elf32,
      bytes: [0xe8, 0, 0, 0, 0, 0xe8, 0, 0, 0, 0, 0xe8, 49, 0, 0, 0],
      type: 2, relocations: [(1, -4), (6, 60)], returns: [5, 10, 15]),
    // bl of ARM counts words from 8 bytes ahead, of Thumb half words from 4.
    Code(
      machine: 40, order: .little, fileClass: .elf32,
      bytes: bytes([0, 0, 0xeb00_000c], .little),
      type: 28, relocations: [(0, 0xebff_fffe), (4, 0xeb00_000e)], returns: [4, 8, 12]),
    Code(
      machine: 40, order: .little, fileClass: .elf32,
      bytes: bytes([0, 0, 0xf81a_f000], .little),
      type: 10, relocations: [(0, 0xfffe_f7ff), (4, 0xf81e_f000)], returns: [4, 8, 12]),
    // bl of AArch64, PowerPC and LoongArch.
    Code(
      machine: 183, order: .little,
      bytes: bytes([0x9400_0000, 0x9400_0000, 0x9400_000e], .little),
      type: 283, relocations: [(0, 0), (4, 64)], returns: [4, 8, 12]),
    Code(
      machine: 21, order: .little,
      bytes: bytes([0x4800_0001, 0x4800_0001, 0x4800_0039], .little),
      type: 10, relocations: [(0, 0), (4, 64)], returns: [4, 8, 12]),
    Code(
      machine: 258, order: .little,
      bytes: bytes([0x5400_0000, 0x5400_0000, 0x5400_3800], .little),
      type: 66, relocations: [(0, 0), (4, 64)], returns: [4, 8, 12]),
    // brasl counts from its beginning, its relocation from two bytes behind that.
    Code(
      machine: 22, order: .big,
      bytes: [0xc0, 0xe5, 0, 0, 0, 0, 0xc0, 0xe5, 0, 0, 0, 0],
      type: 20, relocations: [(2, 2), (8, 66)], returns: [6, 12]),
    // auipc and jalr; jal with what is in its slot.
    Code(
      machine: 243, order: .little,
      bytes: bytes([0x97, 0x8_00e7, 0x97, 0x8_00e7], .little),
      type: 19, relocations: [(0, 0), (8, 64)], returns: [8, 16]),
    Code(
      machine: 8, order: .little, fileClass: .elf32,
      bytes: bytes([0, 0, 0, 0], .little),
      type: 4, relocations: [(0, 0x0c00_0000), (8, 0x0c00_0010)], returns: [8, 16]),
  ]

  private func traced(_ code: Code) throws -> TracedModule {
    var builder = ELFBuilder.module("calls", machine: code.machine, code.order, code.fileClass)
    let padding = [UInt8](repeating: 0, count: 96 - code.bytes.count)
    let text = builder.section(".text", flags: 6, code.bytes + padding)
    let mark: UInt64 = code.isThumb ? 1 : 0
    builder.symbol("caller", section: UInt16(text), value: mark, size: 64, type: 2)
    builder.symbol("callee", section: UInt16(text), value: 64 + mark, size: 32, type: 2)
    let called = [
      builder.symbol("outside"), builder.symbol("", section: UInt16(text), type: 3),
    ]
    builder.relocations(
      of: text,
      zip(code.relocations, called).map { ($0.offset, $1, code.type, $0.addend) })
    return try TracedModule(KernelModule(try ELFImage(builder.build())))
  }

  @Test("A call with a relocation, into a section, and without a relocation", arguments: codes)
  func calls(_ code: Code) throws {
    var traced = try traced(code)
    for (place, callee) in zip(code.returns, ["outside", "callee", "callee"]) {
      let symbol = TraceSymbol(function: "caller", offset: place, size: 64, module: "calls")
      let call = try traced.call(before: TraceMention(typed: symbol))
      expect(call?.function.text, is: callee, "machine \(code.machine): \(place)")
    }
    // Nothing had been called where no call is.
    let symbol = TraceSymbol(function: "caller", offset: 32, size: 64, module: "calls")
    try expect(traced.call(before: TraceMention(typed: symbol)), is: nil)
  }

  @Test("Thumb code returns to places with bit 0, which is no part of the address")
  func thumb() throws {
    var traced = try traced(try #require(Self.codes.first { $0.isThumb }))
    let symbol = TraceSymbol(function: "caller", offset: 5, size: 64, module: "calls")
    try expect(traced.call(before: TraceMention(typed: symbol))?.function, is: "outside")
  }
}
