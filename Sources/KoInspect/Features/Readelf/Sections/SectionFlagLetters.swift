// `sh_flags` as letters.

import ELFKit

extension ReadelfFile {
  /// Whether `SHF_GNU_MBIND` has its meaning; other systems may use the bit for themselves.
  var hasMBindFlag: Bool {
    [OSABI.none, .gnu, .freeBSD].contains(header.identification.osABI)
  }

  /// Whether `SHF_GNU_RETAIN` has its meaning.
  var hasRetainFlag: Bool {
    [OSABI.gnu, .freeBSD].contains(header.identification.osABI)
  }

  /// The flags that only this machine has.
  var machineFlags: [MachineSectionFlag] { machine.description?.format.sectionFlags ?? [] }

  /// The letters in the order of the bits. The first bit that belongs to the system (`o`) or the
  /// processor (`p`) stands for all the rest of them.
  func flagLetters(of flags: SectionFlags) -> String {
    var letters = ""
    var rest = flags.rawValue
    while rest != 0 {
      let bit = rest & (~rest &+ 1)
      rest &= ~bit
      if let letter = letter(for: bit) {
        letters.append(letter)
      } else if bit & Self.systemFlags != 0 {
        letters.append("o")
        rest &= ~Self.systemFlags
      } else if bit & Self.processorFlags != 0 {
        // In binutils the mask has 32 bits, so that the upper half goes with it.
        letters.append("p")
        rest &= ~Self.processorFlags & 0xffff_ffff
      } else {
        letters.append("x")
      }
    }
    return letters
  }

  /// `SHF_MASKOS` and `SHF_MASKPROC`.
  static let systemFlags: UInt64 = 0x0ff0_0000
  static let processorFlags: UInt64 = 0xf000_0000

  private func letter(for bit: UInt64) -> Character? {
    switch bit {
    case 0x1: "W"
    case 0x2: "A"
    case 0x4: "X"
    case 0x10: "M"
    case 0x20: "S"
    case 0x40: "I"
    case 0x80: "L"
    case 0x100: "O"
    case 0x200: "G"
    case 0x400: "T"
    case 0x800: "C"
    case 0x8000_0000: "E"
    case 0x20_0000 where hasRetainFlag: "R"
    case 0x100_0000 where hasMBindFlag: "D"
    case 0x1000_0000...0x4000_0000: machineFlags.first { $0.bit == bit }?.letter
    default: nil
    }
  }

  func writeFlagsKey(_ out: inout TextBuffer) {
    out.append(
      """
      Key to Flags:
        W (write), A (alloc), X (execute), M (merge), S (strings), I (info),
        L (link order), O (extra OS processing required), G (group), T (TLS),
        C (compressed), x (unknown), o (OS specific), E (exclude),

      """)
    out.append("  ")
    if hasRetainFlag { out.append("R (retain), ") }
    if hasMBindFlag { out.append("D (mbind), ") }
    for flag in machineFlags {
      if let letter = flag.letter, let meaning = flag.meaning {
        out.append("\(letter) (\(meaning)), ")
      }
    }
    out.append("p (processor specific)\n")
  }
}
