// Which function a call is in, and what its arguments may be.

/// Where the functions of a file are, and which of others do not come back. One walk over all symbols.
struct FunctionRanges {
  /// Functions of others that do not come back.
  let neverReturning: Set<SymbolIndex>
  /// Where functions begin and end, by section, in order; where two overlap the first ends where the second
  /// begins.
  private var ranges: [UInt32: [Range<UInt64>]] = [:]

  /// tools/objtool/noreturns.h, of which modules call many.
  private static let noReturns = [
    "__stack_chk_fail", "panic", "fortify_panic", "__fortify_panic", "make_task_dead", "do_exit",
    "kthread_complete_and_exit", "module_put_and_kthread_exit", "__module_put_and_kthread_exit",
  ]

  init(_ symbols: SymbolTable) {
    var neverReturning: Set<SymbolIndex> = []
    for (position, record) in symbols.records.enumerated() where position > 0 {
      if record.sectionIndex == .undefined {
        if Self.noReturns.contains(where: { symbols.names.matches($0, at: record.nameOffset) }) {
          neverReturning.insert(SymbolIndex(rawValue: UInt32(position)))
        }
      } else if record.type == .function, record.size > 0,
        let section = symbols.section(of: record, at: position)
      {
        let (end, overflow) = record.value.addingReportingOverflow(record.size)
        if !overflow { ranges[section, default: []].append(record.value..<end) }
      }
    }
    self.neverReturning = neverReturning
    for section in Array(ranges.keys) {
      let sorted = (ranges[section] ?? []).sorted {
        ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound)
      }
      var found: [Range<UInt64>] = []
      for range in sorted {
        if let last = found.last {
          if last.lowerBound == range.lowerBound {
            found.removeLast()
          } else if last.upperBound > range.lowerBound {
            found[found.count - 1] = last.lowerBound..<range.lowerBound
          }
        }
        found.append(range)
      }
      ranges[section] = found
    }
  }

  /// The function of `section` that has the byte at `place`; `nil` when none has.
  func range(of place: UInt64, in section: Int) -> Range<UInt64>? {
    guard let ranges = ranges[UInt32(section)] else { return nil }
    let next = Halving.firstIndex(ranges.count) { ranges[$0].lowerBound > place }
    guard next > 0, ranges[next - 1].contains(place) else { return nil }
    return ranges[next - 1]
  }
}

/// The functions of one section, taken apart one after the other.
struct SectionFlows {
  private let section: Int
  private let code: ByteSlice
  private let set: InstructionSet
  private let relocations: [Relocation]
  private let functions: FunctionRanges
  /// The one that was asked about last: calls come in the order of the file.
  private var last: (range: Range<UInt64>, flow: FunctionFlow)?
  /// As many steps as look at the code a few times over: calls may be as many as the file has room for.
  private var steps: Int

  /// No call needs more steps, and no function of a module is longer.
  private static let (mostSteps, longest) = (4096, 1 << 20)

  /// Those of `section`, whose relocations are in order.
  init(
    _ section: Int, _ code: ByteSlice, _ set: InstructionSet, _ relocations: [Relocation],
    _ functions: FunctionRanges
  ) {
    self.section = section
    (self.code, self.set, self.relocations, self.functions) = (code, set, relocations, functions)
    steps = 2 * code.count + 1 << 16
  }

  /// What argument number `argument` of the call whose relocation is at `offset` may be; `nil` when the call is
  /// in no function, or its code is not known.
  mutating func values(of argument: Int, ofCallAt offset: UInt64) -> FunctionFlow.Values? {
    // The opcode of a call or jump is one byte.
    guard argument < set.arguments.count, offset > 0, offset <= UInt64(code.count),
      let range = functions.range(of: offset - 1, in: section)
    else { return nil }
    let end = Swift.min(range.upperBound, UInt64(code.count))
    guard end - range.lowerBound <= UInt64(Self.longest) else { return nil }
    let flow: FunctionFlow
    if let last, last.range == range {
      flow = last.flow
    } else {
      flow = FunctionFlow(code, Int(range.lowerBound)..<Int(end), set, relocations) {
        functions.neverReturning.contains($0.symbol)
      }
      last = (range, flow)
    }
    let granted = Swift.min(steps, Self.mostSteps)
    var left = granted
    let values = flow.values(
      of: set.arguments[argument], before: Int(offset) - 1, relocations, steps: &left)
    steps -= granted - left
    return values
  }
}
