import ELFKit
import Foundation
import TestSupport
import Testing

@testable import KoInspect

/// A kernel's modules with their indexes, as `depmod` leaves them.
private final class Tree {
  let base: TemporaryFile
  private var folder: String { "\(base.folder)/lib/modules/6.1" }

  /// With text indexes and, if `isBinary`, with binary ones that the text contradicts.
  init(isBinary: Bool) throws {
    base = try TemporaryFile([], name: "empty")
    try write("kernel/net/two-words.ko", ELFBuilder.module("two_words").build())
    try write("kernel/fs/ext9.ko", ELFBuilder.module("ext9").build())
    try write(
      "modules.builtin.modinfo",
      Array("unix.alias=net-pf-1\0unix.license=GPL\0".utf8)
        + Array("unix.parm=a:b\0vt.license=MIT\0unix.author=late\0".utf8))
    let dep = [
      "two_words": "kernel/net/two-words.ko:", "ext9": "kernel/fs/ext9.ko: kernel/net/two-words.ko",
      "lost": "kernel/lost.ko:",
    ]
    let aliases = [
      "pci:v0000[12]d*": "two_words", "pci:v00001d*sv?": "ext9", "fs_ext9": "ext9",
      "dev_name": "unix",
    ]
    let symbols = ["symbol:two_fn": "two_words"]
    if isBinary {
      try write("modules.dep.bin", IndexBuilder.build(dep))
      try write("modules.alias.bin", IndexBuilder.build(aliases))
      try write("modules.symbols.bin", IndexBuilder.build(symbols))
      try write("modules.builtin.bin", IndexBuilder.build(["unix": "", "vt": ""]))
      try write("modules.builtin.alias.bin", IndexBuilder.build(["net_pf_1": "unix"]))
      for name in ["dep", "alias", "symbols", "builtin"] { try write("modules.\(name)", []) }
    } else {
      try write("modules.dep", Array(dep.values.joined(separator: "\n").utf8))
      let lines = { (pairs: [String: String]) in
        "# a comment\n"
          + pairs.sorted { $0.key < $1.key }
          .map { "alias \($0.key.replacingOccurrences(of: "fs_", with: "fs-")) \($0.value)\n" }
          .joined()
      }
      try write("modules.alias", Array(lines(aliases).utf8))
      try write("modules.symbols", Array(lines(symbols).utf8))
      try write("modules.builtin", Array("kernel/net/unix/unix.ko\nkernel/vt.ko\n".utf8))
    }
  }

  private func write(_ name: String, _ bytes: [UInt8]) throws {
    let url = URL(filePath: "\(folder)/\(name)")
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  func run(_ arguments: String...) -> Run {
    Run(["modinfo", "-b", base.folder, "-k", "6.1"] + arguments)
  }

  /// The files found for a word, below `kernel`.
  func files(_ arguments: String...) -> String {
    Run(["modinfo", "-b", base.folder, "-k", "6.1", "-n"] + arguments).output
      .replacingOccurrences(of: "\(folder)/kernel/", with: "")
  }
}

/// Writes a trie without prefixes: a node a byte.
private enum IndexBuilder {
  private final class Node {
    var children: [UInt8: Node] = [:]
    var values: [(UInt32, String)] = []
  }

  static func build(_ pairs: [String: String]) -> [UInt8] {
    let root = Node()
    for (priority, pair) in pairs.sorted(by: { $0.key < $1.key }).enumerated() {
      var node = root
      for byte in pair.key.utf8 {
        let next = node.children[byte] ?? Node()
        node.children[byte] = next
        node = next
      }
      node.values.append((UInt32(priority), pair.value))
    }
    var out = ByteWriter(Encoding(.big))
    out.u32(0xb007_f457)
    out.u32(0x0002_0001)
    out.u32(0)
    let offset = write(root, to: &out)
    out.bytes.replaceSubrange(8..<12, with: number(offset))
    return out.bytes
  }

  private static func number(_ value: UInt64) -> [UInt8] {
    var writer = ByteWriter(Encoding(.big))
    writer.u32(value)
    return writer.bytes
  }

