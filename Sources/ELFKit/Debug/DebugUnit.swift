// A unit of `.debug_info`: what one compilation has left.

/// What is known of every unit without reading its entries.
struct DebugUnitHead: Sendable {
  /// Where it begins in `.debug_info`, and where the next one does.
  let start: UInt64
  let end: UInt64
  let format: DebugFormat
  /// Where its kinds of entries are in `.debug_abbrev`.
  let abbreviations: UInt64
  /// The position of the first entry in the unit.
  let firstEntry: Int

  /// So many bytes are enough for the header of any unit and, nearly always, for its first entry.
  static let headSize: UInt64 = 1024

  /// Reads the header at `start`, where `info` has `bytes` with `fixups`; `nil` for one of a type that
  /// has no code, of a version that is not known, or that is damaged. `next` is where the next one begins,
  /// when that can be told.
  init?(
    _ file: DebugFile, _ info: DebugSection, at start: UInt64, _ bytes: ByteSlice,
    _ fixups: DebugFixups, next: inout UInt64?
  ) {
    next = nil
    var cursor = DebugCursor(bytes, file.encoding)
    var size = cursor.number(4)
    let is64Bit = size == 0xffff_ffff
    if is64Bit { size = cursor.number(8) }
    let behind = start + UInt64(cursor.position)
    guard cursor.isValid, size > 0, behind <= info.size, size <= info.size - behind else {
      return nil
    }
    next = behind + size
    let version = cursor.number(2)
    guard (2...5).contains(version) else { return nil }
    var addressSize = 0
    if version >= 5 {
      // DW_UT_compile, DW_UT_partial, DW_UT_skeleton (which has the id of its file behind the header).
      let type = cursor.byte()
      guard [1, 3, 4].contains(type) else { return nil }
      addressSize = Int(cursor.byte())
      let place = cursor.position
      let offset = cursor.number(is64Bit ? 8 : 4)
      if type == 4 { cursor.skip(8) }
      guard let target = Self.abbreviations(file, fixups.at(start + UInt64(place)), offset, is64Bit)
      else {
        return nil
      }
      abbreviations = target
    } else {
      let place = cursor.position
      let offset = cursor.number(is64Bit ? 8 : 4)
      addressSize = Int(cursor.byte())
      guard let target = Self.abbreviations(file, fixups.at(start + UInt64(place)), offset, is64Bit)
      else {
        return nil
      }
      abbreviations = target
    }
    guard cursor.isValid, addressSize == 4 || addressSize == 8 else { return nil }
    self.start = start
    end = behind + size
    format = DebugFormat(version: version, is64Bit: is64Bit, addressSize: addressSize)
    firstEntry = cursor.position
  }

  private static func abbreviations(
    _ file: DebugFile, _ fixups: [Relocation], _ stored: UInt64, _ is64Bit: Bool
  ) -> UInt64? {
    let own = file.index(".debug_abbrev")
    guard let target = file.target(stored, is64Bit ? 8 : 4, fixups, in: own), target.section == own
    else { return nil }
    return target.offset
  }
}

/// The bytes of a unit, or of its beginning, with their relocations.
struct DebugUnit: Sendable {
  let head: DebugUnitHead
  let bytes: ByteSlice
  private let fixups: DebugFixups
  private let encoding: Encoding
  /// Where the unit's parts of other sections begin, as its first entry says.
  var stringBase: UInt64?
  var addressBase: UInt64?
  var rangeBase: UInt64?
  /// The address that ranges count from.
  var low: DebugTarget?

  /// A unit of which `bytes` have been read, with `fixups`.
  init(
    _ head: DebugUnitHead, _ bytes: ByteSlice, _ fixups: DebugFixups, _ encoding: Encoding
  ) {
    self.head = head
    self.bytes = bytes
    self.fixups = fixups
    self.encoding = encoding
  }

  /// All of a unit.
  init?(_ head: DebugUnitHead, _ info: DebugSection, _ encoding: Encoding) {
    guard let bytes = info.bytes(head.start, atMost: head.end - head.start),
      let fixups = info.relocations.within(head.start, head.end)
    else { return nil }
    self.init(head, bytes, fixups, encoding)
  }

  func cursor(at position: Int) -> DebugCursor { DebugCursor(bytes, encoding, at: position) }

  /// The relocations of the number at `position`.
  func fixups(at position: Int) -> [Relocation] { fixups.at(head.start + UInt64(position)) }

  /// The size of a value of the form `form`, when that does not depend on it.
  private func size(_ form: UInt64) -> Int? {
    DebugForm.shape(form).flatMap { head.format.size($0) }
  }

  /// The number that is stored.
  func stored(_ value: DebugValue) -> UInt64? {
    if value.form == DebugForm.implicitConstant { return UInt64(bitPattern: value.constant) }
    guard let shape = DebugForm.shape(value.form) else { return nil }
    var cursor = cursor(at: value.position)
    let number: UInt64
    if let size = head.format.size(shape) {
      // Indices of strings and addresses may have three bytes.
      number =
        size == 3
        ? (0..<3).reduce(0) { $0 | UInt64(cursor.byte()) << (8 * UInt64($1)) } : cursor.number(size)
    } else if shape == .unsigned {
      number = cursor.unsigned()
    } else if shape == .signed {
      number = UInt64(bitPattern: cursor.signed())
    } else {
      return nil
    }
    return cursor.isValid ? number : nil
  }

  /// The number with what relocations make of it.
  func number(_ value: DebugValue, _ file: DebugFile) -> UInt64? {
    guard let stored = stored(value) else { return nil }
    let fixups = fixups(at: value.position)
    guard !fixups.isEmpty else { return stored }
    return size(value.form).flatMap { file.number(stored, $0, fixups) }
  }

  /// Where an offset leads, which counts in `section` when it has no relocation.
  func target(_ value: DebugValue, _ file: DebugFile, in section: Int?) -> DebugTarget? {
    guard let stored = stored(value), let size = size(value.form) else { return nil }
    return file.target(stored, size, fixups(at: value.position), in: section)
  }

  /// Where what follows an entry and all inside it stands, when the compiler says it and that is behind
  /// `position`.
  func sibling(of entry: DebugEntry, behind position: Int) -> Int? {
    guard let sibling = entry.sibling, DebugForm.isUnitReference(sibling.form),
      let next = stored(sibling).flatMap({ Int(exactly: $0) }), next > position
    else { return nil }
    return next
  }
}
