// readelf -u

import ELFKit

extension ReadelfFile {
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
