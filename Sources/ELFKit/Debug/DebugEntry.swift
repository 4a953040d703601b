// One entry of `.debug_info`, as far as it tells where code is and what it is called.

/// A value, and how it is written.
struct DebugValue: Sendable {
  let form: UInt64
  /// Where it stands in the bytes of its unit.
  let position: Int
  /// The value of `DW_FORM_implicit_const`.
  let constant: Int64
}

/// The attributes that are looked at, of one entry.
struct DebugEntry: Sendable {
  let position: Int
  let tag: UInt64
  let hasChildren: Bool
  /// The position behind its values.
  private(set) var end = 0
  private(set) var name: DebugValue?
  private(set) var linkageName: DebugValue?
  private(set) var low: DebugValue?
  private(set) var high: DebugValue?
  private(set) var ranges: DebugValue?
  /// The entry that this one is an instance of, or that declares it.
  private(set) var origin: DebugValue?
  private(set) var sibling: DebugValue?
  private(set) var callFile: DebugValue?
  private(set) var callLine: DebugValue?
  private(set) var callColumn: DebugValue?
  private(set) var lines: DebugValue?
  /// The folder that the compiler ran in.
  private(set) var folder: DebugValue?
  private(set) var stringBase: DebugValue?
  private(set) var addressBase: DebugValue?
  private(set) var rangeBase: DebugValue?
  /// The file that has the entries, where the compiler has put them into one of their own.
  private(set) var splitName: DebugValue?

  /// Reads the values of an entry of `kind` behind its number.
  init(
    at position: Int, _ kind: DebugAbbreviation, _ format: DebugFormat, _ cursor: inout DebugCursor
  ) {
    self.position = position
    tag = kind.tag
    hasChildren = kind.hasChildren
    for attribute in kind.attributes {
      var form = attribute.form
      while form == DebugForm.indirect, cursor.isValid { form = cursor.unsigned() }
      let value = DebugValue(form: form, position: cursor.position, constant: attribute.constant)
      format.skip(form, &cursor)
      set(attribute.name, value)
    }
    end = cursor.position
  }

  private mutating func set(_ attribute: UInt64, _ value: DebugValue) {
    switch attribute {
    case 0x01: sibling = value
    case 0x03: name = value
    case 0x10: lines = value
    case 0x11: low = value
    case 0x12: high = value
    case 0x1b: folder = value
    case 0x31, 0x47: origin = origin ?? value
    case 0x55: ranges = value
    case 0x57: callColumn = value
    case 0x58: callFile = value
    case 0x59: callLine = value
    // DW_AT_linkage_name, DW_AT_MIPS_linkage_name
    case 0x6e, 0x2007: linkageName = value
    case 0x72: stringBase = value
    // DW_AT_addr_base, DW_AT_GNU_addr_base
    case 0x73, 0x2133: addressBase = value
    case 0x74: rangeBase = value
    // DW_AT_dwo_name, DW_AT_GNU_dwo_name
    case 0x76, 0x2130: splitName = value
    default: break
    }
  }
}

/// The tags that are looked at.
enum DebugTag {
  static let inlinedFunction: UInt64 = 0x1d
  static let function: UInt64 = 0x2e
  static let block: UInt64 = 0x0b

  /// Whether entries of `tag` may have functions inside that are no part of a function.
  static func holdsFunctions(_ tag: UInt64) -> Bool {
    // Classes, structures, unions, modules, namespaces, units, enumerations and variants of Rust.
    [0x02, 0x13, 0x17, 0x1e, 0x39, 0x11, 0x3c, 0x4a, 0x04, 0x33, 0x19].contains(tag)
  }
}
