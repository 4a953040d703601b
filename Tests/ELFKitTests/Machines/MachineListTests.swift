import TestSupport
import Testing

@testable import ELFKit

@Suite("Descriptions of machines")
struct MachineListTests {
  @Test("Every line of the list leads to the machine that it names, and none is there twice")
  func list() {
    let all = MachineDescription.all
    for description in all { expect(description.machine.description === description) }
    expect(Set(all.map(\.machine)).count, is: all.count)
    expect(Set(all.map(\.name)).count, is: all.count)
    expect(Machine(rawValue: 9999).description == nil)
  }

  @Test("Options tell machines apart")
  func options() {
    let options = MachineDescription.all.compactMap(\.kernel.option)
    expect(Set(options).count, is: options.count)
  }

  @Test(
    "A loader takes only types that have a name, and the bytes that data types change are known",
    arguments: MachineDescription.all.map(\.machine))
  func loaders(machine: Machine) throws {
    let description = try #require(machine.description)
    guard let loader = description.loader else { return }
    for row in loader.relocations {
      for type in row.types {
        expect(machine.relocationName(type) != nil, "\(description.name): \(type)")
        // ARM's loader looks at the place of a type that changes nothing, too.
        guard let effect = machine.relocationEffects[type], effect.byteCount > 0 else { continue }
        expect(row.bytes, is: UInt64(effect.byteCount), "\(description.name): \(type)")
      }
    }
    for (position, row) in loader.relocations.enumerated() {
      for other in loader.relocations.dropFirst(position + 1) {
        expect(!row.types.overlaps(other.types), "\(description.name): \(other.types)")
      }
    }
    // The last row of refusals is for all types, whatever the kernel: no type is refused unsaid.
    let last = try #require(loader.refusals.last)
    expect(last.types == nil && last.since == nil)
  }

  @Test("Sizes of entries are in order: of one table the newest first")
  func entrySizes() {
    for description in MachineDescription.all {
      let rows = description.kernel.entrySizes
      for (row, next) in zip(rows, rows.dropFirst()) where row.section == next.section {
        let since = row.since?.since ?? .first
        expect((next.since?.since ?? .first) < since, "\(description.name): \(row.section)")
      }
    }
  }
}
