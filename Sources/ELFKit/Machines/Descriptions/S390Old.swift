// IBM S/390 under its early number, which kernels of today take, too.

extension Machine {
  /// IBM S/390, an early number (`EM_S390_OLD`).
  public static var s390Old: Self { Self(rawValue: 0xa390) }
}

extension MachineDescription {
  static let s390Old = MachineDescription(
    .s390Old, "s390 (old)",
    MachineFormat(
      relocations: s390Relocations, effects: s390Effects,
      segmentTypes: [0x7000_0000: "S390_PGSTE"], hasLongHashes: true),
    MachineKernel(byteOrder: .big), loader: { s390Loader })
}
