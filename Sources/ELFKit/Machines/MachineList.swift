// The machines that are described: one line each. A new machine is a file in Descriptions/ and a line
// here.

extension MachineDescription {
  /// By number. A description is made when it is first asked for.
  private static let rows: [(machine: Machine, description: @Sendable () -> MachineDescription)] = [
    (.amd64, { amd64 }),
    (.aarch64, { aarch64 }),
    (.riscv, { riscv }),
    (.s390, { s390 }),
    (.powerPC64, { powerPC64 }),
    (.loongArch, { loongArch }),
    (.mips, { mips }),
    (.arm, { arm }),
    (.i386, { i386 }),
    (.powerPC, { powerPC }),
    (.sparcV9, { sparcV9 }),
    (.alpha, { alpha }),
    (.ia64, { ia64 }),
    (.paRISC, { paRISC }),
    (.s390Old, { s390Old }),
    (.sparc, { sparc }),
    (.sparcV8Plus, { sparcV8Plus }),
    (.sparcV9Old, { sparcV9Old }),
    (.l1OM, { l1OM }),
    (.k1OM, { k1OM }),
    (.c6000, { c6000 }),
  ]

  /// All descriptions, the usual machines first.
  public static var all: [MachineDescription] { rows.map { $0.description() } }

  /// The first that `isWanted`.
  static func first(where isWanted: (MachineDescription) -> Bool) -> MachineDescription? {
    for row in rows {
      let description = row.description()
      if isWanted(description) { return description }
    }
    return nil
  }

  fileprivate static func of(_ machine: Machine) -> MachineDescription? {
    for row in rows where row.machine == machine { return row.description() }
    return nil
  }
}

extension Machine {
  /// What is known of the machine, or `nil`. O(number of machines): a loop asks once.
  public var description: MachineDescription? { MachineDescription.of(self) }
}
