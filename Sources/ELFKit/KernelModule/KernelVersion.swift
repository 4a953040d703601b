// The version of a kernel, as far as layouts and rules depend on it.

/// A kernel's version: the first two numbers of its release.
public struct KernelVersion: Hashable, Comparable, Sendable {
  /// The first number.
  public let major: Int
  /// The second number.
  public let minor: Int

  /// A version made of its numbers.
  @inlinable
  public init(_ major: Int, _ minor: Int) {
    self.major = major
    self.minor = minor
  }

  /// The version that `release` begins with (`6.12.107+deb13-amd64` is 6.12), or `nil`.
  public init?(release: ByteSlice) {
    var numbers = [0, 0]
    var field = 0
    var digits = 0
    for position in 0..<Swift.min(release.count, 16) {
      let byte = release[position]
      if byte == 0x2e, digits > 0, field == 0 {
        (field, digits) = (1, 0)
      } else if (0x30...0x39).contains(byte), digits < 5 {
        numbers[field] = numbers[field] * 10 + Int(byte - 0x30)
        digits += 1
      } else {
        break
      }
    }
    guard field == 1, digits > 0 else { return nil }
    self.init(numbers[0], numbers[1])
  }

  /// Orders versions by their numbers.
  public static func < (left: Self, right: Self) -> Bool {
    (left.major, left.minor) < (right.major, right.minor)
  }
}

extension KernelVersion: CustomStringConvertible {
  /// `6.12`
  public var description: String { "\(major).\(minor)" }
}

extension ModuleInfo {
  /// The release in `vermagic=`, the word before its first blank; `nil` when there is none.
  public var release: ByteSlice? {
    first("vermagic").map { $0[within: 0..<($0.firstIndex(of: 0x20) ?? $0.count)] }
  }
}
