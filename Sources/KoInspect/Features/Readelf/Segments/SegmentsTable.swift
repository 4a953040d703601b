// readelf -l

import ELFKit

extension ReadelfFile {
  func writeSegments(_ console: inout Console) {
    guard let program, header.programHeaderCount > 0 else {
      guard options.has(.segments), header.programHeaderCount == 0 else { return }
      guard header.programHeaderOffset == 0 else {
        console.warn(
          "possibly corrupt ELF header - it has a non-zero program header offset, "
            + "but no program headers")
        return
      }
      console.out.append("\nThere are no program headers in this file.\n")
      return
    }
    if let error = program.segmentsError { console.complain(error, about: "program headers") }
    if header.programHeaderEntrySize > ProgramHeader.byteCount(in: encoding) {
      console.warn(
        "The e_phentsize field in the ELF header is larger than the size of an ELF program header")
    }
    if options.has(.segments) {
      if !options.has(.fileHeader) { writeSegmentsIntroduction(program, &console.out) }
      if !program.segments.isEmpty { writeSegments(program, &console) }
    }
    if let error = program.dynamicError { console.complain(error, about: "dynamic section") }
  }

  private func writeSegmentsIntroduction(_ program: ProgramTables, _ out: inout TextBuffer) {
    let count = segmentCount
    out.append("\nElf file type is \(text(of: header.type))\n")
    out.append("Entry point 0x\(hexText(header.entry))\n")
    out.append("There \(count == 1 ? "is 1 program header" : "are \(count) program headers")")
    out.append(", starting at offset \(Int64(bitPattern: header.programHeaderOffset))\n")
  }

  /// `e_phnum`, or `sh_info` of section 0 when that is where the number is.
  var segmentCount: UInt64 {
    guard header.programHeaderCount == 0xffff, let first = sections.first else {
      return UInt64(header.programHeaderCount)
    }
    return UInt64(first.header.info)
  }

  private func writeSegments(_ program: ProgramTables, _ console: inout Console) {
    console.out.append("\nProgram Headers:\n")
    switch (is64Bit, options.isWide) {
    case (false, _):
      console.out.append(
        "  Type           Offset   VirtAddr   PhysAddr   FileSiz MemSiz  Flg Align\n")
    case (true, true):
      console.out.append("  Type           Offset   VirtAddr           PhysAddr           ")
      console.out.append("FileSiz  MemSiz   Flg Align\n")
    case (true, false):
      console.out.append("  Type           Offset             VirtAddr           PhysAddr\n")
      console.out.append("                 FileSiz            MemSiz              Flags  Align\n")
    }
    for segment in program.segments where !console.isOverLimit {
      writeRow(segment, &console.out)
      if segment.type == .interpreter, segment.fileSize > 0 {
        writeInterpreter(segment, &console)
      }
    }
    if !sections.isEmpty, !sections.names.bytes.isEmpty { writeMapping(program, &console) }
  }

  private func writeRow(_ segment: ProgramHeader, _ out: inout TextBuffer) {
    out.append("  ")
    out.left(String(text(of: segment.type).prefix(14)), 14)
    out.append(" 0x")
    let isNarrow = is64Bit && !options.isWide
    out.hex(segment.offset, width: isNarrow ? 16 : 6)
    for address in [segment.virtualAddress, segment.physicalAddress] {
      out.append(" 0x")
      out.hex(address, width: addressDigits)
    }
    if isNarrow {
      out.newline()
      out.spaces(16)
    }
    for size in [segment.fileSize, segment.memorySize] {
      out.append(" 0x")
      out.hex(size, width: isNarrow ? 16 : is64Bit ? 6 : 5)
    }
    out.append(isNarrow ? "  " : " ")
    for (bit, letter) in [(4, "R"), (2, "W"), (1, "E")] as [(UInt32, String)] {
      out.append(segment.flags & bit != 0 ? letter : " ")
    }
    out.append(isNarrow ? "    " : " ")
    out.append(!isNarrow && segment.alignment == 0 ? "0" : "0x\(hexText(segment.alignment))")
    out.newline()
  }

  private func writeInterpreter(_ segment: ProgramHeader, _ console: inout Console) {
    do throws(ELFError) {
      let path = try image.source.slice(segment.offset, segment.fileSize, in: .programHeaders)
      console.out.append("      [Requesting program interpreter: ")
      console.out.untrusted(path.untilNUL, options)
      console.out.append("]\n")
    } catch {
      console.complain("Unable to find program interpreter name")
    }
  }

  /// The name of a segment type, or how readelf writes one that it has no name for.
  func text(of type: SegmentType) -> String {
    let abi = header.identification.osABI
    if abi == .gnu || abi == .freeBSD, let number = type.memoryBinding {
      return number == 0 ? "GNU_MBIND+0" : "GNU_MBIND+0x\(hexText(number))"
    }
    if let name = type.name(on: machine, abi) { return name }
    switch type.rawValue {
    case 0x7000_0000: return "LOPROC+0"
    case 0x7000_0001...0x7fff_ffff: return "LOPROC+0x\(hexText(type.rawValue - 0x7000_0000))"
    case 0x6000_0000: return "LOOS+0"
    case 0x6000_0001...0x6fff_ffff: return "LOOS+0x\(hexText(type.rawValue - 0x6000_0000))"
    default: return "<unknown>: \(hexText(type.rawValue))"
    }
  }

  /// Which sections each segment holds. Many segments that hold the same many sections would take forever:
  /// the limit of the output ends that.
  private func writeMapping(_ program: ProgramTables, _ console: inout Console) {
    console.out.append("\n Section to Segment mapping:\n  Segment Sections...\n")
    for (number, segment) in program.segments.enumerated() where !console.isOverLimit {
      console.out.append("   ")
      console.out.append(number < 10 ? "0\(number)" : "\(number)")
      console.out.append("     ")
      for index in sections.indices.dropFirst() where !console.isOverLimit {
        guard segment.holds(sections.headers[index]) else { continue }
        console.out.append(headingName(of: sections[index]))
        console.out.append(" ")
      }
      console.out.newline()
    }
  }
}
