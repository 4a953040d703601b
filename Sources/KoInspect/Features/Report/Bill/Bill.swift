// A bill of materials: the modules, who needs whom, and what could not be read.

import ELFKit

struct Bill {
  let entries: [BillEntry]
  let graph: TreeGraph
  let licenses: BillLicenses
  /// Whether something that was named is missing.
  let isPartial: Bool

  private let hashing: SHA256

  init(_ entries: [BillEntry], _ hashing: SHA256, isPartial: Bool) {
    self.entries = entries
    self.hashing = hashing
    self.isPartial = isPartial
    graph = TreeGraph(entries.map { $0.member })
    licenses = BillLicenses(entries)
  }

  /// A name of its own for this document: the same modules under the same names give the same (RFC 9562, version 8).
  var uuid: String {
    var identity: [UInt8] = []
    for entry in entries { identity += entry.path + [0] + Array((entry.digest ?? "").utf8) + [0] }
    identity += Array(Version.number.utf8)
    let digest = hashing.digest(of: ByteSlice(identity)) ?? [UInt8](repeating: 0, count: 32)
    var bytes = Array(digest.prefix(16))
    bytes[6] = bytes[6] & 0x0f | 0x80
    bytes[8] = bytes[8] & 0x3f | 0x80
    var text = TextBuffer()
    for (position, byte) in bytes.enumerated() {
      if [4, 6, 8, 10].contains(position) { text.append("-") }
      text.hex(UInt64(byte), width: 2)
    }
    return text.text
  }
}

extension JSONWriter {
  /// A text that may be anything, as a string: what would not be one is escaped as on a screen.
  mutating func harmless(_ bytes: [UInt8]) {
    var text = TextBuffer()
    text.escaped(bytes)
    string(text.text)
  }

  mutating func field(_ name: String, harmless bytes: [UInt8]?) {
    guard let bytes else { return }
    key(name)
    harmless(bytes)
  }

  mutating func field(_ name: String, _ text: String) {
    key(name)
    string(text)
  }
}
