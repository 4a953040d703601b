import TestSupport
import Testing

/// A slice of what Scripts/mutate does at length with the release binary: damage through every command.
@Suite("Damaged modules through every command")
struct DamageTests {
  static let commands =
    GrowthTests.commands + [
      ["params"], ["aliases"], ["match", "pci:v00008086d000010B9sv0sd0bc02sc00i00"],
      ["verify", "--cert", fixture("hello-signed.x509.der")],
    ]

  @Test("Every run ends with a status, and one that fails says why", arguments: commands)
  func runs(command: [String]) throws {
    var random = SeededGenerator(16)
    for name in [
      "hello-signed.ko", "params.ko", "exporter.ko", "s390x/hello.ko", "armhf/params.ko",
      "i386/exporter.ko", "mips/hello.ko",
    ] {
      let file = try TemporaryFile(Mutation.damaged(Fixtures.bytes(name), using: &random))
      let run = Run(command + [file.path])
      expect((0...2).contains(run.status), "\(command) \(name)")
      expect(run.status != 2 || !run.errors.isEmpty, "\(command) \(name)")
    }
  }

  @Test("Damage is the same in every run, and of every kind")
  func seeded() throws {
    let whole = try Fixtures.bytes("hello.ko")
    let copies = { (seed: UInt64) in
      var random = SeededGenerator(seed)
      return (0..<60).map { _ in Mutation.damaged(whole, using: &random) }
    }
    let first = copies(1)
    expect(first, is: copies(1))
    expect(first != copies(2))
    expect(first.contains { $0.count < whole.count })
    // Each part of the file is hit: header, content, section headers.
    let table = whole.count - 35 * 64
    for part in [0..<64, 64..<table, table..<whole.count] {
      expect(first.contains { $0.count == whole.count && $0[part] != whole[part] })
    }
  }
}
