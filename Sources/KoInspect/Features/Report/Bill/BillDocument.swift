// A bill of materials, from the files on.

import ELFKit

extension Document {
  /// A bill of materials.
  static func bill(
    _ files: ModuleCommand.Files, isSPDX: Bool, _ console: inout Console
  ) -> Document {
    let limits = files.limits
    let collected = ModuleCommand.collect(files, .everything, &console) { inspection, _ in
      BillEntry(&inspection, limits)
    }
    let bill = Bill(collected.facts, isPartial: collected.status != .clean)
    var out = TextBuffer()
    if isSPDX {
      SPDXDocument(bill: bill, created: moment(console.environment)).write(to: &out)
    } else {
      CycloneDX(bill: bill).write(to: &out)
    }
    return Document(bytes: out.pending, status: collected.status, isEmpty: collected.facts.isEmpty)
  }
}
