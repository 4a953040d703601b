// Two trees of modules compared: a line for each module that changed, then how many of each kind.

import ELFKit

struct TreeDiff {
  private let old: [UInt8]
  private let new: [UInt8]
  private let limits: Input.Limits
  /// Modules that both have, in the order of the newer tree.
  private let pairs: [(old: [UInt8], new: [UInt8])]
  private let added: [[UInt8]]
  private let removed: [[UInt8]]
  /// What the newer kernel has built in.
  private let builtIns: Set<ByteSlice>

  init(_ old: [UInt8], _ new: [UInt8], _ limits: Input.Limits) throws(SystemError) {
    (self.old, self.new, self.limits) = (old, new, limits)
    let (before, after) = (try Self.files(old), try Self.files(new))
    var known: [[UInt8]: [UInt8]] = [:]
    for file in before where known[ModuleName.ofFile(at: file)] == nil {
      known[ModuleName.ofFile(at: file)] = file
    }
    var pairs: [(old: [UInt8], new: [UInt8])] = []
    var added: [[UInt8]] = []
    for file in after {
      if let other = known.removeValue(forKey: ModuleName.ofFile(at: file)) {
        pairs.append((other, file))
      } else {
        added.append(file)
      }
    }
    self.pairs = pairs
    self.added = added
    removed = before.filter { known[ModuleName.ofFile(at: $0)] == $0 }
    var description = KernelDescription()
    let list = try description.readIfThere(new + Array("/modules.builtin".utf8))
    builtIns = Set(
      (list?.bytes ?? []).split(separator: 0x0a).map {
        ByteSlice(ModuleName.ofFile(at: Array($0)))
      })
  }

  private static func files(_ folder: [UInt8]) throws(SystemError) -> [[UInt8]] {
    var problem: SystemError?
    let found = modules(below: folder, leavesBuildOut: true) { path, error in
      problem = problem ?? error.named(path)
    }
    if let problem { throw problem }
    guard !found.isEmpty else { throw SystemError(Operands.noModules).named(folder) }
    return found
  }

  /// What came of a pair.
  private struct Outcome: Sendable {
    var verdict: ModuleDiff.Verdict?
    var status = ExitStatus.failure
  }

  func write(
    _ console: inout Console, _ report: DiffReport, _ gate: DiffGate
  ) -> ExitStatus {
    let (pairs, limits, old, new) = (self.pairs, self.limits, self.old, self.new)
    let outcomes = OrderedWork.run(pairs.count, &console) { item, console -> Outcome in
      let pair = pairs[item]
      do throws(SystemError) {
        let diff = try ModuleDiff(reading: pair.old, pair.new, limits)
        if report.format == .json {
          report.write(diff, pair.old, pair.new, &console.out)
        } else {
          Self.line(
            diff, Self.place(pair.old, old), Self.place(pair.new, new), report, &console.out)
        }
        return Outcome(verdict: diff.verdict, status: gate.status(of: diff))
      } catch {
        console.message { $0.escaped(error.message) }
        return Outcome()
      }
    }
    var status = outcomes.map { $0.status }.max() ?? .clean
    if outcomes.count < pairs.count { status = .failure }
    if !added.isEmpty || !removed.isEmpty { status = max(status, .findings) }
    guard report.format != .json else { return status }
    for file in added { line("added", Self.place(file, new), report, &console.out) }
    for file in removed {
      let isBuiltIn = builtIns.contains(ByteSlice(ModuleName.ofFile(at: file)))
      line(isBuiltIn ? "now built in" : "removed", Self.place(file, old), report, &console.out)
    }
    func count(_ verdict: ModuleDiff.Verdict) -> Int { outcomes.count { $0.verdict == verdict } }
    console.out.append(
      "\(Quantity.count(pairs.count, "module")): \(count(.identical)) identical, ")
    console.out.append("\(count(.same)) same code and data, \(count(.changed)) changed")
    console.out.append(", \(added.count) added, \(removed.count) removed\n")
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

  /// The path below the tree.
  private static func place(_ file: [UInt8], _ folder: [UInt8]) -> [UInt8] {
    Array(file.dropFirst(folder.count).drop { $0 == 0x2f })
  }
}
