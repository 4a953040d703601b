// Two builds of a module compared: the answer first, then everything that it rests on.

import ELFKit

struct ModuleDiff: Sendable {
  enum Verdict: String, CaseIterable, Sendable {
    case identical
    case same
    case changed
  }

  let name: ByteSlice
  /// Contract, code and data, in order.
  let changes: [DiffChange]
  /// What differs and does not count, in words.
  let ignored: [String]
  let code: PieceComparison
  let isIdentical: Bool
  /// What a load takes, in bytes, before and after.
  let sizes: (old: UInt64, new: UInt64)

  init(_ old: KernelModule, _ new: KernelModule, isIdentical: Bool) throws(ELFError) {
    guard old.image.header.machine == new.image.header.machine else {
      throw ELFError(
        .malformed("the other module is for another machine: they cannot be compared"), .fileHeader,
        at: 18)
    }
    let (before, after) = (
      ModuleDescription(old, Rule.all), ModuleDescription(new, Rule.all)
    )
    self.isIdentical = isIdentical
    name = after.name ?? .empty(at: 0)
    code = isIdentical ? PieceComparison() : try Self.compared(old, new)
    var changes = isIdentical ? [] : ContractComparison.changes(before, after)
    let pieces = Self.changes(code)
    changes += pieces
    let (resident, grown) = (before.sections.memory.resident, after.sections.memory.resident)
    // Memory is of pages: it changes with names and notes, too, which are none of the module's doing.
    if !pieces.isEmpty, resident != grown {
      changes.append(
        DiffChange(
          part: .memory, name: "resident", old: "\(resident) bytes", new: "\(grown) bytes"))
    }
    sizes = (
      Self.size(code.removed, code.pairs.map { $0.old }),
      Self.size(code.added, code.pairs.map { $0.new })
    )
    self.changes = changes
    ignored = isIdentical ? [] : try Self.noise(from: old, before, to: new, after, code)
  }

  var verdict: Verdict {
    isIdentical
      ? .identical : changes.contains { $0.part == .code || $0.part == .data } ? .changed : .same
  }

  /// The parts in which something counts, in order.
  var parts: [DiffPart] {
    DiffPart.allCases.filter { part in changes.contains { $0.part == part } }
  }

  /// The first line.
  var headline: String {
    switch verdict {
    case .identical: return "identical"
    case .same:
      let words = parts.map { $0.title } + ignored
      if words.isEmpty { return "same code and data" }
      if words == ["line numbers"] { return "same code and data; only line numbers differ" }
      return "same code and data; only \(words.joined(separator: ", ")) differ"
    case .changed:
      let words = parts.map { part -> String in
        let count = changes.count { $0.part == part }
        switch part {
        case .code: return Quantity.count(count, "function")
        case .data: return Quantity.count(count, "object")
        default: return part.title
        }
      }
      return "changed: \(words.joined(separator: ", "))"
    }
  }

  /// The code and data of both. Where names were taken out of one of them, those of the other are not looked
  /// at either, and what the names stood for is compared by its places.
  private static func compared(
    _ old: KernelModule, _ new: KernelModule
  ) throws(ELFError) -> PieceComparison {
    let (before, after) = (try NormalizedModule(old), try NormalizedModule(new))
    let named = PieceComparison(before, after)
    guard before.localNames != after.localNames, !named.isSame else { return named }
    let bare = PieceComparison(
      try NormalizedModule(old, hasLocals: false), try NormalizedModule(new, hasLocals: false))
    return bare.isSame || before.localNames == 0 || after.localNames == 0 ? bare : named
  }

  private static func size(_ lone: [NormalizedPiece], _ paired: [NormalizedPiece]) -> UInt64 {
    (lone + paired).reduce(0) { $0.addingReportingOverflow($1.size).partialValue }
  }
}

extension ModuleDiff {
  /// Functions and objects that are not the same.
  private static func changes(_ code: PieceComparison) -> [DiffChange] {
    var changes: [DiffChange] = []
    for piece in code.removed {
      changes.append(
        DiffChange(part: part(piece), name: "\(piece.name)", old: text(piece), new: nil))
    }
    for piece in code.added {
      changes.append(
        DiffChange(part: part(piece), name: "\(piece.name)", old: nil, new: text(piece)))
    }
    for pair in code.pairs where !pair.isSame {
      changes.append(
        DiffChange(
          part: part(pair.new), name: "\(pair.new.name)", old: text(pair.old), new: text(pair.new),
          reasons: reasons(pair)))
    }
    return changes.enumerated().sorted {
      ($0.element.part == .data ? 1 : 0, $0.offset) < ($1.element.part == .data ? 1 : 0, $1.offset)
    }.map { $0.element }
  }

