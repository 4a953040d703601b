// A bill of materials, from the files on.

import ELFKit

extension Document {
  /// A bill of materials, with digests of the files.
  static func bill(
    _ files: ModuleCommand.Files, isSPDX: Bool, _ console: inout Console
  ) throws(SystemError) -> Document {
    guard let hashing = SHA256() else {
      throw SystemError("a bill of materials has digests of files: install OpenSSL's libcrypto")
    }
    let limits = files.limits
    let collected = ModuleCommand.collect(files, .everything, &console) { inspection, _ in
      BillEntry(&inspection, hashing, limits)
    }
    let bill = Bill(collected.facts, hashing, isPartial: collected.status != .clean)
    var out = TextBuffer()
    if isSPDX {
      SPDXDocument(bill: bill, created: moment(console.environment)).write(to: &out)
    } else {
      CycloneDX(bill: bill).write(to: &out)
    }
    return Document(bytes: out.pending, status: collected.status, isEmpty: collected.facts.isEmpty)
  }
}
