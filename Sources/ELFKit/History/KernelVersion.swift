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

  /// Before all versions.
  public static let first = Self(0, 0)
  /// After all versions.
  public static let last = Self(.max, .max)

  /// The version that `release` begins with (`6.12.107+deb13-amd64` is 6.12), or `nil`.
  public init?(release: ByteSlice) {
    guard let (numbers, count) = Self.numbers(of: release), count > 1 else { return nil }
    self.init(numbers[0], numbers[1])
  }

  /// The third number of `release`, 0 when there is none.
  static func patch(of release: ByteSlice) -> Int {
    Self.numbers(of: release)?.numbers[2] ?? 0
  }

  /// The numbers that a release begins with, and how many there are: three at most.
  private static func numbers(of release: ByteSlice) -> (numbers: [Int], count: Int)? {
    var numbers = [0, 0, 0]
    var field = 0
    var digits = 0
    for position in 0..<Swift.min(release.count, 16) {
      let byte = release[position]
      if byte == UInt8(ascii: "."), digits > 0, field < 2 {
        (field, digits) = (field + 1, 0)
      } else if byte.isDigit, digits < 5 {
        numbers[field] = numbers[field] * 10 + Int(byte - UInt8(ascii: "0"))
        digits += 1
      } else {
        break
      }
    }
    let count = digits > 0 ? field + 1 : field
    return count > 0 ? (numbers, count) : nil
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
