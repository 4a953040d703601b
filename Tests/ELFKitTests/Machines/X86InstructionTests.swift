import Foundation
import TestSupport
import Testing

@testable import ELFKit

@Suite("Instructions of x86-64")
struct X86InstructionTests {
  private static let registers = [
    "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13",
    "r14",
    "r15",
  ]

  /// The registers, one bit each, that an instruction may write.
  private func written(_ effect: CodeInstruction.Effect) -> UInt32 {
    switch effect {
    case .writes(let mask, _): mask
    case .loads(let register, _), .reads(let register, _, _), .copies(let register, _),
      .mayCopy(let register, _), .copiesOne(let register, _):
      1 << UInt32(register)
    }
  }

  @Test("They are as long as objdump says, and write what it says of them")
  func samples() throws {
    let text = try String(contentsOfFile: Fixtures.path("instructions/x86-64.tsv"), encoding: .utf8)
    let rows = text.split(separator: "\n")
    expect(rows.count > 500)
    for row in rows {
      let words = row.split(separator: "\t", omittingEmptySubsequences: false)
      let bytes = words[0].split(separator: " ").compactMap { UInt8($0, radix: 16) }
      let instruction = X86Instructions.instruction(
        ByteSlice(bytes + [UInt8](repeating: 0x90, count: 16)), 0)
      expect(instruction?.length, is: bytes.count, "\(row)")
      let mask = instruction.map { written($0.effect) } ?? 0
      for name in words[1].split(separator: " ") {
        let number = try #require(Self.registers.firstIndex(of: String(name)))
        expect(mask >> UInt32(number) & 1, is: 1, "\(row)")
      }
      // One that the code ends within is none.
      for count in 0..<bytes.count {
        expect(
          X86Instructions.instruction(ByteSlice(Array(bytes[..<count])), 0)?.length ?? 0 <= count)
      }
    }
  }

  @Test("What makes operands wide wins over what makes them short")
  func wide() {
    let bytes: [UInt8] = [0x66, 0x48, 0x81, 0xc1, 1, 0, 0, 0]
    expect(X86Instructions.instruction(ByteSlice(bytes), 0)?.length, is: 8)
  }

  @Test(
    "Where code goes on",
    arguments: [
      ([0x74, 0xfe], .branch(-2)), ([0x0f, 0x85, 0x10, 0, 0, 0], .branch(16)),
      ([0xeb, 0x7f], .jump(127)),
      ([0xe9, 0xff, 0xff, 0xff, 0xff], .jump(-1)), ([0xe8, 0, 0, 0, 0], .call),
      ([0xff, 0xd0], .call),
      ([0xff, 0xe0], .end), ([0xc3], .end), ([0x0f, 0x0b], .end), ([0xff, 0x00], .next),
      ([0x90], .next),
    ] as [([UInt8], CodeInstruction.Flow)])
  func flow(_ bytes: [UInt8], _ flow: CodeInstruction.Flow) {
    expect(X86Instructions.instruction(ByteSlice(bytes), 0)?.flow, is: flow)
  }

