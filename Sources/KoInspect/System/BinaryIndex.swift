// The indexes that depmod writes for look-ups, `modules.*.bin`: tries of strings.

import ELFKit
import Glibc

/// A trie of keys with values, big-endian, nodes named by their offset.
///
/// A node is, as the four highest bits of the offset that names it tell: a prefix ended by a NUL;
/// the first and last byte of a range and an offset for each byte in it; a count of values, each
/// with a priority. Keys may be patterns. Damage makes a look-up find nothing, never a trap.
struct BinaryIndex {
  private let bytes: ByteSlice
  private let root: UInt32
  private static let encoding = Encoding(.big)

  /// An index over the bytes of a file; `nil` when they are none of this kind.
  init?(_ bytes: ByteSlice) {
    let header = RecordTable<UInt32>(bytes, Self.encoding)
    // Magic number and version 2.1.
    guard header.count >= 3, header[0] == 0xb007_f457, header[1] >> 16 == 2 else { return nil }
    self.bytes = bytes
    root = header[2]
  }

  private struct Node {
    var prefix = 0..<0
    /// The first byte that has a child, the number of them, and where their offsets are.
    var children: (first: UInt8, count: Int, table: Int) = (0, 0, 0)
    var values: Int?
  }

  /// The first value of exactly this key, which may not be taken for a pattern.
  func value(of key: [UInt8]) -> [UInt8]? {
    var offset = root
    var position = 0
    while let node = node(at: offset) {
      let prefix = text(node.prefix)
      guard key[position...].starts(with: prefix) else { return nil }
      position += prefix.count
      guard position < key.count else { return values(of: node).first?.value }
      guard let child = child(of: node, key[position]) else { return nil }
      offset = child
      position += 1
    }
    return nil
  }

  /// The values of all keys that, taken as patterns, match `word`: by priority, then as found.
  func values(matching word: [UInt8]) -> [[UInt8]] {
    var found: [(priority: UInt32, value: [UInt8])] = []
    // A sound trie names each node once; one that names them in circles ends here.
    var budget = bytes.count
    search(root, word, &found, &budget)
    let order = found.indices.sorted {
      (found[$0].priority, $0) < (found[$1].priority, $1)
    }
    return order.map { found[$0].value }
  }

  private func search(
    _ root: UInt32, _ word: [UInt8], _ found: inout [(priority: UInt32, value: [UInt8])],
    _ budget: inout Int
  ) {
    var offset = root
    var position = 0
    while budget > 0, let node = node(at: offset) {
      budget -= 1
      let prefix = text(node.prefix)
      for (index, byte) in prefix.enumerated() {
        if Self.isWild(byte) {
          let pattern = Array(prefix[index...])
          collect(node, pattern, Array(word[position...]), &found, &budget)
          return
        }
        guard position < word.count, word[position] == byte else { return }
        position += 1
      }
      for wild in Self.wild {
        guard let child = child(of: node, wild), let start = self.node(at: child) else { continue }
        let pattern = [wild] + text(start.prefix)
        collect(start, pattern, Array(word[position...]), &found, &budget)
      }
      guard position < word.count else {
        found += values(of: node)
        return
      }
      guard let child = child(of: node, word[position]) else { return }
      offset = child
      position += 1
    }
  }

  /// Collects what is at and below `node`, whose pattern so far is `pattern`, where it matches.
  private func collect(
    _ node: Node, _ pattern: [UInt8], _ word: [UInt8],
    _ found: inout [(priority: UInt32, value: [UInt8])], _ budget: inout Int
  ) {
    guard budget > 0, pattern.count < 4096 else { return }
    budget -= 1
    for index in 0..<node.children.count {
      let byte = node.children.first &+ UInt8(truncatingIfNeeded: index)
      guard let offset = child(of: node, byte), let next = self.node(at: offset) else { continue }
      collect(next, pattern + [byte] + text(next.prefix), word, &found, &budget)
    }
    if node.values != nil, matches(pattern, word) { found += values(of: node) }
  }

  private static let wild: [UInt8] = [0x2a, 0x3f, 0x5b]  // * ? [
  private static func isWild(_ byte: UInt8) -> Bool { wild.contains(byte) }
}

/// Reading nodes.
extension BinaryIndex {
  private func node(at offset: UInt32) -> Node? {
    var position = Int(offset & 0x0fff_ffff)
    guard position > 0, position < bytes.count else { return nil }
    var node = Node()
    if offset & 0x8000_0000 != 0 {
      guard let end = bytes.firstIndex(of: 0, from: position) else { return nil }
      node.prefix = position..<end
      position = end + 1
    }
    if offset & 0x2000_0000 != 0 {
      guard position + 2 <= bytes.count, bytes[position] <= bytes[position + 1] else { return nil }
      let count = Int(bytes[position + 1] - bytes[position]) + 1
      node.children = (bytes[position], count, position + 2)
      position += 2 + 4 * count
      guard position <= bytes.count else { return nil }
    }
    if offset & 0x4000_0000 != 0 { node.values = position }
    return node
  }

  private func child(of node: Node, _ byte: UInt8) -> UInt32? {
    guard byte >= node.children.first else { return nil }
    let index = Int(byte - node.children.first)
    guard index < node.children.count else { return nil }
    return number(at: node.children.table + 4 * index)
  }

  private func values(of node: Node) -> [(priority: UInt32, value: [UInt8])] {
    guard var position = node.values, let count = number(at: position) else { return [] }
    position += 4
    var values: [(priority: UInt32, value: [UInt8])] = []
    for _ in 0..<count {
      guard let priority = number(at: position),
        let end = bytes.firstIndex(of: 0, from: position + 4)
      else { break }
      values.append((priority, text(position + 4..<end)))
      position = end + 1
    }
    return values
  }

  private func number(at position: Int) -> UInt32? {
    guard position >= 0, position + 4 <= bytes.count else { return nil }
    return bytes.storage.span.u32(bytes.range.lowerBound + position, Self.encoding)
  }

  private func text(_ range: Range<Int>) -> [UInt8] { bytes[within: range].bytes }
}

/// Whether the shell pattern matches the whole word (`fnmatch` without flags).
func matches(_ pattern: [UInt8], _ word: [UInt8]) -> Bool {
  unsafe withCString(pattern) { pattern in
    unsafe withCString(word) { word in unsafe fnmatch(pattern, word, 0) == 0 }
  }
}
