// Intel K1OM, a relative of x86-64 that Linux does not run on.

extension Machine {
  /// Intel K1OM (`EM_K1OM`).
  public static var k1OM: Self { Self(rawValue: 181) }
}

extension MachineDescription {
  static let k1OM = MachineDescription(
    .k1OM, "K1OM",
    MachineFormat(
      sectionTypes: [0x7000_0001: "X86_64_UNWIND"], sectionFlags: x86SectionFlags,
      sectionIndices: [0xff02: "LARGE_COM"], properties: { x86Properties }))
}
