// Names of relocation types where a machine has no description: nothing else is known of it, and no kernel
// loads modules for it.

/// The names of some machines' relocation types.
struct OtherRelocations: Sendable {
  /// The machines that share them.
  private let machines: [UInt16]
  private let names: NumberedNames

  init(_ machines: [UInt16], _ prefix: String, _ words: String) {
    self.machines = machines
    names = NumberedNames(prefix, words)
  }

  private static var tables: [[OtherRelocations]] { [from4, from94, from220] }

  /// Numbers that were meant for others of a described machine's kind.
  private static let kin: [(machine: UInt16, kin: Machine)] = [
    (6, .i386), (10, .mips), (11, .sparcV9), (180, .amd64), (181, .amd64),
  ]

  /// The name of `type` on `machine`, or `nil`. O(size of the tables)
  static func name(of type: UInt32, on machine: Machine) -> String? {
    if let kin = kin.first(where: { $0.machine == machine.rawValue })?.kin {
      return kin.description?.format.relocations[type]
    }
    for table in tables {
      for row in table where row.machines.contains(machine.rawValue) { return row.names[type] }
    }
    return nil
  }
}
