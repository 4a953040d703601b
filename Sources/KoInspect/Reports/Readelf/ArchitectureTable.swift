// readelf -A

import ELFKit

extension ReadelfFile {
  func writeArchitecture(_ console: inout Console) {
  }
}
