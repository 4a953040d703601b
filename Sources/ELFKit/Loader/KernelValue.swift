// The kernel's way of reading values of parameters (kernel/params.c; lib/kstrtox.c).

/// Values in arguments: what is wrong with one, as an error number.
enum KernelValue {
  /// Whether `text` is a number that fits a parameter of `type`; the error when it is not.
  static func check(
    _ text: ByteSlice?, _ type: StandardParameterType, _ kernel: Kernel, _ encoding: Encoding
  ) -> Errno? {
    let size = type.byteCount(encoding)
    switch type.storage {
    case .bool:
      // The name alone means yes (KERNEL_PARAM_OPS_FL_NOARG).
      guard let text else { return nil }
      guard let value = bool(text, kernel) else { return .invalid }
      // bool_enable_only: what is on stays on; nothing is on yet.
      _ = value
      return nil
    case .invertedBool:
      guard let text else { return .invalid }
      return bool(text, kernel) == nil ? .invalid : nil
    case .string:
      guard let text else { return .invalid }
      return text.count > 1024 ? .noSpace : nil
    case .unsigned, .unsignedLong: return unsigned(text, byteCount: size, kernel)
    case .signed, .signedLong:
      if type.name == "bint" {
        // An int that is set like a bool.
        guard let text else { return nil }
        return bool(text, kernel) == nil ? .invalid : nil
      }
      return signed(text, byteCount: size, kernel)
    }
  }

  /// `kstrtobool`: the first one or two characters decide.
  static func bool(_ text: ByteSlice, _ kernel: Kernel) -> Bool? {
    guard let first = text.first else { return nil }
    switch first {
    case UInt8(ascii: "y"), UInt8(ascii: "Y"), UInt8(ascii: "1"): return true
    case UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "0"): return false
    case UInt8(ascii: "t"), UInt8(ascii: "T"): return kernel.has(.boolTrueFalse) ? true : nil
    case UInt8(ascii: "f"), UInt8(ascii: "F"): return kernel.has(.boolTrueFalse) ? false : nil
    case UInt8(ascii: "e"), UInt8(ascii: "E"): return kernel.has(.boolEnableDisable) ? true : nil
    case UInt8(ascii: "d"), UInt8(ascii: "D"): return kernel.has(.boolEnableDisable) ? false : nil
    case UInt8(ascii: "o"), UInt8(ascii: "O"):
      guard text.count > 1, kernel.has(.boolOnOff) else { return nil }
      switch text[1] {
      case UInt8(ascii: "n"), UInt8(ascii: "N"): return true
      case UInt8(ascii: "f"), UInt8(ascii: "F"): return false
      default: return nil
      }
    default: return nil
    }
  }

  /// What a kernel says of a number that fits the longest type, and not its own.
  private static func misfit(_ kernel: Kernel) -> Errno {
    kernel.has(.numbersOutOfRange) ? .outOfRange : .invalid
  }

  private static func unsigned(_ text: ByteSlice?, byteCount: Int, _ kernel: Kernel) -> Errno? {
    guard let text else { return .invalid }
    // A plus is taken, a minus is not.
    let digits = text.first == UInt8(ascii: "+") ? text.suffix(from: 1) : text
    switch magnitude(digits) {
    case .failure(let error): return error
    case .success(let value):
      return byteCount < 8 && value >> UInt64(8 * byteCount) != 0 ? misfit(kernel) : nil
    }
  }

  private static func signed(_ text: ByteSlice?, byteCount: Int, _ kernel: Kernel) -> Errno? {
    guard let text else { return .invalid }
    let isNegative = text.first == UInt8(ascii: "-")
    let digits = isNegative || text.first == UInt8(ascii: "+") ? text.suffix(from: 1) : text
    switch magnitude(digits) {
    case .failure(let error): return error
    case .success(let value):
      let limit = UInt64(1) << UInt64(8 * byteCount - 1)
      if value < limit || isNegative && value == limit { return nil }
      return value >> 63 == 0 ? misfit(kernel) : .outOfRange
    }
  }

  /// The result of reading digits.
  private enum Magnitude {
    case success(UInt64)
    case failure(Errno)
  }

  /// `_kstrtoull` with base 0: `0x` makes base 16, another leading `0` base 8. One newline may
  /// follow.
  private static func magnitude(_ text: ByteSlice) -> Magnitude {
    var digits = text
    var base: UInt64 = 10
    if digits.first == UInt8(ascii: "0") {
      base = 8
      if digits.count > 2, digits[1] | 0x20 == UInt8(ascii: "x"), digit(digits[2]) < 16 {
        base = 16
        digits = digits.suffix(from: 2)
      }
    }
    var value: UInt64 = 0
    var position = 0
    var overflow = false
    while position < digits.count, digit(digits[position]) < base {
      let (product, isLarge) = value.multipliedReportingOverflow(by: base)
      let (sum, isLarger) = product.addingReportingOverflow(digit(digits[position]))
      overflow = overflow || isLarge || isLarger
      value = sum
      position += 1
    }
    // Too large is found before what follows is looked at.
    if overflow { return .failure(.outOfRange) }
    guard position > 0 else { return .failure(.invalid) }
    if position < digits.count, digits[position] == UInt8(ascii: "\n") { position += 1 }
    return position == digits.count ? .success(value) : .failure(.invalid)
  }

  /// The value of a digit of base 16; what is none is more than any.
  private static func digit(_ byte: UInt8) -> UInt64 { byte.hexadecimalDigit ?? .max }
}

extension ByteSlice {
  /// The first byte, or `nil`.
  var first: UInt8? { isEmpty ? nil : self[0] }

  /// The parts between every two `separator`s, empty ones left out.
  func split(separator: UInt8) -> [ByteSlice] {
    var parts: [ByteSlice] = []
    var start = 0
    while start < count {
      let end = firstIndex(of: separator, from: start) ?? count
      if end > start { parts.append(self[within: start..<end]) }
      start = end + 1
    }
    return parts
  }
}
