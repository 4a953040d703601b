// The functions and objects of a module without what a build changes by itself: places become names, texts
// become their content, numbers that compilers put behind names go.

/// A function or an object, in a form that can be compared with that of another build.
public struct NormalizedPiece: Sendable {
  /// What it is called.
  public let name: ByteSlice
  /// The same without the numbers of compilers and linkers.
  public let key: ByteSlice
  /// Whether it is code.
  public let isFunction: Bool
  /// The section that it lies in.
  public let section: ByteSlice
  /// Its size in bytes.
  public let size: UInt64
  /// Its bytes; empty where the file has none. Those that a relocation changes are zero in the file.
  public let bytes: ByteSlice
  /// What it refers to, in order.
  public internal(set) var references: [PieceReference] = []
  /// What tables say about it: places that the kernel patches, exceptions, warnings.
  public internal(set) var entries: [TableEntry] = []
  /// The bytes without lines of the source that it hands to a function together with the name of the file
  /// (`__LINE__` beside `__FILE__`); `nil` when there are none.
  public internal(set) var bytesWithoutLines: [UInt8]?
}

/// A place in a piece that a relocation fills.
public struct PieceReference: Hashable, Sendable {
  /// Where in the piece.
  public let offset: UInt64
  /// The type of the relocation.
  public let type: UInt32
  /// What is referred to.
  public let target: ReferenceTarget
}

/// What a reference leads to, told without addresses.
public enum ReferenceTarget: Hashable, Sendable {
  /// A symbol of the kernel or of another module, and what is added.
  case symbol(ByteSlice, Int64)
  /// A text.
  case text(ByteSlice)
  /// A place in a function or an object. Where several have the name, `content` tells them apart; `next` is what
  /// begins within the next bytes, which may be meant as well.
  case place(ByteSlice, content: ContentMark?, Int64, next: ByteSlice?)
  /// Data without a name: its content.
  case data(ByteSlice, [PieceReference])
  /// A place that nothing else is known of.
  case offset(ByteSlice, UInt64)

  /// What it is called: the name, or the section.
  public var name: ByteSlice? {
    switch self {
    case .symbol(let name, _), .place(let name, _, _, _): name
    default: nil
    }
  }
}

/// What tells apart contents that have one name, in a few bytes. Pieces themselves are compared byte by byte.
public struct ContentMark: Hashable, Sendable {
  private let size: Int
  private var first: UInt64 = 0xcbf2_9ce4_8422_2325
  private var second: UInt64 = 0

  init(_ bytes: ByteSlice) {
    size = bytes.count
    let span = bytes.storage.span
    for position in bytes.range {
      let byte = UInt64(span[position])
      // FNV-1a, and a sum that moves: two that have nothing in common.
      first = (first ^ byte) &* 0x100_0000_01b3
      second = (second << 7 | second >> 57) &+ byte &* 0x9e37_79b9_7f4a_7c15
    }
  }
}

/// An entry of a table that stands for a place in a function.
public struct TableEntry: Hashable, Sendable {
  /// The section of the table.
  public let table: ByteSlice
  /// Where in the function.
  public let offset: Int64
  /// The entry's bytes, without the line of a warning.
  public let bytes: ByteSlice
  /// What it refers to.
  public let references: [PieceReference]
  /// The line of a warning.
  public let line: UInt16?

  /// Whether two say the same, lines aside.
  func saysSame(as other: Self) -> Bool {
    table == other.table && offset == other.offset && bytes == other.bytes
      && references.count == other.references.count
      && zip(references, other.references).allSatisfy {
        $0 == $1
          || $0.offset == $1.offset && $0.type == $1.type && $0.target.isPath(of: $1.target)
      }
  }
}

/// A module as its pieces.
public struct NormalizedModule: Sendable {
  /// Functions and objects, in the order of sections and places.
  public internal(set) var pieces: [NormalizedPiece] = []

  /// Nothing.
  public init() {}

  /// How many names of functions and objects only the module itself knows: the first that are taken out.
  public private(set) var localNames = 0

  /// The pieces of `module`. Costs the number of symbols and relocations, sorted. Without `hasLocals` names that
  /// only the module itself knows are not looked at, as if they had been taken out (`strip --strip-unneeded`).
  public init(_ module: KernelModule, hasLocals: Bool = true) throws(ELFError) {
    var builder = try PieceBuilder(module, hasLocals: hasLocals)
    pieces = try builder.pieces()
    localNames = builder.localNames
  }
}

extension NormalizedPiece {
  /// `name` without the numbers that compilers and the build put into it: `.isra.0`, `.constprop.1`, `name.1234`
  /// of a static variable, the counter of `__UNIQUE_ID_` (include/linux/compiler.h).
  static func key(of name: ByteSlice) -> ByteSlice {
    var parts: [ByteSlice] = name.split(separator: UInt8(ascii: "."))
    guard let first = parts.first, parts.count > 1 || first.starts(with: "__UNIQUE_ID_") else {
      return name
    }
    if first.starts(with: "__UNIQUE_ID_") {
      var end = first.count
      while end > 0, first[end - 1].isDigit { end -= 1 }
      parts[0] = first[within: 0..<end]
    }
    var bytes = parts[0].bytes
    for part in parts.dropFirst() where !part.allSatisfy({ $0.isDigit }) {
      bytes.append(0x2e)
      bytes += part.bytes
    }
    return ByteSlice(bytes)
  }
}
