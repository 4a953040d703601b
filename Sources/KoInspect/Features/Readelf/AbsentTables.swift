// What readelf says where a relocatable file has nothing to show: tables of executables.

import ELFKit

extension ReadelfFile {
  func writeSegments(_ console: inout Console) {
    guard header.programHeaderCount == 0 else { return }
    guard header.programHeaderOffset == 0 else {
      console.warn(
        "possibly corrupt ELF header - it has a non-zero program header offset, "
          + "but no program headers")
      return
    }
    console.out.append("\nThere are no program headers in this file.\n")
  }

  func writeDynamic(_ out: inout TextBuffer) {
    out.append("\nThere is no dynamic section in this file.\n")
  }

  func writeVersions(_ out: inout TextBuffer) {
    out.append("\nNo version information found in this file.\n")
  }

  /// readelf decodes the unwind tables of a few machines; of Linux's only modules of 32-bit ARM have some.
  func writeUnwind(_ console: inout Console) {
    switch machine.description?.format.unwind ?? .unknown {
    case .none:
      console.out.append("No processor specific unwind information to decode\n")
    case .decoded:
      guard let index = machine.description?.format.unwindIndex,
        sections.headers.contains(where: { $0.type == index })
      else {
        console.out.append("\nThere are no unwind sections in this file.\n")
        return
      }
      writeARMUnwind(&console)
    case .unknown:
      console.out.append("\nThe decoding of unwind sections for machine type \(machineText) ")
      console.out.append("is not currently supported.\n")
    }
  }
}
