// Where instructions count distances from: their own end, or a place ahead of them. Relocations count from the
// bytes that they change, so addends have the difference in them.

/// What is to be added to addends of code of one file for the place that a distance leads to.
struct CodeBias: Sendable {
  /// The types of relocations that are distances, where instructions differ in length.
  let distances: [UInt32]
  private let bias: Int64
  /// Types whose distances count from elsewhere, where relocations have no addends of their own.
  private let rows: [AddendRow]

  init(_ machine: Machine, _ fileClass: ELFClass) {
    let description = machine.description
    let patterns = description?.loader?.patterns
    distances = patterns?.distances ?? []
    bias = patterns?.bias ?? 0
    rows = fileClass == .elf32 ? description?.format.addends() ?? [] : []
  }

  /// How far ahead of its place an instruction counts a distance of this type from.
  func ahead(of type: UInt32) -> Int64 {
    if distances.contains(type) { return bias }
    return rows.first { $0.types.contains(type) }.map { Int64(bitPattern: $0.ahead) } ?? 0
  }
}
