// Matching names of devices with aliases, as kmod does: fnmatch(3) without flags, after `-` has
// been made `_` outside of brackets (kmod libkmod-util.c, `alias_normalize`).

/// An alias as a pattern.
public struct AliasPattern: Sendable {
  private enum Element {
    /// `*`: any text.
    case anyText
    /// `?`: any character.
    case anyByte
    case byte(UInt8)
    /// `[…]`: one of these ranges or, inverted, none of them.
    case set([ClosedRange<UInt8>], isInverted: Bool)
  }

  private let elements: [Element]
  /// Whether `-` is `_`, as it is in names of modules.
  private let isFolded: Bool

  /// The pattern that `alias` is: `*` is any text, `?` any character, `[a-f]` one of a set,
  /// `[!a-f]` none of it, `\` takes the next character as it is. Costs the alias's length.
  public init(_ alias: ByteSlice) { self.init(alias, isFolded: true) }

  /// The same of a file's name, in which `-` and `_` are two characters.
  public init(file name: ByteSlice) { self.init(name, isFolded: false) }

  private init(_ alias: ByteSlice, isFolded: Bool) {
    self.isFolded = isFolded
    let text = isFolded ? Self.normalized(alias) : alias.bytes
    let lastBracket = text.lastIndex(of: UInt8(ascii: "]")) ?? 0
    var elements: [Element] = []
    var position = 0
    while position < text.count {
      let byte = text[position]
      position += 1
      switch byte {
      case UInt8(ascii: "*"): elements.append(.anyText)
      case UInt8(ascii: "?"): elements.append(.anyByte)
      case UInt8(ascii: "\\") where position < text.count:
        elements.append(.byte(text[position]))
        position += 1
      case UInt8(ascii: "[") where position + 1 <= lastBracket:
        // A bracket that is never closed is a character like others.
        let (set, end) = Self.set(in: text, from: position)
        elements.append(set ?? .byte(byte))
        position = set == nil ? position : end
      default: elements.append(.byte(byte))
      }
    }
    self.elements = elements
  }

  /// Whether a device whose `modalias` is `name` is claimed.
  ///
  /// Costs at most the product of both lengths.
  public func matches(_ name: ByteSlice) -> Bool {
    let name = isFolded ? Self.normalized(name) : name.bytes
    // Where to go on when the rest does not fit: behind the last `*`, which takes one byte more.
    var (element, position) = (0, 0)
    var retry: (element: Int, position: Int)?
    while position < name.count {
      if element < elements.count, case .anyText = elements[element] {
        element += 1
        retry = (element, position)
      } else if element < elements.count, Self.accepts(elements[element], name[position]) {
        element += 1
        position += 1
      } else if let last = retry {
        retry = (last.element, last.position + 1)
        (element, position) = (last.element, last.position + 1)
      } else {
        return false
      }
    }
    return elements[element...].allSatisfy { if case .anyText = $0 { true } else { false } }
  }

  private static func accepts(_ element: Element, _ byte: UInt8) -> Bool {
    switch element {
    case .anyText, .anyByte: true
    case .byte(let wanted): byte == wanted
    case .set(let ranges, let isInverted): ranges.contains { $0.contains(byte) } != isInverted
    }
  }

  /// The set whose first byte behind `[` is at `start`, and the position behind its `]`.
  private static func set(in text: [UInt8], from start: Int) -> (Element?, end: Int) {
    var position = start
    let isInverted = text[position] == UInt8(ascii: "!") || text[position] == UInt8(ascii: "^")
    if isInverted { position += 1 }
    let first = position
    var ranges: [ClosedRange<UInt8>] = []
    while position < text.count, text[position] != UInt8(ascii: "]") || position == first {
      let low = text[position]
      if position + 2 < text.count, text[position + 1] == UInt8(ascii: "-"),
        text[position + 2] != UInt8(ascii: "]")
      {
        let high = text[position + 2]
        if low <= high { ranges.append(low...high) }
        position += 3
      } else {
        ranges.append(low...low)
        position += 1
      }
    }
    guard position < text.count else { return (nil, start) }
    return (.set(ranges, isInverted: isInverted), position + 1)
  }

  private static func normalized(_ text: ByteSlice) -> [UInt8] {
    var isInBracket = false
    return text.map { byte in
      if byte == UInt8(ascii: "[") { isInBracket = true }
      if byte == UInt8(ascii: "]") { isInBracket = false }
      return isInBracket ? byte : ModuleName.folded(byte)
    }
  }
}
