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

  /// Whether of any it is known where it was in memory.
  var areLocated: Bool { all.contains { $0.file.traced.isLocated } }

  /// What the files tell of a place of which the log does not say the module; `nil` when none has such a place.
  mutating func assumed(_ mention: TraceMention) -> (file: DecodedFile, facts: DecodedFacts)? {
    for (name, file) in all {
      guard case .some = file.traced.places(mention.symbol) else { continue }
      return facts(mention, of: name).map { (file, $0) }
    }
    return nil
  }

  /// What lies at `address`, where it is known that it is code of one of them.
  func place(at address: UInt64) -> (name: ByteSlice, file: DecodedFile, place: AddressedPlace)? {
    for (name, file) in all {
      if let place = file.traced.place(at: address) { return (name, file, place) }
    }
    return nil
  }

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
  /// Between the code of which lines it is, where no line is known.
  var bounds: SourceBounds?
  /// What begins where the place is, when it is no place in a function but the address of one.
  var address: ByteSlice?

  init(_ places: TracedModule.Places) { self.places = places }

  init(_ mention: TraceMention, _ traced: inout TracedModule) throws(ELFError) {
    places = traced.places(mention.symbol)
    call = try traced.call(before: mention)
    bug = try traced.bug(at: mention)
    frames = traced.source(at: mention)
    if frames.isEmpty, bug == nil { bounds = try traced.bounds(at: mention) }
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
  /// Whether the log does not say that it is the file's: it has no name of a module.
  var isAssumed = false
}

/// The functions of a trace, in which each frame had called the one above.
struct CallChain {
  private struct Entry {
    let symbol: TraceSymbol
    let kind: TraceKind
    let line: UInt64
  }

  /// The last entry of each caller, and how many lines it has printed.
  private var above: [ByteSlice: Entry] = [:]
  private var lines: [ByteSlice: UInt64] = [:]

  /// The next line, which `caller` printed.
  mutating func next(_ caller: ByteSlice) { lines[caller, default: 0] += 1 }

  /// The function above `mention` when that is not the one that `call` leads to; `nil` otherwise, and
  /// when nobody knows. To be asked for every place of `caller` in order.
  mutating func unexpected(
    _ mention: TraceMention, _ call: TraceCall?, of caller: ByteSlice
  ) -> ByteSlice? {
    guard mention.isReliable, mention.isEntry, mention.kind == .frame || mention.kind == .pc else {
      return nil
    }
    let line = lines[caller] ?? 0
    let entry = Entry(symbol: mention.symbol, kind: mention.kind, line: line)
    let last = above.updateValue(entry, forKey: caller)
    guard mention.kind == .frame, let call, !call.isIndirect, let last,
      // Between entries of a trace nothing stands; between the instruction and them registers do.
      last.kind == .pc || line - last.line < 2,
      last.symbol.function != mention.symbol.function || last.symbol.offset != mention.symbol.offset
    else { return nil }
    let above = last.symbol.function
    // Compilers split and clone functions: `f.cold`, `f.isra.0`.
    let isCalled = above == call.function || Self.base(above) == Self.base(call.function)
    return isCalled ? nil : above
  }

  /// A new trace begins, or one of a program.
  mutating func end(_ caller: ByteSlice) { above[caller] = nil }

  private static func base(_ name: ByteSlice) -> ByteSlice {
    name[within: 0..<(name.firstIndex(of: UInt8(ascii: ".")) ?? name.count)]
  }
}

extension SourceLine {
  /// The path of the file, as the compiler was told.
  var path: [UInt8] {
    if folder.isEmpty || file.first == UInt8(ascii: "/") { return file.bytes }
    return folder.bytes + [UInt8(ascii: "/")] + file.bytes
  }
}
