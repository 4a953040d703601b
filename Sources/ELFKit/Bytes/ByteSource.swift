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
}

/// A file that is already in memory. Ranges share its storage.
extension ByteSlice: ByteSource {
  /// The number of bytes.
  public var size: UInt64 { UInt64(count) }
}
