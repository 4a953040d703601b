// Warnings and errors as readelf words them.

extension Console {
  /// `readelf: Warning: …` on standard error, what came before on standard output first.
  mutating func warn(_ text: String) { readelfMessage("Warning", text) }

  /// `readelf: Error: …` on standard error, what came before on standard output first.
  mutating func complain(_ text: String) { readelfMessage("Error", text) }

  private mutating func readelfMessage(_ kind: String, _ text: String) {
    out.flush()
    err.append("readelf: \(kind): ")
    err.escaped(text)
    err.newline()
    err.flush()
  }
}
