// Which section an address of a linked file lies in: the first that has it, as GNU readelf looks for it, found
// without looking at all of them each time.

import ELFKit

/// The sections of a file by their addresses.
struct SectionPlaces {
  /// From `address` on up to the next one, `section` is the first that has the addresses.
  private var stretches: [(address: UInt64, section: Int?)] = []

  /// O(n log n)
  init(_ sections: SectionTable) {
    let headers = sections.headers
    var edges: [(address: UInt64, section: Int, begins: Bool)] = []
    for (number, header) in headers.enumerated() where header.size > 0 {
      edges.append((header.address, number, true))
      let (end, overflow) = header.address.addingReportingOverflow(header.size)
      if !overflow { edges.append((end, number, false)) }
    }
    edges.sort { $0.address < $1.address }
    var there = LowestFirst()
    var hasEnded = Array(repeating: false, count: headers.count)
    var position = 0
    while position < edges.count {
      let address = edges[position].address
      while position < edges.count, edges[position].address == address {
        let edge = edges[position]
        if edge.begins { there.insert(edge.section) } else { hasEnded[edge.section] = true }
        position += 1
      }
      while let first = there.first, hasEnded[first] { there.removeFirst() }
      stretches.append((address, there.first))
    }
  }

  /// The first section that has `address`, or `nil`. O(log n)
  func section(at address: UInt64) -> Int? {
    let next = Halving.firstIndex(stretches.count) { stretches[$0].address > address }
    return next > 0 ? stretches[next - 1].section : nil
  }
}

/// Numbers, the lowest first: a binary heap.
private struct LowestFirst {
  private var numbers: [Int] = []

  var first: Int? { numbers.first }

  mutating func insert(_ number: Int) {
    numbers.append(number)
    var child = numbers.count - 1
    while child > 0, numbers[(child - 1) / 2] > numbers[child] {
      numbers.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func removeFirst() {
    guard let last = numbers.popLast(), !numbers.isEmpty else { return }
    numbers[0] = last
    var parent = 0
    while 2 * parent + 1 < numbers.count {
      var child = 2 * parent + 1
      if child + 1 < numbers.count, numbers[child + 1] < numbers[child] { child += 1 }
      guard numbers[child] < numbers[parent] else { return }
      numbers.swapAt(parent, child)
      parent = child
    }
  }
}
