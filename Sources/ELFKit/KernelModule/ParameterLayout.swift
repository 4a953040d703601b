// How `struct kernel_param` is laid out (include/linux/moduleparam.h of the kernels named). Its fields
// have moved twice, and modules do not say so: the relocations of the first record do.

/// The layout of one `struct kernel_param` on 64-bit machines, in bytes.
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
  static let current = Self(
    size: 40, operationsOffset: 16, permissionsOffset: 24, argumentOffset: 32, hasFunctions: false)
  /// Without it.
  static let withoutModule = Self(
    size: 32, operationsOffset: 8, permissionsOffset: 16, argumentOffset: 24, hasFunctions: false)
  /// As in 2.6.32, before there were operations.
  static let functions = Self(
    size: 40, operationsOffset: 24, permissionsOffset: 8, argumentOffset: 32, hasFunctions: true)

  /// The layouts that kernels have had.
  static let all = [current, withoutModule, functions]

  /// The layout of the records of `section`, by the file itself; `nil` when it does not tell.
  static func evident(
    in section: Section, _ resolver: inout PointerResolver
  ) throws(ELFError) -> Self? {
    let index = section.index
    var pointers: [Bool] = []
    for offset: UInt64 in [0, 8, 16, 24, 32] {
      pointers.append(try resolver.target(in: index, at: offset) != nil)
    }
    switch (pointers[1], pointers[2], pointers[3], pointers[4]) {
    // Name, module, operations, (mode), argument.
    case (_, true, false, _): return .current
    // Name, operations, (mode), argument; then the next name.
    case (true, false, _, _): return .withoutModule
    // Name, (mode), setter, getter, argument.
    case (false, true, true, _): return .functions
    default: return nil
    }
  }

  /// The layout that `kernel` has; `nil` when that is not known.
  static func of(_ kernel: Kernel) -> Self? {
    if kernel.has(.parameterModule) { return .current }
    return kernel.certainty(of: .parameterFields) > .unknown ? .withoutModule : nil
  }

  /// Mode, level and flags of the record at `position` of `bytes`, which has all of it.
  func record(_ bytes: ByteSlice, at position: Int, _ encoding: Encoding) -> ParameterRecord {
    let base = bytes.range.lowerBound &+ position &* size &+ permissionsOffset
    return ParameterRecord(decoding: bytes.storage.span, at: base, encoding)
  }
}
