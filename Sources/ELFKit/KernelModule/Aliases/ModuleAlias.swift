// `alias=` of `.modinfo`: what a module claims, as patterns that names of devices are matched with
// (scripts/mod/file2alias.c writes them, depmod collects them, udev asks modprobe for a name).

/// One alias, taken apart.
public struct ModuleAlias: Sendable {
  /// The alias as the module has it.
  public let text: ByteSlice
  /// What it is about, or `nil` when the form of the alias is not a known one.
  public let format: AliasFormat?
  /// The parts that say something, in their order; those that allow anything (`*`) are left out.
  public let fields: [Field]

  /// One part of an alias.
  public struct Field: Hashable, Sendable {
    /// What it is, in words, such as `vendor`.
    public let name: String
    /// Its value, a pattern as well.
    public let value: ByteSlice
  }

  /// Takes `text` apart. Costs its length.
  public init(_ text: ByteSlice) {
    self.text = text
    format = AliasFormat.all.first { text.starts(with: $0.prefix) }
    fields =
      format.map { format in
        // Where parts may be missing, the colon in front of each belongs to the part.
        let isShared = !format.isOrdered && format.prefix.hasSuffix(":")
        let start = format.prefix.utf8.count - (isShared ? 1 : 0)
        return Self.fields(format, text.suffix(from: start))
      } ?? []
  }

  private static func fields(_ format: AliasFormat, _ text: ByteSlice) -> [Field] {
    var fields: [Field] = []
    var rest = text
    let end = text.count - format.trailer.utf8.count
    if end >= 0, text.suffix(from: end).equals(format.trailer) { rest = text[within: 0..<end] }
    for (position, part) in format.parts.enumerated() {
      guard rest.starts(with: part.key) else {
        // Parts may be missing, as those for strings of DMI are.
        continue
      }
      rest = rest.suffix(from: part.key.utf8.count)
      let following = format.parts.dropFirst(position + 1).map { $0.key }
      let end =
        format.isOrdered
        ? following.lazy.compactMap { rest.firstPosition(of: $0) }.first ?? rest.count
        : following.compactMap { rest.firstPosition(of: $0) }.min() ?? rest.count
      let value = trimmed(rest[within: 0..<end])
      if !value.isEmpty { fields.append(Field(name: part.name, value: value)) }
      rest = rest.suffix(from: end)
    }
    return fields
  }

  /// The value without what allows anything: `*` and `:` at its ends.
  private static func trimmed(_ value: ByteSlice) -> ByteSlice {
    let isNothing: (UInt8) -> Bool = { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: ":") }
    var (start, end) = (0, value.count)
    while start < end, isNothing(value[start]) { start += 1 }
    while end > start, isNothing(value[end - 1]) { end -= 1 }
    return value[within: start..<end]
  }
}

extension KernelModule {
  /// The aliases in file order, repeats kept.
  public func aliases() throws(ELFError) -> [ModuleAlias] {
    try info().all("alias").map { ModuleAlias($0) }
  }
}
