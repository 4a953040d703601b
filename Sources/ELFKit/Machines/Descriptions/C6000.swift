// C6000 of Texas Instruments: names only.

extension Machine {
  /// C6000 of Texas Instruments (`EM_TI_C6000`).
  public static var c6000: Self { Self(rawValue: 140) }
}

extension MachineDescription {
  static let c6000 = MachineDescription(
    .c6000, "C6000",
    MachineFormat(systems: [64: "Bare-metal C6000", 65: "Linux C6000"], unwind: .decoded))
}
