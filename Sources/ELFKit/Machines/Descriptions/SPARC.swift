// 32-bit SPARC.

extension Machine {
  /// 32-bit SPARC (`EM_SPARC`).
  public static var sparc: Self { Self(rawValue: 2) }
}

extension MachineDescription {
  static let sparc = MachineDescription(
    .sparc, "SPARC", MachineFormat(relocations: sparcRelocations, netBSDRegisters: 0),
    MachineKernel(option: .sparc32, byteOrder: .big, pageSizes: [4096]))
}
