// Names of note types. Every owner numbers its own; GNU readelf has a table for those it does not
// know, whose names then also stand for types of other owners (`OPEN` for Linux's build salt).

extension Note {
  /// The name of the type as GNU readelf has it, or `nil` when it is unknown. In a core file numbers mean
  /// something else.
  public func typeName(in fileType: FileType, on machine: Machine) -> String? {
    if owner.starts(with: "NetBSD-CORE"), type >= 32 {
      return Self.netBSDRegisters(type - 32, machine)
    }
    for owner in Self.owners where self.owner.starts(with: owner.name) {
      if let name = owner.names[type] { return name }
      guard owner.sharesCommonNames else { return nil }
    }
    return (fileType == .core ? Self.coreNames : Self.commonNames)[type]
  }

  /// Owners that have names of their own: by the begin of the name.
  private static let owners: [(name: String, names: NameTable, sharesCommonNames: Bool)] = [
    ("GNU", gnuNames, false), ("FreeBSD", freeBSDNames, true), ("OpenBSD", openBSDNames, true),
    ("NetBSD-CORE", netBSDCoreNames, false),
    ("AMDGPU", [32: "NT_AMDGPU_METADATA (code object metadata)"], false),
    ("stapsdt", [3: "NT_STAPSDT (SystemTap probe descriptors)"], false),
  ]

  /// elf.h `NT_GNU_*`.
  private static let gnuNames: NameTable = [
    1: "NT_GNU_ABI_TAG (ABI version tag)",
    2: "NT_GNU_HWCAP (DSO-supplied software HWCAP info)",
    3: "NT_GNU_BUILD_ID (unique build ID bitstring)", 4: "NT_GNU_GOLD_VERSION (gold version)",
    5: "NT_GNU_PROPERTY_TYPE_0", 0x100: "NT_GNU_BUILD_ATTRIBUTE_OPEN",
    0x101: "NT_GNU_BUILD_ATTRIBUTE_FUNC",
  ]

  /// elf.h `NT_VERSION` and the types that are told apart by their numbers alone.
  private static let commonNames: NameTable = [
    1: "NT_VERSION (version)", 2: "NT_ARCH (architecture)", 4: "GO BUILDID", 0x100: "OPEN",
    0x101: "func", 0xcafe_1a7e: "FDO_PACKAGING_METADATA",
  ]
}
