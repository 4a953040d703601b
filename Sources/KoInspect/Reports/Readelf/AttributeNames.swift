// Names and values of object attributes (RISC-V ELF psABI; GNU `.gnu_attribute` tags).

import ELFKit

/// How the attributes of one vendor are written.
struct AttributeNames {
  /// Writes the tag and value at the front of `body`, and takes them from it.
  let write: (_ body: inout ByteSlice, _ console: inout Console) -> Void
}

extension ReadelfFile {
  /// The attributes of `vendor` on this machine, or `nil` when they are not known.
  func attributes(of vendor: ByteSlice) -> AttributeNames? {
    let isGNU = vendor.equals("gnu")
    if machine == .riscv, vendor.equals("riscv") {
      return AttributeNames { writeRISCV(&$0, &$1) }
    }
    guard isGNU else { return nil }
    return AttributeNames { body, console in
      guard let tag = body.takeLEB() else { return }
      guard let attribute = Self.gnuAttribute(tag, machine) else {
        // Two machines print unknown attributes without their tags.
        let isNamed = machine != .mips && machine != .s390
        return writeUnknown(tag, isNamed: isNamed, &body, &console)
      }
      console.out.append("  \(attribute.name): \(attribute.text(body.takeLEB() ?? 0))\n")
    }
  }

  /// Odd tags have strings, even ones numbers.
  private func writeUnknown(
    _ tag: UInt64, isNamed: Bool = true, _ body: inout ByteSlice, _ console: inout Console
  ) {
    if isNamed { console.out.append("  Tag_unknown_\(tag): ") }
    if tag & 1 == 1 {
      console.out.append("\"")
      console.out.untrusted(body.takeString(), options)
      console.out.append("\"\n")
    } else {
      let value = body.takeLEB() ?? 0
      console.out.append("\(value) (\(value == 0 ? "0x0" : "0x\(hexText(value))"))\n")
    }
  }

  private func writeRISCV(_ body: inout ByteSlice, _ console: inout Console) {
    guard let tag = body.takeLEB() else { return }
    switch tag {
    case 4: console.out.append("  Tag_RISCV_stack_align: \(body.takeLEB() ?? 0)-bytes\n")
    case 5:
      console.out.append("  Tag_RISCV_arch: \"")
      console.out.untrusted(body.takeString(), options)
      console.out.append("\"\n")
    case 6:
      console.out.append("  Tag_RISCV_unaligned_access: ")
      switch body.takeLEB() ?? 0 {
      case 0: console.out.append("No unaligned access\n")
      case 1: console.out.append("Unaligned access\n")
      default: break
      }
    case 8: console.out.append("  Tag_RISCV_priv_spec: \(body.takeLEB() ?? 0)\n")
    case 10: console.out.append("  Tag_RISCV_priv_spec_minor: \(body.takeLEB() ?? 0)\n")
    case 12: console.out.append("  Tag_RISCV_priv_spec_revision: \(body.takeLEB() ?? 0)\n")
    default: writeUnknown(tag, &body, &console)
    }
  }

  /// A GNU attribute that the machine gives a meaning to.
  private struct GNUAttribute {
    let name: String
    let text: (UInt64) -> String
  }

  private static func gnuAttribute(_ tag: UInt64, _ machine: Machine) -> GNUAttribute? {
    switch (machine, tag) {
    case (.powerPC64, 4), (.powerPC, 4):
      GNUAttribute(name: "Tag_GNU_Power_ABI_FP", text: powerFloatText)
    case (.powerPC64, 8), (.powerPC, 8):
      GNUAttribute(name: "Tag_GNU_Power_ABI_Vector") {
        prefix($0, above: 3) + ["unspecified", "generic", "AltiVec", "SPE"][Int($0 & 3)]
      }
    case (.powerPC64, 12), (.powerPC, 12):
      GNUAttribute(name: "Tag_GNU_Power_ABI_Struct_Return") {
        ($0 > 2 ? "(0x\(hexText($0))), " : "")
          + ["unspecified", "r3/r4", "memory", "???"][Int($0 & 3)]
      }
    case (.s390, 8):
      GNUAttribute(name: "Tag_GNU_S390_ABI_Vector") {
        $0 < 3 ? ["any", "software", "hardware"][Int($0)] : "??? (\($0))"
      }
    case (.mips, 4): GNUAttribute(name: "Tag_GNU_MIPS_ABI_FP", text: floatingABI)
    case (.mips, 8):
      GNUAttribute(name: "Tag_GNU_MIPS_ABI_MSA") {
        $0 < 2 ? ["Any MSA or not", "128-bit MSA"][Int($0)] : "??? (\($0))"
      }
    case (.sparcV9, 4): GNUAttribute(name: "Tag_GNU_Sparc_HWCAPS") { bits($0, sparcCapabilities) }
    case (.sparcV9, 8): GNUAttribute(name: "Tag_GNU_Sparc_HWCAPS2") { bits($0, sparcMore) }
    default: nil
    }
  }

  private static func prefix(_ value: UInt64, above limit: UInt64) -> String {
    value > limit ? "(0x\(hexText(value))), " : ""
  }

  private static func powerFloatText(_ value: UInt64) -> String {
    let floats = [
      "unspecified hard/soft float", "hard float", "soft float", "single-precision hard float",
    ]
    let longDoubles = [
      "unspecified long double", "128-bit IBM long double", "64-bit long double",
      "128-bit IEEE long double",
    ]
    return
      "\(prefix(value, above: 15))\(floats[Int(value & 3)]), \(longDoubles[Int(value >> 2 & 3)])"
  }

  private static func bits(_ value: UInt64, _ names: [String]) -> String {
    let set = names.indices.filter { value >> UInt64($0) & 1 == 1 && !names[$0].isEmpty }
      .map { names[$0] }
    return set.isEmpty ? "0" : set.joined(separator: "|")
  }

  private static let sparcCapabilities = [
    "mul32", "div32", "fsmuld", "v8plus", "popc", "vis", "vis2", "ASIBlkInit", "fmaf", "",
    "vis3", "hpc", "random", "trans", "fjfmau", "ima", "cspare",
  ]

  private static let sparcMore = [
    "fjathplus", "vis3b", "adp", "sparc5", "mwait", "xmpmul", "xmont2", "nsec", "fjathhpc",
    "fjdes",
  ]
}
