// The page of many modules, from the files on.

import ELFKit

extension Document {
  /// The page of many.
  static func tree(
    _ files: ModuleCommand.Files, _ target: KernelDescription?, _ missing: [Unread],
    _ console: inout Console
  ) throws(SystemError) -> Document {
    let judgedBy = try JudgedBy(target)
    let collected = ModuleCommand.collect(files, .everything, &console) { inspection, _ in
      TreeEntry(&inspection, judgedBy)
    }
    let status = missing.isEmpty ? collected.status : .failure
    return tree(
      collected.facts, files, collected.unread + missing, status,
      leftOut: target?.trees.compactMap { $0.leftOut } ?? [])
  }

  static func tree(
    _ entries: [TreeEntry], _ files: ModuleCommand.Files, _ unread: [Unread],
    _ status: ExitStatus, leftOut: [Unread] = []
  ) -> Document {
    let page = TreePage(entries, unread: unread, leftOut: files.operands.leftOut + leftOut)
    return Document(bytes: page.page(), status: status, isEmpty: entries.isEmpty)
  }
}
