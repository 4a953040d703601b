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
  init?(_ source: some ByteSource) {
    file = BlockReader(source.erased)
    file.refill()
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

  private struct Value {
    let priority: UInt32
    let text: [UInt8]
  }

  /// The first value of exactly this key, which may not be taken for a pattern, up to a colon: a
  /// module's path in `modules.dep`. `nil` when that is longer than any path.
  ///
  /// A look-up reads no more than the key's length, whatever the index claims: there may be one for
  /// each module that an alias means.
  func value(of key: [UInt8]) -> [UInt8]? {
    file.refill()
    var offset = root
    var position = 0
    while true {
      let found = node(at: offset) { byte in
        guard position < key.count, key[position] == byte else { return false }
        position += 1
        return true
      }
      guard let node = found else { return nil }
      guard position < key.count else { return firstValue(of: node) }
      guard let child = child(of: node, key[position]) else { return nil }
      offset = child
      position += 1
    }
  }

  /// The values of all keys that, taken as patterns, match `word`: by priority, then as found.
  func values(matching word: [UInt8]) -> [[UInt8]] {
    file.refill()
    var found: [Value] = []
    search(word, &found)
    let order = found.indices.sorted {
      (found[$0].priority, $0) < (found[$1].priority, $1)
    }
    return order.map { found[$0].text }
  }

  private func search(_ word: [UInt8], _ found: inout [Value]) {
    var offset = root
    var position = 0
    while let node = node(at: offset) {
      for (index, byte) in node.prefix.enumerated() {
        if Self.wild.contains(byte) {
          var pattern = Array(node.prefix[index...])
          collect(node, &pattern, Array(word[position...]), &found)
          return
        }
        guard position < word.count, word[position] == byte else { return }
        position += 1
      }
      for wild in Self.wild {
        guard let child = child(of: node, wild), let start = self.node(at: child) else { continue }
        var pattern = [wild] + start.prefix
        collect(start, &pattern, Array(word[position...]), &found)
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
    _ node: Node, _ pattern: inout [UInt8], _ word: [UInt8], _ found: inout [Value]
  ) {
    let length = pattern.count
    guard length < 4096 else { return }
    for index in 0..<node.children.count {
      let byte = node.children.first &+ UInt8(truncatingIfNeeded: index)
      guard let offset = child(of: node, byte) else { break }
      guard let next = self.node(at: offset) else { continue }
      pattern.append(byte)
      pattern += next.prefix
      collect(next, &pattern, word, &found)
      pattern.removeLast(pattern.count - length)
    }
    guard node.values != nil, file.spend(length), matches(pattern, word) else { return }
    found += values(of: node)
  }

  private static let wild: [UInt8] = [UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "[")]
}

/// Reading nodes.
extension BinaryIndex {
  /// The node that `offset` names; `nil` as soon as a byte of its prefix is not accepted.
  private func node(
    at offset: UInt32, where isAccepted: (UInt8) -> Bool = { _ in true }
  ) -> Node? {
    var position = Int(offset & 0x0fff_ffff)
    guard position > 0 else { return nil }
    var node = Node()
    if offset & 0x8000_0000 != 0 {
      while true {
        guard let byte = file.byte(at: position) else { return nil }
        position += 1
        if byte == 0 { break }
        guard isAccepted(byte) else { return nil }
        node.prefix.append(byte)
      }
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

  private func values(of node: Node) -> [Value] {
    guard var position = node.values, let count = file.number(at: position) else { return [] }
    position += 4
    var values: [Value] = []
    for _ in 0..<count {
      guard let priority = file.number(at: position), let text = file.text(at: position + 4)
      else { break }
      values.append(Value(priority: priority, text: text))
      position += 4 + text.count + 1
    }
    return values
  }

  private func firstValue(of node: Node) -> [UInt8]? {
    guard let position = node.values, let count = file.number(at: position), count > 0,
      file.number(at: position + 4) != nil
    else { return nil }
    var value: [UInt8] = []
    while value.count < Int(PATH_MAX), let byte = file.byte(at: position + 8 + value.count) {
      if byte == 0 || byte == UInt8(ascii: ":") { return value }
      value.append(byte)
    }
    return nil
  }
}

/// Reads a file here and there, a block at a time: a look-up in an index of a megabyte touches a
/// few dozen blocks.
///
/// What one look-up reads is limited. A sound trie names each node once, and little of it is read
/// twice; one that names nodes in circles, or many times a node that turns out to be none, ends
/// here: to a look-up that has read its share, there is no more of the file.
private final class BlockReader {
  private let source: AnyByteSource
  private var blocks: [Int: ByteSlice] = [:]
  private static let blockSize = 4096
  /// The number of bytes that may still be read.
  private var share = 0

  init(_ source: AnyByteSource) { self.source = source }

  /// The file's size in bytes, as far as offsets in it can reach.
  var size: Int { Int(Swift.min(source.size, 1 << 28)) }

  /// Begins a look-up.
  func refill() { share = 8 * size + Self.blockSize }

  /// Takes `count` bytes off what may still be read; false when they are more than that.
  func spend(_ count: Int) -> Bool {
    share -= count
    return share >= 0
  }

  /// The byte at `position`; `nil` outside the file, when it cannot be read or when enough was.
  func byte(at position: Int) -> UInt8? {
    spend(1) ? storedByte(at: position) : nil
  }

  private func storedByte(at position: Int) -> UInt8? {
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
    return storedByte(at: position)
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
