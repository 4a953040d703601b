// `.modinfo`: the `key=value` strings that MODULE_LICENSE, MODULE_PARM_DESC and modpost leave in a
// module (include/linux/moduleparam.h `__MODULE_INFO`, scripts/mod/modpost.c).

/// The strings of `.modinfo` in file order, repeats kept, each found when it is asked for.
///
/// The strings end with a NUL; runs of NULs are skipped and the last NUL may be missing, as the
/// kernel (`next_string`) and kmod read them. Nothing can be wrong with the section: a string
/// without `=` is a key without a value. Moving from one entry to the next costs one look at each
/// byte; nothing is copied.
public struct ModuleInfo: Collection, Equatable, Sendable {
  /// The bytes of the section.
  public let bytes: ByteSlice

  /// The strings in `bytes`.
  public init(_ bytes: ByteSlice) { self.bytes = bytes }

  /// One string, taken apart at its first `=`.
  public struct Entry: Hashable, Sendable {
    /// What is before the first `=`, or the whole string when it has none; may be empty.
    public let key: ByteSlice
    /// What is behind the first `=`; empty when there is none.
    public let value: ByteSlice
    /// Whether the string has a `=` at all.
    public let hasEquals: Bool

    /// An entry made of its parts, for strings that are not in a module's own `.modinfo`.
    public init(key: ByteSlice, value: ByteSlice, hasEquals: Bool) {
      self.key = key
      self.value = value
      self.hasEquals = hasEquals
    }

    /// The offset in the file of the string's first byte.
    public var fileOffset: UInt64 { key.fileOffset }
  }

  /// The place of one string: found once, so that looking at the entry costs O(1).
  public struct Index: Comparable, Sendable {
    fileprivate let start: Int
    /// The position of the first `=`, or ``end``.
    fileprivate let equals: Int
    fileprivate let end: Int

    /// Whether both are the place of the same string.
    public static func == (left: Self, right: Self) -> Bool { left.start == right.start }
    /// Whether the string at `left` is before the one at `right`.
    public static func < (left: Self, right: Self) -> Bool { left.start < right.start }
  }

  /// The place of the first string; costs its length and that of the NULs before it.
  public var startIndex: Index { index(from: 0) }

  /// The place behind the last string.
  public var endIndex: Index { Index(start: bytes.count, equals: bytes.count, end: bytes.count) }

  /// The place of the string after the one at `position`; costs its length.
  public func index(after position: Index) -> Index { index(from: position.end) }

  /// The string at `position`.
  public subscript(position: Index) -> Entry {
    precondition(position.start < bytes.count, "index out of range")
    let hasEquals = position.equals < position.end
    let value = hasEquals ? position.equals + 1 : position.end
    return Entry(
      key: bytes[within: position.start..<position.equals],
      value: bytes[within: value..<position.end],
      hasEquals: hasEquals)
  }

  private func index(from position: Int) -> Index {
    let start = start(from: position)
    let end = bytes.firstIndex(of: 0, from: start) ?? bytes.count
    let span = bytes.storage.span
    let base = bytes.range.lowerBound
    var equals = start
    while equals < end, span[base &+ equals] != UInt8(ascii: "=") { equals &+= 1 }
    return Index(start: start, equals: equals, end: end)
  }

  /// The position of the first byte at or after `position` that is no NUL, or the end.
  private func start(from position: Int) -> Int {
    let span = bytes.storage.span
    var start = bytes.range.lowerBound &+ position
    while start < bytes.range.upperBound, span[start] == 0 { start &+= 1 }
    return start &- bytes.range.lowerBound
  }
}

/// Look-ups, as the kernel does them: a string without `=` is not there for it
/// (kernel/module/main.c `get_next_modinfo`). O(bytes of the section).
extension ModuleInfo {
  /// The value of the first `key=`, the one that the kernel uses; `nil` when there is none.
  public func first(_ key: String) -> ByteSlice? {
    var position = 0
    return next(key, from: &position)
  }

  /// The values of every `key=`, in file order.
  public func all(_ key: String) -> [ByteSlice] {
    var values: [ByteSlice] = []
    var position = 0
    while let value = next(key, from: &position) { values.append(value) }
    return values
  }

  /// The value of the first `key=` at or after `position`, which becomes the place behind it. Of other
  /// strings nothing is made: a module is asked for some forty keys.
  private func next(_ key: String, from position: inout Int) -> ByteSlice? {
    let span = bytes.storage.span
    let base = bytes.range.lowerBound
    let length = key.utf8.count
    while true {
      let start = start(from: position)
      // The value begins behind the key and its `=`.
      guard bytes.count - start > length else { return nil }
      let isFound =
        span[base &+ start &+ length] == UInt8(ascii: "=") && bytes.holds(key, at: start)
      let end = bytes.firstIndex(of: 0, from: isFound ? start &+ length : start) ?? bytes.count
      position = end
      guard isFound else { continue }
      // A key ends at the first `=`.
      return key.utf8.contains(UInt8(ascii: "=")) ? nil : bytes[within: start &+ length &+ 1..<end]
    }
  }

  /// Whether there is a `key=`, whatever its value: all that counts for tags such as `intree`.
  public func contains(_ key: String) -> Bool { first(key) != nil }
}

extension ELFImage {
  /// The strings of the first section called `.modinfo`, or `nil` when there is no such section.
  ///
  /// Throws when the section's bytes cannot be had.
  public func moduleInfo() throws(ELFError) -> ModuleInfo? {
    guard let section = sections.first(named: ".modinfo") else { return nil }
    return ModuleInfo(try bytes(of: section))
  }
}

extension ModuleInfo {
  /// The release in `vermagic=`, the word before its first blank; `nil` when there is none.
  public var release: ByteSlice? {
    first("vermagic").map { $0.prefix(until: UInt8(ascii: " ")) }
  }
}