  private static func part(_ piece: NormalizedPiece) -> DiffPart {
    piece.isFunction ? .code : .data
  }

  private static func text(_ piece: NormalizedPiece) -> ByteText {
    "\(Quantity.count(piece.size, "byte")) in \(piece.section)"
  }

  /// Why two are not the same. Where bytes differ, what stands beside each other is not what belongs together:
  /// then only names count that one of them alone has.
  private static func reasons(_ pair: PiecePair) -> [ByteText] {
    let changes = pair.changes.filter { $0 != .lines && $0 != .path }
    guard changes.contains(.bytes) else { return changes.map { words($0) } }
    let moves = changes.filter { if case .moved = $0 { true } else { false } }
    let before = Set(pair.old.references.compactMap { $0.target.name })
    let after = Set(pair.new.references.compactMap { $0.target.name })
    return [words(.bytes)] + moves.map { words($0) }
      + after.subtracting(before).sorted().map { "uses \($0)" }
      + before.subtracting(after).sorted().map { "no longer uses \($0)" }
  }

  private static func words(_ change: PieceChange) -> ByteText {
    switch change {
    case .bytes: "other bytes"
    case .refers(let from, let to):
      from.isEmpty
        ? "uses \(to)" : to.isEmpty ? "no longer uses \(from)" : "uses \(to) instead of \(from)"
    case .text(let from, let to): "text \"\(from)\" is now \"\(to)\""
    case .data: "data that it refers to"
    case .place(let name): "another place in \(name)"
    case .moved(let from, let to): "moved from \(from) to \(to)"
    case .table(let name): "entries in \(name)"
    case .lines: "line numbers"
    case .path: "paths"
    }
  }

  /// Sections whose content changes with each build and says nothing about code and data.
  private static let noisy: [(section: String, word: String)] = [
    (".note.gnu.build-id", "build id"), (".comment", "compiler's comment"), (".BTF", "BTF"),
    (".note.Linux", "build salt"), (".orc_unwind", "unwind tables"),
    (".debug_info", "debug information"),
  ]

  private static func noise(
    from old: KernelModule, _ before: ModuleDescription, to new: KernelModule,
    _ after: ModuleDescription, _ code: PieceComparison
  ) throws(ELFError) -> [String] {
    var words: [String] = []
    for (name, word) in noisy where try bytes(name, old) != bytes(name, new) { words.append(word) }
    // Of two signatures by one key the bytes differ from build to build.
    if before.signature != nil || after.signature != nil { words.append("signature") }
    let reasons = Set(code.pairs.filter { $0.isSame }.flatMap { $0.changes })
    if reasons.contains(.path) { words.append("paths") }
    if reasons.contains(.lines) { words.append("line numbers") }
    if try bytes(".symtab", old)?.count != bytes(".symtab", new)?.count {
      words.append("symbol table")
    }
    return words
  }

  private static func bytes(_ name: String, _ module: KernelModule) throws(ELFError) -> ByteSlice? {
    guard let section = module.image.sections.first(named: name) else { return nil }
    return try module.image.bytes(of: section)
  }
}

extension ModuleDiff {
  /// Compares two files.
  init(reading old: [UInt8], _ new: [UInt8], _ limits: Input.Limits) throws(SystemError) {
    let (before, after) = (try Self.read(old, limits), try Self.read(new, limits))
    let isIdentical = before.bytes == after.bytes
    do throws(ELFError) {
      try self.init(before.module, after.module, isIdentical: isIdentical)
    } catch {
      throw SystemError(error.description).named(new)
    }
  }

  private static func read(
    _ path: [UInt8], _ limits: Input.Limits
  ) throws(SystemError) -> (module: KernelModule, bytes: ByteSlice) {
    do throws(SystemError) {
      let source = try Operand(path: path, isStandardInput: path == [0x2d])
        .open(.everything, limits).source
      return try system { () throws(ELFError) in
        let module = KernelModule(try ELFImage(asLoaded: source))
        guard module.isModule else {
          throw ELFError(.malformed("not a kernel module"), .file, at: 0)
        }
        return (module, try source.slice(0, source.size, in: .file))
      }
    } catch {
      throw error.named(path)
    }
  }
}
