// The standard parameter types: `param_ops_*` of kernel/params.c, as a table.

/// The type of a module parameter, known by the operations its `struct kernel_param` points to.
public enum ParameterType: Hashable, Sendable {
  /// One of the kernel's standard types.
  case standard(StandardParameterType)
  /// `param_array_ops`: several values of another type.
  case array
  /// `param_ops_string`: characters in a buffer of fixed size.
  case string
  /// Operations of the module's own: what the value is, only its code knows.
  case custom

  /// The standard type, or `nil`.
  var standard: StandardParameterType? {
    guard case .standard(let type) = self else { return nil }
    return type
  }
}

/// A standard type whose value lies in one variable.
public struct StandardParameterType: Hashable, Sendable {
  /// How the variable is stored.
  public enum Storage: Hashable, Sendable {
    /// An unsigned number of so many bytes.
    case unsigned(Int)
    /// A signed number (two's complement) of so many bytes.
    case signed(Int)
    /// An `unsigned long`: as wide as an address.
    case unsignedLong
    /// A `long`.
    case signedLong
    /// One byte, zero or not.
    case bool
    /// One byte, zero or not, whose meaning is inverted.
    case invertedBool
    /// A pointer to a NUL-ended string.
    case string
  }

  /// The name, as `parmtype=` has it.
  public let name: String
  /// The symbol of its `struct kernel_param_ops`.
  public let operations: String
  /// How the variable is stored.
  public let storage: Storage
  /// Whether the kernel shows the number in base 16 (`%#08x`).
  public let isHexadecimal: Bool

  /// The size of the variable in bytes, in a file of this encoding.
  public func byteCount(_ encoding: Encoding) -> Int {
    switch storage {
    case .unsigned(let count), .signed(let count): count
    case .bool, .invertedBool: 1
    case .string, .unsignedLong, .signedLong: encoding.addressSize
    }
  }

  /// The values that it takes, in words; `nil` where any text is one.
  func range(_ encoding: Encoding) -> String? {
    let bits = 8 * byteCount(encoding)
    return switch storage {
    case .unsigned, .unsignedLong: "0 to \(UInt64.max >> UInt64(64 - bits))"
    case .signed, .signedLong:
      "\(Int64.min >> Int64(64 - bits)) to \(Int64.max >> Int64(64 - bits))"
    case .bool, .invertedBool: "y or n, 1 or 0, on or off"
    case .string: nil
    }
  }

  private init(_ name: String, _ storage: Storage, isHexadecimal: Bool = false) {
    self.name = name
    self.operations = "param_ops_\(name)"
    self.storage = storage
    self.isHexadecimal = isHexadecimal
  }

  /// All of them, in the order of kernel/params.c.
  public static let all: [Self] = [
    Self("byte", .unsigned(1)),
    Self("short", .signed(2)),
    Self("ushort", .unsigned(2)),
    Self("int", .signed(4)),
    Self("uint", .unsigned(4)),
    Self("long", .signedLong),
    Self("ulong", .unsignedLong),
    Self("ullong", .unsigned(8)),
    Self("hexint", .unsigned(4), isHexadecimal: true),
    Self("charp", .string),
    Self("bool", .bool),
    Self("bool_enable_only", .bool),
    Self("invbool", .invertedBool),
    Self("bint", .signed(4)),
  ]

  /// The type whose operations are called `symbol`, or `nil`.
  static func named(operations symbol: ByteSlice) -> Self? {
    guard symbol.starts(with: "param_ops_") else { return nil }
    return all.first { symbol.equals($0.operations) }
  }

  /// The type that the function `symbol` reads, such as `param_get_int`, or `nil`.
  static func named(getter symbol: ByteSlice) -> Self? {
    let prefix = "param_get_"
    guard symbol.starts(with: prefix) else { return nil }
    let name = symbol.suffix(from: prefix.utf8.count)
    return all.first { type in
      type.operations.hasPrefix("param_ops_") && name.equals(String(type.operations.dropFirst(10)))
    }
  }
}
