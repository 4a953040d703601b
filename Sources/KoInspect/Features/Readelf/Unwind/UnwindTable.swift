// readelf -u

import ELFKit

extension ReadelfFile {
  /// readelf decodes the unwind tables of a few machines; of Linux's only modules of 32-bit ARM have some. False
  /// when a table cannot be read, and without section headers: then nobody knows whether there are any.
  func writeUnwind(_ console: inout Console) -> Bool {
    let format = machine.format
    let hasIndex = format.unwindIndex.map { type in sections.headers.contains { $0.type == type } }
    let records =
      format.unwindRecords.map { name in sections.filter { $0.name.equals(name) } } ?? []
    if let info = format.unwindInfo { return writeUnwindInfo(info, &console) }
    switch format.unwind {
    case .none:
      console.out.append("No processor specific unwind information to decode\n")
    case .decoded where hasIndex == true: return writeARMUnwind(&console)
    case .decoded where hasIndex != nil && sections.headers.isEmpty: return false
    case .decoded where !records.isEmpty: return writeUnwindRecords(records, &console)
    case .decoded:
      console.out.append("\nThere are no unwind sections in this file.\n")
    case .unknown:
      console.out.append("\nThe decoding of unwind sections for machine type \(machineText) ")
      console.out.append("is not currently supported.\n")
    }
    return true
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
