// The files that were chosen for the modules of a log, and what they tell of its places.

import ELFKit

/// The files, by the names of the log.
struct DecodedFiles {
  private(set) var all: [(name: ByteSlice, file: DecodedFile)] = []
  private var positions: [ByteSlice: Int] = [:]
  /// What could not be read of them, each once.
  private(set) var problems: [(path: [UInt8], error: ELFError)] = []

  mutating func add(_ file: DecodedFile, _ name: ByteSlice) {
    positions[name] = all.count
    all.append((name, file))
  }

  subscript(name: ByteSlice) -> DecodedFile? { positions[name].map { all[$0].file } }

  /// What the file of `mention`'s module tells of it; `nil` when there is none.
  mutating func facts(_ mention: TraceMention, of name: ByteSlice?) -> DecodedFacts? {
    guard let name, let position = positions[name] else { return nil }
    do throws(ELFError) {
      return try DecodedFacts(mention, &all[position].file.traced)
    } catch {
      note(error, position)
      return DecodedFacts(all[position].file.traced.places(mention.symbol))
    }
  }

  /// What comes of comparing a `Code:` line.
  mutating func compare(_ listing: CodeListing, at mention: TraceMention) -> CodeComparison? {
    guard let name = mention.symbol.module, let position = positions[name] else { return nil }
    do throws(ELFError) {
      return try all[position].file.traced.add(listing, at: mention)
    } catch {
      note(error, position)
      return nil
    }
  }

  private mutating func note(_ error: ELFError, _ position: Int) {
    let path = all[position].file.path
    if !problems.contains(where: { $0.path == path && $0.error == error }) {
      problems.append((path, error))
    }
  }
}

/// What a file tells of a place.
struct DecodedFacts {
  /// Where it is, or why it is nowhere.
  let places: TracedModule.Places
  /// What had been called there.
  var call: TraceCall?
  /// The WARN or BUG there.
  var bug: BugEntry?
  /// What the instruction is, where that means something.
  var meaning: String?
  /// Where that is in the source, innermost first.
  var frames: [SourceFrame] = []
  /// What begins where the place is, when it is no place in a function but the address of one.
  var address: ByteSlice?

  init(_ places: TracedModule.Places) { self.places = places }

  init(_ mention: TraceMention, _ traced: inout TracedModule) throws(ELFError) {
    places = traced.places(mention.symbol)
    call = try traced.call(before: mention)
    bug = try traced.bug(at: mention)
    frames = traced.source(at: mention)
    if bug == nil { meaning = try traced.meaning(of: mention) }
    // A pointer to a function on the stack is looked up as if a call returned to it.
    if !mention.isReliable, mention.symbol.offset == mention.symbol.size {
      address = traced.name(at: mention)
    }
  }

  /// The line of the source.
  var line: SourceLine? { frames.first?.line }

  /// The place, when there is exactly one.
  var place: ModuleCode.Place? {
    guard case .some(let places) = places, places.count == 1 else { return nil }
    return places.first
  }
}

/// A place of a log or of the command line, and what is known of it.
struct DecodedMention {
  let mention: TraceMention
  /// The number of the line, from 1; `nil` for a place that was typed.
  let line: UInt64?
  let cpu: UInt64?
  /// `nil` when no file of the module was given.
  let file: DecodedFile?
  let facts: DecodedFacts?
  /// The function above in the trace, when it is not what had been called here.
  var unexpected: ByteSlice?
}

/// The functions of a trace, in which each frame had called the one above.
struct CallChain {
  private var above: [ByteSlice: TraceSymbol] = [:]

  /// The function above `mention` when that is not the one that `call` leads to; `nil` otherwise, and
  /// when nobody knows. To be asked for every place of `caller` in order.
  mutating func unexpected(
    _ mention: TraceMention, _ call: TraceCall?, of caller: ByteSlice
  ) -> ByteSlice? {
    guard mention.isReliable, mention.kind == .frame || mention.kind == .pc else { return nil }
    let last = above.updateValue(mention.symbol, forKey: caller)
    guard mention.kind == .frame, let call, !call.isIndirect, let last,
      last.function != mention.symbol.function || last.offset != mention.symbol.offset
    else { return nil }
    let isCalled =
      last.function == call.function
      // Compilers split and clone functions: `f.cold`, `f.isra.0`.
      || Self.base(last.function) == Self.base(call.function)
    return isCalled ? nil : last.function
  }

  /// A new trace begins, or one of a program.
  mutating func end(_ caller: ByteSlice) { above[caller] = nil }

  private static func base(_ name: ByteSlice) -> ByteSlice {
    name[within: 0..<(name.firstIndex(of: 0x2e) ?? name.count)]
  }
}

extension SourceLine {
  /// The path of the file, as the compiler was told.
  var path: [UInt8] {
    if folder.isEmpty || file.first == 0x2f { return file.bytes }
    return folder.bytes + [0x2f] + file.bytes
  }
}
