// The first 16 bytes of every ELF file (gABI "ELF Identification", elf(5)).

/// `e_ident`: magic number, class, byte order, version and operating system.
public struct Identification: Hashable, Sendable {
  /// The size of `e_ident` in bytes (`EI_NIDENT`).
  public static let byteCount = 16

  /// The 16 bytes as they are in the file.
  public let bytes: [16 of UInt8]

  /// Decodes the 16 bytes from `base` on; all of them must lie within `span`.
  public init(decoding span: Span<UInt8>, at base: Int) {
    var bytes = [16 of UInt8](repeating: 0)
    for index in 0..<16 { bytes[index] = span[base + index] }
    self.bytes = bytes
  }

  /// Whether the file begins with `7f 45 4c 46`.
  public var hasMagic: Bool {
    bytes[0] == 0x7f && bytes[1] == 0x45 && bytes[2] == 0x4c && bytes[3] == 0x46
  }

  /// `EI_CLASS`: 1 for 32-bit, 2 for 64-bit objects.
  public var fileClass: UInt8 { bytes[4] }
  /// `EI_DATA`: 1 for little-endian, 2 for big-endian.
  public var data: UInt8 { bytes[5] }
  /// `EI_VERSION`: 1.
  public var version: UInt8 { bytes[6] }
  /// `EI_OSABI`: whose extensions are used.
  public var osABI: OSABI { OSABI(rawValue: bytes[7]) }
  /// `EI_ABIVERSION`: the version of those extensions.
  public var abiVersion: UInt8 { bytes[8] }

  /// The encoding that class and byte order announce, or why there is none. Where one of them has no meaning, that of
  /// `fallback` counts, if there is any.
  public func encoding(else fallback: Encoding? = nil) throws(ELFError) -> Encoding {
    guard hasMagic else { throw ELFError(.notELF, .fileHeader, at: 0) }
    let announcedClass: ELFClass
    switch fileClass {
    case 1: announcedClass = .elf32
    case 2: announcedClass = .elf64
    default:
      guard let fallback else { throw ELFError(.unsupportedClass(fileClass), .fileHeader, at: 4) }
      announcedClass = fallback.fileClass
    }
    switch data {
    case 1: return Encoding(.little, announcedClass)
    case 2: return Encoding(.big, announcedClass)
    default:
      guard let fallback else { throw ELFError(.unsupportedByteOrder(data), .fileHeader, at: 5) }
      return Encoding(fallback.byteOrder, announcedClass)
    }
  }

  /// Identifications are equal when all 16 bytes are.
  public static func == (left: Self, right: Self) -> Bool {
    (0..<16).allSatisfy { left.bytes[$0] == right.bytes[$0] }
  }

  /// Feeds the 16 bytes into `hasher`.
  public func hash(into hasher: inout Hasher) {
    for index in 0..<16 { hasher.combine(bytes[index]) }
  }
}

/// `EI_OSABI`: the operating system or ABI whose extensions a file uses.
public struct OSABI: RawRepresentable, Hashable, Sendable {
  /// The byte of the file.
  public let rawValue: UInt8
  /// Any value; unknown ones are kept.
  @inlinable
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// No extensions, or unspecified (`ELFOSABI_NONE`).
  public static var none: Self { Self(rawValue: 0) }
  /// GNU extensions (`ELFOSABI_GNU`).
  public static var gnu: Self { Self(rawValue: 3) }
  /// HP-UX (`ELFOSABI_HPUX`).
  public static var hpux: Self { Self(rawValue: 1) }
  /// Solaris (`ELFOSABI_SOLARIS`).
  public static var solaris: Self { Self(rawValue: 6) }
  /// FreeBSD (`ELFOSABI_FREEBSD`).
  public static var freeBSD: Self { Self(rawValue: 9) }
}
