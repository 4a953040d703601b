// 64-bit SPARC under its early number.

extension Machine {
  /// SPARC Version 9, an early number (`EM_OLD_SPARCV9`).
  public static var sparcV9Old: Self { Self(rawValue: 11) }
}

extension MachineDescription {
  static let sparcV9Old = MachineDescription(
    .sparcV9Old, "SPARC v9 (old)", MachineFormat(relocations: sparcRelocations))
}
