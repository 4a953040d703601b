// Two trees of modules compared: a line for each module that changed, then how many of each kind.

import ELFKit

struct TreeDiff {
  let trees: TreePairs
  let limits: Input.Limits

  /// What came of a pair.
  private struct Outcome: Sendable {
    var verdict: ModuleDiff.Verdict?
    var status = ExitStatus.failure
  }

  func write(
    _ console: inout Console, _ report: DiffReport, _ gate: DiffGate
  ) -> ExitStatus {
    let (pairs, limits, old, new) = (trees.pairs, self.limits, trees.old, trees.new)
    let outcomes = OrderedWork.run(pairs.count, &console) { item, console -> Outcome in
      let pair = pairs[item]
      do throws(SystemError) {
        let diff = try ModuleDiff(reading: pair.old, pair.new, limits)
        if report.format == .json {
          report.write(diff, pair.old, pair.new, &console.out)
        } else {
          Self.line(
            diff, TreePairs.place(pair.old, old), TreePairs.place(pair.new, new), report,
            &console.out)
        }
        return Outcome(verdict: diff.verdict, status: gate.status(of: diff))
      } catch {
        console.message { $0.escaped(error.message) }
        return Outcome()
      }
    }
    var status = outcomes.map { $0.status }.max() ?? .clean
    if outcomes.count < pairs.count { status = .failure }
    if !trees.added.isEmpty || !trees.removed.isEmpty { status = max(status, .findings) }
    guard report.format != .json else { return status }
    for file in trees.added { line("added", TreePairs.place(file, new), report, &console.out) }
    for file in trees.removed {
      line(
        trees.isBuiltIn(file) ? "now built in" : "removed", TreePairs.place(file, old), report,
        &console.out)
    }
    func count(_ verdict: ModuleDiff.Verdict) -> Int { outcomes.count { $0.verdict == verdict } }
    console.out.append(
      "\(Quantity.count(pairs.count, "module")): \(count(.identical)) identical, ")
    console.out.append("\(count(.same)) same code and data, \(count(.changed)) changed")
    console.out.append(", \(trees.added.count) added, \(trees.removed.count) removed\n")
    return status
  }

  private func line(
    _ word: String, _ path: [UInt8], _ report: DiffReport, _ out: inout TextBuffer
  ) {
    if report.format == .markdown { out.append("- ") }
    out.escaped(path)
    out.append(": \(word)\n")
  }

  /// A line for a pair in which more is different than what every kernel changes.
  private static func line(
    _ diff: ModuleDiff, _ old: [UInt8], _ new: [UInt8], _ report: DiffReport,
    _ out: inout TextBuffer
  ) {
    let usual: Set<DiffPart> = [.identity, .imports]
    let isMoved = old != new
    guard
      isMoved || report.showsNoise || diff.verdict == .changed
        || !usual.isSuperset(of: diff.parts)
    else { return }
    if report.format == .markdown { out.append("- ") }
    if isMoved {
      out.escaped(old)
      out.append(" → ")
    }
    out.escaped(new)
    out.append(": \(diff.headline)\n")
  }
}
