// `.modinfo`: NUL-ended strings `key=value`, written by MODULE_INFO (include/linux/moduleparam.h)
// and modpost. Order and repeats mean something, so both are kept.

/// The strings of a module's `.modinfo` section.
///
/// Strings are found as they are walked over; nothing is copied. Blank space between them (runs of
/// NUL) is skipped, and a last string without its NUL still counts, as in kmod and the kernel.
public struct ModuleInfo: Sequence, Sendable {
  /// One string.
  public struct Entry: Sendable {
    /// What stands before the first `=`, or the whole string when there is none.
    public let key: ByteSlice
    /// What stands behind it.
    public let value: ByteSlice
    /// Whether there is a `=` at all; the kernel does not see strings without one.
    public let hasEquals: Bool

    /// The file offset of the string.
    public var fileOffset: UInt64 { key.fileOffset }
  }

  /// The bytes of the section.
  public let bytes: ByteSlice

  /// The strings in `bytes`.
  public init(_ bytes: ByteSlice) { self.bytes = bytes }

  /// Walks over the strings in file order.
  public struct Iterator: IteratorProtocol {
    private let bytes: ByteSlice
    private var position = 0

    init(_ bytes: ByteSlice) { self.bytes = bytes }

    /// The next string, or `nil` at the end of the section.
    public mutating func next() -> Entry? {
      while position < bytes.count, bytes[position] == 0 { position += 1 }
      guard position < bytes.count else { return nil }
      let end = bytes.firstIndex(of: 0, from: position) ?? bytes.count
      let text = bytes[within: position..<end]
      position = end
      guard let equals = text.firstIndex(of: 0x3d) else {
        return Entry(key: text, value: text.suffix(from: text.count), hasEquals: false)
      }
      return Entry(
        key: text[within: 0..<equals], value: text.suffix(from: equals + 1), hasEquals: true)
    }
  }

  /// An iterator over the strings.
  public func makeIterator() -> Iterator { Iterator(bytes) }

  /// The value of the first `key=`, which is the one the kernel uses; `nil` when there is none.
  public func first(_ key: String) -> ByteSlice? {
    for entry in self where entry.hasEquals && entry.key.equals(key) { return entry.value }
    return nil
  }

  /// The values of every `key=` in file order.
  public func all(_ key: String) -> [ByteSlice] {
    compactMap { $0.hasEquals && $0.key.equals(key) ? $0.value : nil }
  }

  /// Whether there is a `key=`, whatever its value: all that counts for tags such as `intree`.
  public func contains(_ key: String) -> Bool { first(key) != nil }
}

extension ELFImage {
  /// The strings of the first section called `.modinfo`; `nil` when there is none.
  public func moduleInfo() throws(ELFError) -> ModuleInfo? {
    guard let section = sections.first(named: ".modinfo") else { return nil }
    return ModuleInfo(try bytes(of: section))
  }
}
