// Names of `EI_OSABI` values (gABI registry), as GNU readelf words them.

extension OSABI {
  /// The names that all machines have; values from 64 on belong to the machine.
  static let names: NameTable = [
    0: "UNIX - System V", 1: "UNIX - HP-UX", 2: "UNIX - NetBSD", 3: "UNIX - GNU",
    6: "UNIX - Solaris", 7: "UNIX - AIX", 8: "UNIX - IRIX", 9: "UNIX - FreeBSD",
    10: "UNIX - TRU64", 11: "Novell - Modesto", 12: "UNIX - OpenBSD", 13: "VMS - OpenVMS",
    14: "HP - Non-Stop Kernel", 15: "AROS", 16: "FenixOS", 17: "Nuxi CloudABI",
    18: "Stratus Technologies OpenVOS",
  ]
}
