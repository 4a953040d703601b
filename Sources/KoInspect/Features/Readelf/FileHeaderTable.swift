// readelf -h

import ELFKit

extension ReadelfFile {
  func writeFileHeader(_ out: inout TextBuffer) {
    let identification = header.identification
    out.append("ELF Header:\n  Magic:   ")
    for index in 0..<Identification.byteCount {
      out.hex(UInt64(identification.bytes[index]), width: 2)
      out.append(byte: UInt8(ascii: " "))
    }
    out.newline()
    let names = ["none", "ELF32", "ELF64"]
    row("Class:", Self.name(identification.fileClass, names), &out)
    let orders = ["none", "2's complement, little endian", "2's complement, big endian"]
    row("Data:", Self.name(identification.data, orders), &out)
    row("Version:", Self.versionText(identification.version), &out)
    row("OS/ABI:", osABIText, &out)
    row("ABI Version:", "\(identification.abiVersion)", &out)
    row("Type:", text(of: header.type), &out)
    row("Machine:", machineText, &out)
    row("Version:", "0x\(hexText(header.version))", &out)
    row("Entry point address:", "0x\(hexText(header.entry))", &out)
    row(
      "Start of program headers:",
      "\(Int64(bitPattern: header.programHeaderOffset)) (bytes into file)", &out)
    row(
      "Start of section headers:",
      "\(Int64(bitPattern: header.sectionHeaderOffset)) (bytes into file)", &out)
    let flags = machine.flagTexts(header.flags, identification)
    row("Flags:", flags.reduce("0x\(hexText(header.flags))") { "\($0), \($1)" }, &out)
    row("Size of this header:", "\(header.headerSize) (bytes)", &out)
    row("Size of program headers:", "\(header.programHeaderEntrySize) (bytes)", &out)
    row("Number of program headers:", segmentCountText, &out)
    row("Size of section headers:", "\(header.sectionHeaderEntrySize) (bytes)", &out)
    row("Number of section headers:", sectionCountText, &out)
    row("Section header string table index:", nameIndexText, &out)
  }

  private func row(_ label: String, _ value: String, _ out: inout TextBuffer) {
    out.append("  ")
    out.left(label, 34)
    out.append(byte: UInt8(ascii: " "))
    out.append(value)
    out.newline()
  }

  private static func name(_ value: UInt8, _ names: [String]) -> String {
    value < names.count ? names[Int(value)] : "<unknown: \(hexText(value))>"
  }

  private static func versionText(_ version: UInt8) -> String {
    switch version {
    case 0: "0"
    case 1: "1 (current)"
    default: "\(version) <unknown>"
    }
  }

  private var osABIText: String {
    let abi = header.identification.osABI
    return abi.name(on: machine) ?? "<unknown: \(hexText(abi.rawValue))>"
  }

  /// The processor's name, or how readelf writes one that it has no name for.
  var machineText: String {
    machine.longName ?? "<unknown>: 0x\(hexText(machine.rawValue))"
  }

  func text(of type: FileType) -> String {
    switch type.rawValue {
    case 0: "NONE (None)"
    case 1: "REL (Relocatable file)"
    case 2: "EXEC (Executable file)"
    case 3 where program?.isExecutable == true: "DYN (Position-Independent Executable file)"
    case 3: "DYN (Shared object file)"
    case 4: "CORE (Core file)"
    case 0xff00...0xffff: "Processor Specific: (\(hexText(type.rawValue)))"
    case 0xfe00...0xfeff: "OS Specific: (\(hexText(type.rawValue)))"
    default: "<unknown>: \(hexText(type.rawValue))"
    }
  }

  /// `e_phnum`, and `sh_info` of section 0 when that is where the number is.
  private var segmentCountText: String {
    guard header.programHeaderCount == 0xffff, let first = sections.first else {
      return "\(header.programHeaderCount)"
    }
    return "\(header.programHeaderCount) (\(first.header.info))"
  }

  private var sectionCountText: String {
    guard header.sectionHeaderCount == 0, let size = firstSectionSize else {
      return "\(header.sectionHeaderCount)"
    }
    return "0 (\(size))"
  }

  private var nameIndexText: String {
    var text = "\(header.sectionNameIndex)"
    var index = UInt64(header.sectionNameIndex)
    if index == 0xffff, let first = sections.first {
      index = UInt64(first.header.link)
      text += " (\(index))"
    }
    if index >= claimedSectionCount, index != 0 { text += " <corrupt: out of range>" }
    return text
  }
}

/// `value` in base 16.
func hexText(_ value: some BinaryInteger) -> String { String(value, radix: 16) }
