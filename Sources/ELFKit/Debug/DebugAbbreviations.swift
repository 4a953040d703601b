// `.debug_abbrev`: which attributes an entry has, and in which forms (DWARF 5, 7.5.3).

/// One kind of entry.
struct DebugAbbreviation: Sendable {
  struct Attribute: Sendable {
    let name: UInt64
    let form: UInt64
    /// The value of `DW_FORM_implicit_const`.
    let constant: Int64
  }

  let tag: UInt64
  let hasChildren: Bool
  let attributes: [Attribute]
  /// How many bytes all values have, when that does not depend on them.
  let size: Int?
}

/// The kinds of entries of a unit, by their numbers.
struct DebugAbbreviations: Sendable {
  /// Compilers count from 1 on without gaps.
  private var inOrder: [DebugAbbreviation] = []
  private var others: [UInt64: DebugAbbreviation] = [:]
  /// How many bytes have been read.
  private(set) var byteCount = 0

  /// The table at `offset` of `bytes`, for units of `format`; with `only`, up to the kind with that
  /// number.
  init(
    _ bytes: ByteSlice, at offset: Int, _ format: DebugFormat, _ encoding: Encoding,
    only: UInt64? = nil
  ) {
    var cursor = DebugCursor(bytes, encoding, at: offset)
    while cursor.isValid {
      let code = cursor.unsigned()
      guard cursor.isValid, code != 0 else { break }
      let tag = cursor.unsigned()
      let hasChildren = cursor.byte() != 0
      var attributes: [DebugAbbreviation.Attribute] = []
      var size: Int? = 0
      while cursor.isValid {
        let name = cursor.unsigned()
        let form = cursor.unsigned()
        let constant = form == DebugForm.implicitConstant ? cursor.signed() : 0
        guard name != 0 || form != 0 else { break }
        let own = DebugForm.shape(form).flatMap { format.size($0) }
        size = size.flatMap { sum in own.map { sum + $0 } }
        attributes.append(.init(name: name, form: form, constant: constant))
      }
      guard cursor.isValid else { break }
      guard only == nil || only == code else { continue }
      let kind = DebugAbbreviation(
        tag: tag, hasChildren: hasChildren, attributes: attributes, size: size)
      if only == nil, code == UInt64(inOrder.count) + 1 {
        inOrder.append(kind)
      } else if others[code] == nil {
        others[code] = kind
      }
      if only != nil { break }
    }
    byteCount = Swift.max(cursor.position - offset, 0)
  }

  subscript(code: UInt64) -> DebugAbbreviation? {
    code >= 1 && code <= UInt64(inOrder.count) ? inOrder[Int(code) - 1] : others[code]
  }
}
