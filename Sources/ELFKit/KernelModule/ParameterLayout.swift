// How `struct kernel_param` is laid out (include/linux/moduleparam.h of the kernels named). Its fields
// have moved twice, and modules do not say so: the relocations of the first record do.

/// The layout of one `struct kernel_param`, in bytes. Its fields are pointers, but for one as large as a
/// pointer that holds mode, level and flags.
struct ParameterLayout: Hashable, Sendable {
  /// The size of a record.
  let size: Int
  /// Where the pointer to the operations lies, or that to the function that reads the value.
  let operationsOffset: UInt64
  /// Where the mode of the file in sysfs lies; level and flags follow.
  let permissionsOffset: Int
  /// Where the pointer to the value lies.
  let argumentOffset: UInt64
  /// Whether functions stand in place of operations, one to set and one to read.
  let hasFunctions: Bool

  /// With a pointer to the module (``KernelChange/parameterModule``).
  static func current(_ encoding: Encoding) -> Self {
    Self(pointers: 5, operations: 2, permissions: 3, hasFunctions: false, encoding)
  }
  /// Without it.
  static func withoutModule(_ encoding: Encoding) -> Self {
    Self(pointers: 4, operations: 1, permissions: 2, hasFunctions: false, encoding)
  }
  /// As in 2.6.32, before there were operations.
  static func functions(_ encoding: Encoding) -> Self {
    Self(pointers: 5, operations: 3, permissions: 1, hasFunctions: true, encoding)
  }

  /// The layouts that kernels have had.
  static func all(_ encoding: Encoding) -> [Self] {
    [current(encoding), withoutModule(encoding), functions(encoding)]
  }

  /// A layout by the numbers of its fields; the last points to the value.
  private init(
    pointers: Int, operations: UInt64, permissions: Int, hasFunctions: Bool, _ encoding: Encoding
  ) {
    let size = encoding.addressSize
    self.size = pointers * size
    operationsOffset = operations * UInt64(size)
    permissionsOffset = permissions * size
    argumentOffset = UInt64((pointers - 1) * size)
    self.hasFunctions = hasFunctions
  }

  /// The layout of the records of `section`, by the file itself; `nil` when it does not tell.
  static func evident(
    in section: Section, _ resolver: inout PointerResolver
  ) throws(ELFError) -> Self? {
    let index = section.index
    var pointers: [Bool] = []
    let encoding = resolver.image.encoding
    for field: UInt64 in 0..<5 {
      let offset = field * UInt64(encoding.addressSize)
      pointers.append(try resolver.target(in: index, at: offset) != nil)
    }
    switch (pointers[1], pointers[2], pointers[3], pointers[4]) {
    // Name, module, operations, (mode), argument.
    case (_, true, false, _): return .current(encoding)
    // Name, operations, (mode), argument; then the next name.
    case (true, false, _, _): return .withoutModule(encoding)
    // Name, (mode), setter, getter, argument.
    case (false, true, true, _): return .functions(encoding)
    default: return nil
    }
  }

  /// The layout that `kernel` has; `nil` when that is not known.
  static func of(_ kernel: Kernel, _ encoding: Encoding) -> Self? {
    if kernel.has(.parameterModule) { return .current(encoding) }
    return kernel.certainty(of: .parameterFields) > .unknown ? .withoutModule(encoding) : nil
  }

  /// Mode, level and flags of the record at `position` of `bytes`, which has all of it.
  func record(_ bytes: ByteSlice, at position: Int, _ encoding: Encoding) -> ParameterRecord {
    let base = bytes.range.lowerBound &+ position &* size &+ permissionsOffset
    return ParameterRecord(decoding: bytes.storage.span, at: base, encoding)
  }
}
