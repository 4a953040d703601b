// Intel L1OM, a relative of x86-64 that Linux does not run on.

extension Machine {
  /// Intel L1OM (`EM_L1OM`).
  public static var l1OM: Self { Self(rawValue: 180) }
}

extension MachineDescription {
  static let l1OM = MachineDescription(
    .l1OM, "L1OM",
    MachineFormat(
      sectionTypes: [0x7000_0001: "X86_64_UNWIND"], sectionFlags: x86SectionFlags,
      sectionIndices: [0xff02: "LARGE_COM"], properties: { x86Properties }))
}
