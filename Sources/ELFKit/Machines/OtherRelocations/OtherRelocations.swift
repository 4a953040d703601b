// Names of relocation types where a machine has no description: nothing else is known of it, and no kernel
// loads modules for it.

/// The names of one machine's relocation types, as one text: an array of some thousand strings would be
/// larger, and slower to build, than all the rest.
struct OtherRelocations: Sendable {
  /// The machines that share them.
  private let machines: [UInt16]
  /// What all names begin with.
  private let prefix: String
  /// The rest of each name, in the order of the types from 0 on; `#41` goes on with type 41.
  private let words: String

  init(_ machines: [UInt16], _ prefix: String, _ words: String) {
    self.machines = machines
    self.prefix = prefix
    self.words = words
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
      for row in table where row.machines.contains(machine.rawValue) { return row.name(of: type) }
    }
    return nil
  }

  private func name(of type: UInt32) -> String? {
    var number: UInt32 = 0
    for word in words.utf8.split(separator: UInt8(ascii: " ")) {
      if word.first == UInt8(ascii: "#") {
        number = UInt32(Substring(word.dropFirst())) ?? number
        continue
      }
      if number == type { return prefix + String(Substring(word)) }
      number += 1
    }
    return nil
  }
}
