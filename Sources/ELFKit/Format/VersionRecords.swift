// Versions of symbols for dynamic linking (LSB "Symbol Versioning", elf.h): the same in both classes.

/// A version that a file defines (`Verdef`); the names of it and its parents follow.
public struct VersionDefinition: FixedRecord, Hashable {
  /// 20 bytes.
  public static let byteCount = 20

  /// `vd_version`: the version of this structure, 1.
  public let revision: UInt16
  /// `vd_flags`: 1 for the file itself, 2 for a weak version.
  public let flags: UInt16
  /// `vd_ndx`: the number by which symbols refer to it.
  public let index: UInt16
  /// `vd_cnt`: how many names it has.
  public let nameCount: UInt16
  /// `vd_hash`: the hash of its name.
  public let hash: UInt32
  /// `vd_aux`: the distance in bytes to its first name.
  public let names: UInt32
  /// `vd_next`: the distance in bytes to the next definition; 0 at the end.
  public let next: UInt32

  /// Decodes the 20 bytes from `base` on.
  public init(decoding bytes: Span<UInt8>, at base: Int, _ encoding: Encoding) {
    revision = bytes.u16(base, encoding)
    flags = bytes.u16(base + 2, encoding)
    index = bytes.u16(base + 4, encoding)
    nameCount = bytes.u16(base + 6, encoding)
    hash = bytes.u32(base + 8, encoding)
    names = bytes.u32(base + 12, encoding)
    next = bytes.u32(base + 16, encoding)
  }
}

/// A name of a version that a file defines (`Verdaux`).
public struct VersionDefinitionName: FixedRecord, Hashable {
  /// 8 bytes.
  public static let byteCount = 8

  /// `vda_name`: the offset of the name.
  public let nameOffset: UInt32
  /// `vda_next`: the distance in bytes to the next name; 0 at the end.
  public let next: UInt32

  /// Decodes the 8 bytes from `base` on.
  public init(decoding bytes: Span<UInt8>, at base: Int, _ encoding: Encoding) {
    nameOffset = bytes.u32(base, encoding)
    next = bytes.u32(base + 4, encoding)
  }
}

/// A file of which versions are needed (`Verneed`); these follow.
public struct VersionNeed: FixedRecord, Hashable {
  /// 16 bytes.
  public static let byteCount = 16

  /// `vn_version`: the version of this structure, 1.
  public let revision: UInt16
  /// `vn_cnt`: how many versions are needed.
  public let versionCount: UInt16
  /// `vn_file`: the offset of the file's name.
  public let fileOffset: UInt32
  /// `vn_aux`: the distance in bytes to the first version.
  public let versions: UInt32
  /// `vn_next`: the distance in bytes to the next file; 0 at the end.
  public let next: UInt32

  /// Decodes the 16 bytes from `base` on.
  public init(decoding bytes: Span<UInt8>, at base: Int, _ encoding: Encoding) {
    revision = bytes.u16(base, encoding)
    versionCount = bytes.u16(base + 2, encoding)
    fileOffset = bytes.u32(base + 4, encoding)
    versions = bytes.u32(base + 8, encoding)
    next = bytes.u32(base + 12, encoding)
  }
}

/// A version that is needed (`Vernaux`).
public struct NeededVersion: FixedRecord, Hashable {
  /// 16 bytes.
  public static let byteCount = 16

  /// `vna_hash`: the hash of its name.
  public let hash: UInt32
  /// `vna_flags`: 2 for a weak version.
  public let flags: UInt16
  /// `vna_other`: the number by which symbols refer to it.
  public let index: UInt16
  /// `vna_name`: the offset of its name.
  public let nameOffset: UInt32
  /// `vna_next`: the distance in bytes to the next version; 0 at the end.
  public let next: UInt32

  /// Decodes the 16 bytes from `base` on.
  public init(decoding bytes: Span<UInt8>, at base: Int, _ encoding: Encoding) {
    hash = bytes.u32(base, encoding)
    flags = bytes.u16(base + 4, encoding)
    index = bytes.u16(base + 6, encoding)
    nameOffset = bytes.u32(base + 8, encoding)
    next = bytes.u32(base + 12, encoding)
  }
}

/// The version of a symbol (`Versym`): its number, and whether only those find it who ask for it.
public struct VersionNumber: FixedRecord, RawRepresentable, Hashable {
  /// 2 bytes.
  public static let byteCount = 2

  /// The number of the file.
  public let rawValue: UInt16

  /// Any value.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Decodes the 2 bytes from `base` on.
  public init(decoding bytes: Span<UInt8>, at base: Int, _ encoding: Encoding) {
    rawValue = bytes.u16(base, encoding)
  }

  /// The number of the version; 0 for a local symbol, 1 for one without a version.
  public var index: UInt16 { rawValue & 0x7fff }
  /// Whether it is not the one that is found by its name alone (`VERSYM_HIDDEN`).
  public var isHidden: Bool { rawValue & 0x8000 != 0 }
}
