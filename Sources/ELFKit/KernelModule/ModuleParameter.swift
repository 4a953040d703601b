// Parameters: `struct kernel_param` of include/linux/moduleparam.h, one record a parameter in the
// section `__param`, joined with `parm=` and `parmtype=` of `.modinfo`.

/// What a `struct kernel_param` holds besides pointers, which are relocations; where it lies says
/// ``ParameterLayout``.
struct ParameterRecord: FixedRecord {
  static let byteCount = 4

  /// `perm`: the mode of the file in sysfs, 0 for none.
  let permissions: UInt16
  /// `level`: when it is parsed; -1 for ordinary parameters.
  let level: Int8
  /// `flags`
  let flags: ParameterFlags

  init(decoding bytes: Span<UInt8>, at base: Int, _ encoding: Encoding) {
    permissions = bytes.u16(base, encoding)
    let level = Int8(bitPattern: bytes[base + 2])
    self.level = level
    // A level of 16 bits has no room for flags: -1 fills both bytes.
    let flags = bytes[base + 3]
    self.flags = ParameterFlags(rawValue: level == -1 && flags == 0xff ? 0 : flags)
  }
}

/// `flags` of `struct kernel_param`. Unknown bits are kept.
public struct ParameterFlags: OptionSet, Hashable, Sendable {
  /// The bits of the file.
  public let rawValue: UInt8
  /// Any bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Setting it taints the kernel (`KERNEL_PARAM_FL_UNSAFE`).
  public static let dangerous = Self(rawValue: 1)
  /// It describes hardware and is refused under lockdown (`KERNEL_PARAM_FL_HWPARAM`).
  public static let hardware = Self(rawValue: 2)
}

/// One parameter of a module.
public struct ModuleParameter: Equatable, Sendable {
  /// The name.
  public let name: ByteSlice
  /// The type, by its operations.
  public let type: ParameterType
  /// What `parmtype=` says, or `nil`.
  public let declaredType: ByteSlice?
  /// What `parm=` says, or `nil`.
  public let description: ByteSlice?
  /// The mode that the module asks for; 0 when there is to be no file in sysfs.
  public let permissions: UInt16
  /// When the kernel parses it: -1 with the module, other levels with the initcalls of that level.
  public let level: Int8
  /// Whether setting it is dangerous or touches hardware.
  public let flags: ParameterFlags
  /// The name of the variable that holds the value, or `nil` when it has none.
  public let variable: ByteSlice?
  /// Whether the variable belongs to the kernel or another module, which alone know its value.
  public let isVariableElsewhere: Bool
  /// The symbol of the operations, or `nil` when it has no name.
  public let operations: ByteSlice?
  /// For custom operations the functions that set and get the value.
  public let accessors: Accessors?
  /// For arrays and strings how much there is room for.
  public let array: ArrayShape?
  /// The type that the value is read as: its own, or, with custom operations, that of the kernel's
  /// function which reads it (`param_get_int`). `nil` for arrays, strings, and when only the module's own
  /// code knows.
  public let valueType: StandardParameterType?
  /// The value before anybody sets it, or `nil` when the file cannot tell.
  public let defaultValue: ParameterValue?

  /// `parameters` as `modinfo -p` lists them, the last of `__param` first: that is the order of the source
  /// where the compiler, as GCC does, emits the variables of a file backwards.
  public static func inModinfoOrder(_ parameters: [Self]) -> [Self] { parameters.reversed() }

  /// The functions of a `struct kernel_param_ops`.
  public struct Accessors: Equatable, Sendable {
    /// The function that parses a new value.
    public let set: ByteSlice?
    /// The function that prints the value.
    public let get: ByteSlice?
    /// Whether the name may stand without a value (`KERNEL_PARAM_OPS_FL_NOARG`).
    public let takesNoArgument: Bool
  }

  /// The room of an array (`struct kparam_array`) or string (`struct kparam_string`).
  public struct ArrayShape: Equatable, Sendable {
    /// The greatest number of elements, or of characters with the NUL.
    public let maximum: UInt32
    /// The size of one element in bytes.
    public let elementSize: UInt32
    /// The type of the elements; `nil` for characters and for custom operations.
    public let elementType: StandardParameterType?
  }

  /// The mode of the file in `/sys/module/NAME/parameters`, or `nil` when there is none.
  ///
  /// sysfs takes away what it never gives: execution, writing by others, the set-ID bits
  /// (fs/sysfs/group.c, create_files).
  public var sysfsMode: UInt16? { permissions == 0 ? nil : permissions & 0o664 }

  /// The type in words: `int`, `array of int`, `string`, or what `parmtype=` says.
  public var typeName: String? {
    switch type {
    case .standard(let standard): standard.name
    case .string: "string"
    case .array: array?.elementType.map { "array of \($0.name)" } ?? declaredType?.text
    case .custom: declaredType?.text
    }
  }
}

/// A value of a parameter.
public enum ParameterValue: Hashable, Sendable {
  /// A signed number.
  case signed(Int64)
  /// An unsigned number.
  case unsigned(UInt64)
  /// True or false, an inverted one already turned round.
  case bool(Bool)
  /// Text, as untrusted bytes.
  case string(ByteSlice)
  /// A string pointer that points nowhere; sysfs shows `(null)`.
  case nullString
  /// The current elements of an array.
  case array([ParameterValue])
}
