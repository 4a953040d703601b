// readelf -u

import ELFKit

extension ReadelfFile {
  /// readelf decodes the unwind tables of a few machines; of Linux's only modules of 32-bit ARM have some. False
  /// when a table cannot be read, and without section headers: then nobody knows whether there are any.
  func writeUnwind(_ console: inout Console) -> Bool {
    switch machine.format.unwind {
    case .none: console.out.append("No processor specific unwind information to decode\n")
    case .unknown: writeUnknownUnwind(&console.out)
    case .other(let type) where hasSections(type): writeUnknownUnwind(&console.out)
    case .other: writeNoUnwind(&console.out)
    case .index where sections.headers.isEmpty: return false
    case .index(let type) where hasSections(type): return writeARMUnwind(type, &console)
    case .index: writeNoUnwind(&console.out)
    case .records(let name):
      let tables = sections.filter { $0.name.equals(name) }
      if !tables.isEmpty { return writeUnwindRecords(tables, &console) }
      writeNoUnwind(&console.out)
    case .info(let info): return writeUnwindInfo(info, &console)
    }
    return true
  }

  private func hasSections(_ type: SectionType) -> Bool {
    sections.headers.contains { $0.type == type }
  }

  private func writeUnknownUnwind(_ out: inout TextBuffer) {
    out.append("\nThe decoding of unwind sections for machine type \(machineText) ")
    out.append("is not currently supported.\n")
  }

  func writeNoUnwind(_ out: inout TextBuffer) {
    out.append("\nThere are no unwind sections in this file.\n")
  }

  /// What stands above each table.
  func writeUnwindHeading(_ section: Section, entries count: UInt64, _ out: inout TextBuffer) {
    out.append("\nUnwind section '")
    out.append(headingName(of: section))
    out.append("' at offset 0x\(hexText(section.header.offset)) contains \(count) ")
    out.append(count == 1 ? "entry:\n" : "entries:\n")
  }

  /// The segments that are loaded, which ``segmentBase(of:in:)`` looks at.
  var loadedSegments: [ProgramHeader] { program?.segments.filter { $0.type == .load } ?? [] }

  /// Where the segment begins that a section is loaded with: the first of these that has it; `nil` for none.
  func segmentBase(of header: SectionHeader, in segments: [ProgramHeader]) -> UInt64? {
    let end = header.address &+ header.size
    return segments.first {
      header.address >= $0.virtualAddress && end <= $0.virtualAddress &+ $0.memorySize
    }?.virtualAddress
  }
}