  private static func write(_ node: Node, to out: inout ByteWriter) -> UInt64 {
    let offsets = node.children.mapValues { write($0, to: &out) }
    var offset = UInt64(out.bytes.count)
    if let first = offsets.keys.min(), let last = offsets.keys.max() {
      offset |= 0x2000_0000
      out.bytes += [first, last]
      for byte in first...last { out.u32(offsets[byte] ?? 0) }
    }
    if !node.values.isEmpty {
      offset |= 0x4000_0000
      out.u32(UInt64(node.values.count))
      for (priority, value) in node.values {
        out.u32(UInt64(priority))
        out.bytes += Array(value.utf8) + [0]
      }
    }
    return offset
  }
}

@Suite("Modules by name")
struct ModuleIndexTests {
  @Test("By name, dashes and underscores alike", arguments: [false, true])
  func names(isBinary: Bool) throws {
    let tree = try Tree(isBinary: isBinary)
    #expect(
      tree.files("two-words", "two_words", "ext9")
        == "net/two-words.ko\nnet/two-words.ko\nfs/ext9.ko\n")
    #expect(tree.files("-m", "two-words.x") == "net/two-words.ko\n")
    #expect(tree.run("-F", "name", "two-words").output == "two_words\n")
    #expect(tree.run("ext9.ko").errors == "modinfo: ERROR: Module ext9.ko not found.\n")
  }

  @Test("By alias, symbol and pattern; several may match", arguments: [false, true])
  func aliases(isBinary: Bool) throws {
    let tree = try Tree(isBinary: isBinary)
    #expect(tree.files("fs-ext9") == "fs/ext9.ko\n")
    #expect(tree.files("pci:v00002d7") == "net/two-words.ko\n")
    #expect(tree.files("pci:v00001d7sv8") == "fs/ext9.ko\nnet/two-words.ko\n")
    #expect(tree.files("symbol:two_fn") == "net/two-words.ko\n")
    #expect(tree.run("pci:v00003d7").errors == "modinfo: ERROR: Module pci:v00003d7 not found.\n")
    #expect(tree.run("-m", "fs-ext9").errors == "modinfo: ERROR: Module name fs-ext9 not found.\n")
  }

  @Test("What is built in has no file, but strings", arguments: [false, true])
  func builtin(isBinary: Bool) throws {
    let tree = try Tree(isBinary: isBinary)
    let listing = """
      name:           unix
      filename:       (builtin)
      alias:          net-pf-1
      license:        GPL
      parm:           a:b

      """
    #expect(tree.run("unix").output == listing)
    #expect(tree.run("net-pf-1").output == listing)
    #expect(tree.run("-m", "net-pf-1").output == listing)
    #expect(tree.run("dev-name").output == listing)
    #expect(tree.run("-F", "name", "unix").output == "unix\n")
    #expect(tree.run("-n", "unix").output == "(builtin)\n")
    #expect(tree.run("-l", "vt").output == "MIT\n")
    #expect(tree.run("-0", "unix").output.hasPrefix("name:           unix\0filename:       (b"))
  }

  @Test("A file that an index names and that is gone", arguments: [false, true])
  func lost(isBinary: Bool) throws {
    let tree = try Tree(isBinary: isBinary)
    let run = tree.run("lost")
    #expect(run.status == 1)
    #expect(run.output == "filename:       \(tree.base.folder)/lib/modules/6.1/kernel/lost.ko\n")
    #expect(
      run.errors
        == "modinfo: ERROR: could not get modinfo from 'lost': No such file or directory\n")
    #expect(tree.run("-n", "lost").status == 0)
  }
}

@Suite("Damaged indexes")
struct DamagedIndexTests {
  @Test("Every truncation and every changed byte finds something or nothing, and never traps")
  func hostile() {
    let whole = IndexBuilder.build(["a*b": "one", "a[bc]?": "two", "abc": "three", "b": "four"])
    func ask(_ bytes: [UInt8]) {
      guard let index = BinaryIndex(ByteSlice(bytes)) else { return }
      for word in ["abc", "aab", "b", "", "zzz"] {
        _ = index.value(of: Array(word.utf8))
        _ = index.values(matching: Array(word.utf8))
      }
    }
    for count in whole.indices { ask(Array(whole[..<count])) }
    for position in whole.indices {
      for value in [0, 1, 0x2a, 0x40, 0xe0, 0xff] as [UInt8] {
        var changed = whole
        changed[position] = value
        ask(changed)
      }
    }
  }

  @Test("A trie that leads in circles ends")
  func circle() {
    var out = ByteWriter(Encoding(.big))
    for number in [0xb007_f457, 0x0002_0001, 0x2000_000c] as [UInt64] { out.u32(number) }
    out.bytes += [0x2a, 0x2a]
    out.u32(0x2000_000c)
    let index = BinaryIndex(ByteSlice(out.bytes))
    #expect(index?.values(matching: Array("***".utf8)) == [])
    #expect(index?.value(of: Array("***".utf8)) == nil)
  }
}
