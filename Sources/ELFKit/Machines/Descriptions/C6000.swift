// C6000 of Texas Instruments: names only.

extension Machine {
  /// C6000 of Texas Instruments (`EM_TI_C6000`).
  public static var c6000: Self { Self(rawValue: 140) }
}

extension MachineDescription {
  static let c6000 = MachineDescription(
    .c6000, "C6000",
    MachineFormat(
      systems: [64: "Bare-metal C6000", 65: "Linux C6000"],
      segmentTypes: [0x7000_0000: "C6000_PHATTR"],
      dynamicTags: {
        [
          DynamicTagRow(0x7000_0000, "C6000_DSBT_BASE"),
          DynamicTagRow(0x7000_0001, "C6000_DSBT_SIZE"),
          DynamicTagRow(0x7000_0002, "C6000_PREEMPTMAP"),
          DynamicTagRow(0x7000_0003, "C6000_DSBT_INDEX"),
        ]
      },
      // `SHT_C6000_UNWIND`.
      unwind: .other(SectionType(rawValue: 0x7000_0001))))
}