  @Test(
    "What registers get",
    arguments: [
      // mov $0, %rsi and %esi; lea 0(%rip), %r8; mov %rbx, %rsi both ways; cmovne %rax, %r14.
      ([0x48, 0xc7, 0xc6, 0, 0, 0, 0], .loads(6, field: 3)),
      ([0xbe, 0, 0, 0, 0], .loads(6, field: 1)),
      ([0x4c, 0x8d, 0x05, 0, 0, 0, 0], .loads(8, field: 3)),
      ([0x48, 0x89, 0xde], .copies(6, from: 3)),
      ([0x48, 0x8b, 0xf3], .copies(6, from: 3)), ([0x4c, 0x0f, 0x45, 0xf0], .mayCopy(14, from: 0)),
      // mov 0(%rip), %rsi; mov 0, %rdi; mov 0(,%rax,8), %rdi; mov 0(,%rax,4), %rdi.
      ([0x48, 0x8b, 0x35, 0, 0, 0, 0], .reads(6, field: 3, isTable: false)),
      ([0x48, 0x8b, 0x3c, 0x25, 0, 0, 0, 0], .reads(7, field: 4, isTable: false)),
      ([0x48, 0x8b, 0x3c, 0xc5, 0, 0, 0, 0], .reads(7, field: 4, isTable: true)),
      ([0x48, 0x8b, 0x3c, 0x85, 0, 0, 0, 0], .writes(1 << 7)),
      // movq %xmm0, %rsi and vmread write a register; fnstsw %ax.
      ([0x66, 0x48, 0x0f, 0x7e, 0xc6], .writes(1 << 6)), ([0x0f, 0x78, 0xc6], .writes(1 << 6)),
      ([0xdf, 0xe0], .writes(1)),
      // mov %ebx, %esi is half of it; mov 8(%rbx), %rsi is from memory; mov %al, %dh.
      ([0x89, 0xde], .writes(1 << 6)), ([0x48, 0x8b, 0x73, 8], .writes(1 << 6)),
      ([0x88, 0xc6], .writes(1 << 6 | 1 << 2)),
      // mov %rbx, 8(%rsp), movq $0, 0x88(%rsp), mov -16(%rbp), %rcx, and half of it; mov 8(%rsp,%rax,8), %rcx.
      ([0x48, 0x89, 0x5c, 0x24, 8], .copies(33, from: 3)),
      ([0x48, 0xc7, 0x84, 0x24, 0x88, 0, 0, 0, 0, 0, 0, 0], .loads(49, field: 8)),
      ([0x48, 0x8b, 0x4d, 0xf0], .copies(1, from: 130)), ([0x8b, 0x4d, 0xf0], .writes(1 << 1)),
      ([0x48, 0x8b, 0x4c, 0xc4, 8], .copiesOne(1, from: 33..<41)),
      ([0x48, 0x89, 0x4c, 0xc4, 8], .writes(0)),
      // What changes a place: addq $4, 8(%rsp), movl $0, 8(%rsp), xchg %rax, 8(%rsp); cmpq $4, 8(%rsp) does not.
      ([0x48, 0x83, 0x44, 0x24, 8, 4], .writes(0, place: 33)),
      ([0xc7, 0x44, 0x24, 8, 0, 0, 0, 0], .writes(0, place: 33)),
      ([0x48, 0x87, 0x44, 0x24, 8], .writes(1, place: 33)),
      ([0x48, 0x83, 0x7c, 0x24, 8, 4], .writes(0)),
      // mov 0x300(%rsp,%rax,8), %rcx: too far; push %fs, pop %gs.
      ([0x48, 0x8b, 0x8c, 0xc4, 0, 3, 0, 0], .writes(1 << 1)),
      ([0x0f, 0xa0], .writes(1 << 4)), ([0x0f, 0xa9], .writes(1 << 4)),
      // Places that nobody numbers: before the stack pointer, within one, too far; %r12 is no stack pointer.
      ([0x48, 0x8b, 0x4c, 0x24, 0xf8], .writes(1 << 1)),
      ([0x48, 0x8b, 0x4c, 0x24, 12], .writes(1 << 1)),
      ([0x48, 0x8b, 0x8c, 0x24, 0, 3, 0, 0], .writes(1 << 1)),
      ([0x49, 0x8b, 0x4c, 0x24, 8], .writes(1 << 1)),
      // push, pop, leave.
      ([0x56], .writes(1 << 4)), ([0x5e], .writes(1 << 6 | 1 << 4)),
      ([0xc9], .writes(1 << 5 | 1 << 4)),
    ] as [([UInt8], CodeInstruction.Effect)])
  func effects(_ bytes: [UInt8], _ effect: CodeInstruction.Effect) {
    expect(X86Instructions.instruction(ByteSlice(bytes), 0)?.effect, is: effect)
  }
}
