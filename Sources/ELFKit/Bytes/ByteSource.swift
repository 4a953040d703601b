// Where bytes come from. Implementations that touch the machine live outside ELFKit.

/// Something that hands out ranges of a file.
///
/// A source may hold the whole file or fetch each range when it is asked for; views ask only for
/// what they need, so that a scan over thousands of modules does not read them whole.
public protocol ByteSource: Sendable {
  /// The file's size in bytes.
  var size: UInt64 { get }

  /// `count` bytes from `offset` on.
  ///
  /// Throws ``ELFError/Reason-swift.enum/outOfBounds(_:)`` for a range outside the file, before
  /// anything is read or allocated, and ``ELFError/Reason-swift.enum/unreadable(_:)`` when the
  /// bytes cannot be had. `part` is what the error will name.
  func slice(
    _ offset: UInt64, _ count: UInt64, in part: ELFError.Part
  ) throws(ELFError) -> ByteSlice

  /// The source as one type, whatever its own is: what an ``ELFImage`` keeps.
  var erased: AnyByteSource { get }
}

extension ByteSource {
  /// The source as one type.
  public var erased: AnyByteSource {
    AnyByteSource(size: size) { (offset, count, part) throws(ELFError) in
      try slice(offset, count, in: part)
    }
  }
}

/// A source of a kind that does not matter any more: a size, and a function that hands out ranges.
public struct AnyByteSource: ByteSource {
  /// Hands out `count` bytes from `offset` on, for the part that an error will name.
  public typealias Reader =
    @Sendable (_ offset: UInt64, _ count: UInt64, _ part: ELFError.Part) throws(ELFError) ->
    ByteSlice

  /// The file's size in bytes.
  public let size: UInt64
  private let read: Reader

  /// A source of `size` bytes, which `read` hands out.
  public init(size: UInt64, read: @escaping Reader) {
    self.size = size
    self.read = read
  }

  /// What the source hands out.
  public func slice(
    _ offset: UInt64, _ count: UInt64, in part: ELFError.Part
  ) throws(ELFError) -> ByteSlice {
    try read(offset, count, part)
  }

  /// The source itself: it is not wrapped again.
  public var erased: AnyByteSource { self }
}

/// A file that is already in memory. Ranges share its storage.
extension ByteSlice: ByteSource {
  /// The number of bytes.
  public var size: UInt64 { UInt64(count) }
}
