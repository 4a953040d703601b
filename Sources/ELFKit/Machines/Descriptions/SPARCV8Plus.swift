// 32-bit SPARC code for 64-bit processors.

extension Machine {
  /// SPARC Version 8+ (`EM_SPARC32PLUS`).
  public static var sparcV8Plus: Self { Self(rawValue: 18) }
}

extension MachineDescription {
  static let sparcV8Plus = MachineDescription(
    .sparcV8Plus, "SPARC v8+", MachineFormat(relocations: sparcRelocations, netBSDRegisters: 0))
}
