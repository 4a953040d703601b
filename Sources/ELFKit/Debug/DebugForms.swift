// How values of attributes are written (DWARF 5, 7.5.6), as a table: whoever looks for one attribute has
// to know the lengths of all others.

/// The numbers of forms.
enum DebugForm {
  static let address: UInt64 = 0x01
  static let string: UInt64 = 0x08
  static let stringOffset: UInt64 = 0x0e
  static let indirect: UInt64 = 0x16
  static let lineString: UInt64 = 0x1f
  static let implicitConstant: UInt64 = 0x21
  static let referenceByAddress: UInt64 = 0x10
  static let listIndex: UInt64 = 0x23

  /// How a value is laid out.
  enum Shape: Equatable {
    case bytes(Int)
    /// As many bytes as an offset of the unit's format has.
    case offset
    /// As many as an address has.
    case address
    /// An offset; up to version 2 an address.
    case reference
    case unsigned
    case signed
    /// A length of so many bytes, 0 for one of base 128, and as many bytes.
    case block(Int)
    case string
    /// The form stands before the value.
    case indirect
  }

  /// The shapes by the numbers of forms, from 0 on.
  private static let shapes: [Shape?] = [
    nil, .address, nil, .block(2), .block(4), .bytes(2), .bytes(4), .bytes(8),  // 0x00
    .string, .block(0), .block(1), .bytes(1), .bytes(1), .signed, .offset, .unsigned,  // 0x08
    .reference, .bytes(1), .bytes(2), .bytes(4), .bytes(8), .unsigned, .indirect, .offset,  // 0x10
    .block(0), .bytes(0), .unsigned, .unsigned, .bytes(4), .offset, .bytes(16), .offset,  // 0x18
    .bytes(8), .bytes(0), .unsigned, .unsigned, .bytes(8), .bytes(1), .bytes(2), .bytes(3),  // 0x20
    .bytes(4), .bytes(1), .bytes(2), .bytes(3), .bytes(4),  // 0x28
  ]

  /// The shape of `form`; `nil` for one that is not known, behind which nothing can be read.
  static func shape(_ form: UInt64) -> Shape? {
    if form < UInt64(shapes.count) { return shapes[Int(form)] }
    // DW_FORM_GNU_addr_index, GNU_str_index (split DWARF 4); GNU_ref_alt, GNU_strp_alt (dwz).
    switch form {
    case 0x1f01, 0x1f02: return .unsigned
    case 0x1f20, 0x1f21: return .offset
    default: return nil
    }
  }

  /// How a text is named by a number of `.debug_str_offsets` (`DW_FORM_strx…`).
  static func isStringIndex(_ form: UInt64) -> Bool { form == 0x1a || (0x25...0x28).contains(form) }

  /// How an address is named by a number of `.debug_addr` (`DW_FORM_addrx…`).
  static func isAddressIndex(_ form: UInt64) -> Bool {
    form == 0x1b || (0x29...0x2c).contains(form)
  }

  /// A place in the same unit (`DW_FORM_ref1` to `ref_udata`).
  static func isUnitReference(_ form: UInt64) -> Bool { (0x11...0x15).contains(form) }
}

/// How the numbers of a unit are written.
struct DebugFormat: Hashable, Sendable {
  let version: UInt64
  let is64Bit: Bool
  let addressSize: Int

  var offsetSize: Int { is64Bit ? 8 : 4 }

  /// How many bytes a value of this shape has, when all of them have as many.
  func size(_ shape: DebugForm.Shape) -> Int? {
    switch shape {
    case .bytes(let count): count
    case .offset: offsetSize
    case .address: addressSize
    case .reference: version <= 2 ? addressSize : offsetSize
    default: nil
    }
  }

  /// Goes on behind a value.
  func skip(_ form: UInt64, _ cursor: inout DebugCursor) {
    guard let shape = DebugForm.shape(form) else { return cursor.fail() }
    if let size = size(shape) { return cursor.skip(UInt64(size)) }
    switch shape {
    case .unsigned, .signed: _ = cursor.unsigned()
    case .block(let size): cursor.skip(size == 0 ? cursor.unsigned() : cursor.number(size))
    case .string: _ = cursor.string()
    default:
      let form = cursor.unsigned()
      // A form that says of itself that another follows leads nowhere.
      guard form != DebugForm.indirect else { return cursor.fail() }
      skip(form, &cursor)
    }
  }
}
