// Warnings and errors as readelf words them.

import ELFKit

extension Console {
  /// `readelf: Warning: …` on standard error, what came before on standard output first.
  mutating func warn(_ text: String) { readelfMessage("Warning", text) }

  /// `readelf: Error: …` on standard error, what came before on standard output first.
  mutating func complain(_ text: String) { readelfMessage("Error", text) }

  /// `readelf: Error: …` for bytes that cannot be had; `what` is readelf's word for them.
  mutating func complain(_ error: ELFError, about what: String) {
    guard case .outOfBounds(let count) = error.reason else { return complain("\(error)") }
    complain("Reading \(count) bytes extends past end of file for \(what)")
  }

  private mutating func readelfMessage(_ kind: String, _ text: String) {
    out.flush()
    err.append("readelf: \(kind): ")
    err.escaped(text)
    err.newline()
    err.flush()
  }
}
