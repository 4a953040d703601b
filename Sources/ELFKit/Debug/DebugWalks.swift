// Two ways through the entries of a unit: to all functions, and from one function down to a place.

/// Goes to the functions of a unit that have code.
struct FunctionWalk {
  private let unit: DebugUnit
  private let kinds: DebugAbbreviations

  init(_ unit: DebugUnit, _ kinds: DebugAbbreviations) {
    self.unit = unit
    self.kinds = kinds
  }

  /// Calls `body` with each function behind `position`.
  func forEach(from position: Int, _ body: (DebugEntry) -> Void) {
    let format = unit.head.format
    var cursor = unit.cursor(at: position)
    while cursor.isValid, !cursor.isAtEnd {
      let start = cursor.position
      guard let kind = kinds[cursor.unsigned()] else { continue }
      let isFunction = kind.tag == DebugTag.function
      // What cannot hold functions is passed over, with all inside when the compiler says where it ends.
      guard isFunction || kind.hasChildren && !DebugTag.holdsFunctions(kind.tag) else {
        if let size = kind.size {
          cursor.skip(UInt64(size))
        } else {
          for attribute in kind.attributes { format.skip(attribute.form, &cursor) }
        }
        continue
      }
      let entry = DebugEntry(at: start, kind, format, &cursor)
      if isFunction, entry.low != nil || entry.ranges != nil { body(entry) }
      if let next = unit.sibling(of: entry, behind: cursor.position) {
        cursor = unit.cursor(at: next)
      }
    }
  }
}

/// Goes from a function to the innermost one that is built into it at a place.
struct ScopeWalk {
  private let unit: DebugUnit
  private let kinds: DebugAbbreviations
  private let ranges: DebugRanges
  private let number: Int
  private let offset: UInt64

  private static let deepest = 256

  init(
    _ unit: DebugUnit, _ kinds: DebugAbbreviations, _ ranges: DebugRanges, _ number: Int,
    _ offset: UInt64
  ) {
    (self.unit, self.kinds, self.ranges) = (unit, kinds, ranges)
    (self.number, self.offset) = (number, offset)
  }

  /// The function at `position` and those built into it at the place, innermost first.
  mutating func chain(from position: Int, _ work: inout DebugWork) -> [DebugEntry] {
    let format = unit.head.format
    var cursor = unit.cursor(at: position)
    guard let kind = kinds[cursor.unsigned()] else { return [] }
    var chain = [DebugEntry(at: position, kind, format, &cursor)]
    guard kind.hasChildren else { return chain }
    /// How deep the children lie that may hold the place, and how deep the cursor is.
    var holding = 1
    var depth = 1
    /// How many blocks without a range of their own lie around them: their children are looked at as if
    /// they were their siblings.
    var open = 0
    while cursor.isValid, !cursor.isAtEnd {
      let start = cursor.position
      let code = cursor.unsigned()
      guard code != 0 else {
        depth -= 1
        guard depth < holding else { continue }
        // Behind the last child of what holds the place, nothing more can.
        guard open > 0 else { break }
        open -= 1
        holding = depth
        continue
      }
      guard let kind = kinds[code] else { break }
      let entry = DebugEntry(at: start, kind, format, &cursor)
      guard work.take(UInt64(Swift.max(entry.end - start, 1))) else { break }
      let isInlined = kind.tag == DebugTag.inlinedFunction
      if depth == holding, isInlined || kind.tag == DebugTag.block {
        let own = ranges.ranges(entry, unit, &work)
        let isHeld = own?.contains { $0.contains(offset, of: number) } ?? false
        if isHeld, isInlined {
          // No compiler goes on like this.
          guard chain.count < Self.deepest else { break }
          chain.insert(entry, at: 0)
        }
        if isHeld || own == nil && !isInlined {
          guard kind.hasChildren else {
            if isHeld { break }
            continue
          }
          open = isHeld ? 0 : open + 1
          depth += 1
          holding = depth
          continue
        }
      }
      guard kind.hasChildren else { continue }
      if let next = unit.sibling(of: entry, behind: cursor.position) {
        cursor = unit.cursor(at: next)
      } else {
        depth += 1
      }
    }
    return chain
  }
}
