// The indexes that depmod writes for look-ups, `modules.*.bin`: tries of strings.

import ELFKit
import Glibc

/// A trie of keys with values, big-endian, nodes named by their offset.
///
/// A node is, as the four highest bits of the offset that names it tell: a prefix ended by a NUL;
/// the first and last byte of a range and an offset for each byte in it; a count of values, each
/// with a priority. Keys may be patterns. Damage makes a look-up find nothing, never a trap.
struct BinaryIndex {
  private let file: BlockReader
  private let root: UInt32

  /// An index over a file; `nil` when it is none of this kind.
  init?(_ source: any ByteSource) {
    file = BlockReader(source)
    // Magic number and version 2.1.
    guard file.number(at: 0) == 0xb007_f457, let version = file.number(at: 4), version >> 16 == 2,
      let root = file.number(at: 8)
    else { return nil }
    self.root = root
  }

  private struct Node {
    var prefix: [UInt8] = []
    /// The first byte that has a child, the number of them, and where their offsets are.
    var children: (first: UInt8, count: Int, table: Int) = (0, 0, 0)
    var values: Int?
  }

  /// The first value of exactly this key, which may not be taken for a pattern.
  func value(of key: [UInt8]) -> [UInt8]? {
    var offset = root
    var position = 0
    while let node = node(at: offset) {
      guard key[position...].starts(with: node.prefix) else { return nil }
      position += node.prefix.count
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
    // A sound trie names each node once, and what is read of it is little more than the file; one
    // that names nodes in circles ends here. Keys are short.
    var budget = 64 * file.size
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
      budget -= 1 + node.prefix.count
      for (index, byte) in node.prefix.enumerated() {
        if Self.wild.contains(byte) {
          let pattern = Array(node.prefix[index...])
          collect(node, pattern, Array(word[position...]), &found, &budget)
          return
        }
        guard position < word.count, word[position] == byte else { return }
        position += 1
      }
      for wild in Self.wild {
        guard let child = child(of: node, wild), let start = self.node(at: child) else { continue }
        let pattern = [wild] + start.prefix
        collect(start, pattern, Array(word[position...]), &found, &budget)
      }
      guard position < word.count else {
        take(values(of: node), &found, &budget)
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
    budget -= 1 + pattern.count
    guard budget > 0, pattern.count < 4096 else { return }
    for index in 0..<node.children.count where budget > 0 {
      let byte = node.children.first &+ UInt8(truncatingIfNeeded: index)
      guard let offset = child(of: node, byte), let next = self.node(at: offset) else { continue }
      collect(next, pattern + [byte] + next.prefix, word, &found, &budget)
    }
    guard node.values != nil, budget > 0, matches(pattern, word) else { return }
    take(values(of: node), &found, &budget)
  }

  private func take(
    _ values: [(priority: UInt32, value: [UInt8])],
    _ found: inout [(priority: UInt32, value: [UInt8])], _ budget: inout Int
  ) {
    budget -= values.reduce(0) { $0 + 4 + $1.value.count }
    found += values
  }

  private static let wild: [UInt8] = [0x2a, 0x3f, 0x5b]  // * ? [
}

/// Reading nodes.
extension BinaryIndex {
  private func node(at offset: UInt32) -> Node? {
    var position = Int(offset & 0x0fff_ffff)
    guard position > 0 else { return nil }
    var node = Node()
    if offset & 0x8000_0000 != 0 {
      guard let prefix = file.text(at: position) else { return nil }
      node.prefix = prefix
      position += prefix.count + 1
    }
    if offset & 0x2000_0000 != 0 {
      guard let first = file.byte(at: position), let last = file.byte(at: position + 1),
        first <= last
      else { return nil }
      node.children = (first, Int(last - first) + 1, position + 2)
      position += 2 + 4 * node.children.count
    }
    if offset & 0x4000_0000 != 0 { node.values = position }
    return node
  }

  private func child(of node: Node, _ byte: UInt8) -> UInt32? {
    guard byte >= node.children.first else { return nil }
    let index = Int(byte - node.children.first)
    guard index < node.children.count else { return nil }
    return file.number(at: node.children.table + 4 * index)
  }

  private func values(of node: Node) -> [(priority: UInt32, value: [UInt8])] {
    guard var position = node.values, let count = file.number(at: position) else { return [] }
    position += 4
    var values: [(priority: UInt32, value: [UInt8])] = []
    for _ in 0..<count {
      guard let priority = file.number(at: position), let value = file.text(at: position + 4)
      else { break }
      values.append((priority, value))
      position += 4 + value.count + 1
    }
    return values
  }
}

/// Reads a file here and there, a block at a time: a look-up in an index of a megabyte touches a
/// few dozen blocks.
private final class BlockReader {
  private let source: any ByteSource
  private var blocks: [Int: ByteSlice] = [:]
  private static let blockSize = 4096

  init(_ source: any ByteSource) { self.source = source }

  /// The file's size in bytes, as far as offsets in it can reach.
  var size: Int { Int(Swift.min(source.size, 1 << 28)) }

  /// The byte at `position`; `nil` outside the file or when it cannot be read.
  func byte(at position: Int) -> UInt8? {
    let number = position / Self.blockSize
    if let block = blocks[number] {
      let place = position - number * Self.blockSize
      return place < block.count ? block[place] : nil
    }
    guard position < size else { return nil }
    let start = UInt64(number * Self.blockSize)
    let count = Swift.min(source.size - start, UInt64(Self.blockSize))
    guard let block = try? source.slice(start, count, in: .file) else { return nil }
    blocks[number] = block
    return byte(at: position)
  }

  /// The big-endian number at `position`.
  func number(at position: Int) -> UInt32? {
    var number: UInt32 = 0
    for offset in 0..<4 {
      guard let byte = byte(at: position + offset) else { return nil }
      number = number << 8 | UInt32(byte)
    }
    return number
  }

  /// The bytes from `position` up to a NUL.
  func text(at position: Int) -> [UInt8]? {
    var text: [UInt8] = []
    while let byte = byte(at: position + text.count) {
      if byte == 0 { return text }
      text.append(byte)
    }
    return nil
  }
}

/// Whether the shell pattern matches the whole word (`fnmatch` without flags).
func matches(_ pattern: [UInt8], _ word: [UInt8]) -> Bool {
  unsafe withCString(pattern) { pattern in
    unsafe withCString(word) { word in unsafe fnmatch(pattern, word, 0) == 0 }
  }
}
