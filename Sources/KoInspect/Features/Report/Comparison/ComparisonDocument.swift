// Pages of comparisons, from the files on.

import ELFKit

extension Document {
  /// What changed between two builds of a module.
  static func pair(
    _ old: [UInt8], _ new: [UInt8], _ limits: Input.Limits
  ) throws(SystemError) -> Document {
    let diff = try ModuleDiff(reading: old, new, limits)
    return Document(
      bytes: PairPage(diff: diff, old: old, new: new).page(), status: .clean, isEmpty: false)
  }

  /// What came of a pair.
  private enum Compared: Sendable {
    case outcome(TreesPage.Outcome)
    case unread(Unread)
  }

  /// What changed between two trees.
  static func trees(
    _ trees: TreePairs, _ limits: Input.Limits, _ console: inout Console
  ) -> Document {
    let pairs = trees.pairs
    let results = OrderedWork.run(pairs.count, &console) { item, console -> Compared in
      let pair = pairs[item]
      do throws(SystemError) {
        return .outcome(TreesPage.Outcome(try ModuleDiff(reading: pair.old, pair.new, limits)))
      } catch {
        console.message { $0.escaped(error.message) }
        return .unread(Unread(path: pair.new, problem: error.message))
      }
    }
    let unread = results.compactMap { if case .unread(let unread) = $0 { unread } else { nil } }
    let page = TreesPage(
      trees: trees,
      outcomes: results.map { if case .outcome(let outcome) = $0 { outcome } else { nil } },
      unread: unread)
    return Document(
      bytes: page.page(), status: unread.isEmpty ? .clean : .failure,
      isEmpty: !pairs.isEmpty && unread.count == pairs.count)
  }
}
