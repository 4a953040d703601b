import ELFKit
import Foundation
import Glibc
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

  /// With these index files.
  init(_ files: [String: [UInt8]]) throws {
    base = try TemporaryFile([], name: "empty")
    for (name, bytes) in files { try write(name, bytes) }
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
    expect(
      tree.files("two-words", "two_words", "ext9"),
      is: "net/two-words.ko\nnet/two-words.ko\nfs/ext9.ko\n")
    expect(tree.files("-m", "two-words.x"), is: "net/two-words.ko\n")
    expect(tree.run("-F", "name", "two-words").output, is: "two_words\n")
    expect(tree.run("ext9.ko").errors, is: "modinfo: ERROR: Module ext9.ko not found.\n")
  }

  @Test("By alias, symbol and pattern; several may match", arguments: [false, true])
  func aliases(isBinary: Bool) throws {
    let tree = try Tree(isBinary: isBinary)
    expect(tree.files("fs-ext9"), is: "fs/ext9.ko\n")
    expect(tree.files("pci:v00002d7"), is: "net/two-words.ko\n")
    expect(tree.files("pci:v00001d7sv8"), is: "fs/ext9.ko\nnet/two-words.ko\n")
    expect(tree.files("symbol:two_fn"), is: "net/two-words.ko\n")
    expect(tree.run("pci:v00003d7").errors, is: "modinfo: ERROR: Module pci:v00003d7 not found.\n")
    expect(tree.run("-m", "fs-ext9").errors, is: "modinfo: ERROR: Module name fs-ext9 not found.\n")
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
    expect(tree.run("unix").output, is: listing)
    expect(tree.run("net-pf-1").output, is: listing)
    expect(tree.run("-m", "net-pf-1").output, is: listing)
    expect(tree.run("dev-name").output, is: listing)
    expect(tree.run("-F", "name", "unix").output, is: "unix\n")
    expect(tree.run("-n", "unix").output, is: "(builtin)\n")
    expect(tree.run("-l", "vt").output, is: "MIT\n")
    expect(tree.run("-0", "unix").output.hasPrefix("name:           unix\0filename:       (b"))
  }

  @Test("A file that an index names and that is gone", arguments: [false, true])
  func lost(isBinary: Bool) throws {
    let tree = try Tree(isBinary: isBinary)
    let run = tree.run("lost")
    expect(run.status, is: 1)
    expect(run.output, is: "filename:       \(tree.base.folder)/lib/modules/6.1/kernel/lost.ko\n")
    expect(
      run.errors,
      is: "modinfo: ERROR: could not get modinfo from 'lost': No such file or directory\n")
    expect(tree.run("-n", "lost").status, is: 0)
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
    expect(index?.values(matching: Array("***".utf8)), is: [])
    expect(index?.value(of: Array("***".utf8)), is: nil)
  }
}

/// Indexes made to cost more than their size: each would take the square of it.
@Suite("Costly indexes")
struct CostlyIndexTests {
  /// Runs `body`; at night it must take less than `limit` seconds of processor time in this thread.
  private func work(within limit: Double, _ body: () -> Void) {
    func now() -> Double {
      var time = timespec()
      unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
    let start = now()
    body()
    if Nightly.isOn { expect(now() - start < limit) }
  }

  private func index(root: UInt64, _ body: (inout ByteWriter) -> Void) -> [UInt8] {
    var out = ByteWriter(Encoding(.big))
    for number in [0xb007_f457, 0x0002_0001, root] as [UInt64] { out.u32(number) }
    body(&out)
    return out.bytes
  }

  private func lines(_ count: Int, _ line: (Int) -> String) -> [UInt8] {
    Array((0..<count).map(line).joined().utf8)
  }

  @Test("Children that name a node with a long prefix that turns out to be none")
  func invalidPrefix() throws {
    let length = 5000
    let node = UInt64(12 + length + 3)
    let bytes = index(root: 0x2000_0000 | node) { out in
      out.bytes += [UInt8](repeating: 0x61, count: length) + [0, 0xff, 0]
      out.bytes += [1, 0xff]
      for byte in 1...0xff {
        out.u32([0x2a, 0x61].contains(byte) ? 0x2000_0000 | node : 0xa000_000c)
      }
    }
    let index = try #require(BinaryIndex(ByteSlice(bytes)))
    work(within: 2) { expect(index.values(matching: Array("pci:v1".utf8)), is: []) }
  }

  @Test("Values that nodes in a circle share")
  func sharedValues() throws {
    let bytes = index(root: 0x2000_000c) { out in
      out.bytes += [0x2a, 0x2b]
      out.u32(0x6000_000c)
      out.u32(0x6000_000c)
      out.u32(64_000)
      for _ in 0..<64_000 { out.bytes += [0, 0, 0, 1, 0x6d, 0] }
    }
    let index = try #require(BinaryIndex(ByteSlice(bytes)))
    let values = index.values(matching: [UInt8](repeating: 0x2a, count: 45))
    expect(values.count >= 64_000)
    expect(values.reduce(0) { $0 + $1.count + 5 } <= 8 * bytes.count + 4096)
  }

  @Test("A look-up reads no more than the key and a path")
  func longPrefix() throws {
    let long = [UInt8](repeating: 0x7a, count: 200_000)
    let prefix = index(root: 0xc000_000c) { $0.bytes += long + [0, 0, 0, 0, 0] }
    let value = index(root: 0x4000_000c) { $0.bytes += [0, 0, 0, 1, 0, 0, 0, 0] + long + [0] }
    for (bytes, key) in [(prefix, [0x7a, 0x79]), (value, [])] as [([UInt8], [UInt8])] {
      let index = try #require(BinaryIndex(ByteSlice(bytes)))
      work(within: 2) { for _ in 0..<500 { _ = index.value(of: key) } }
      expect(index.value(of: key), is: nil)
    }
  }

  @Test("A path ends at a colon, and what follows may be long")
  func path() throws {
    let text = Array("a.ko:".utf8) + [UInt8](repeating: 0x20, count: 9000)
    let bytes = index(root: 0x4000_000c) { $0.bytes += [0, 0, 0, 1, 0, 0, 0, 0] + text + [0] }
    expect(BinaryIndex(ByteSlice(bytes))?.value(of: []), is: Array("a.ko".utf8))
  }

  @Test("Many modules for an alias, in a long list of files or of what is built in")
  func manyModules() throws {
    let count = 4000
    let trees = [
      try Tree([
        "modules.alias": lines(count) { "alias pci:* m\($0)\n" },
        "modules.dep": lines(count) { "kernel/n\($0).ko:\n" },
      ]),
      try Tree(["modules.builtin.modinfo": lines(count) { "m\($0).alias=pci:*\0" }]),
    ]
    for tree in trees {
      var run: Run?
      work(within: 0.8) { run = tree.run("-F", "alias", "pci:v1") }
      expect(run?.status, is: 0)
    }
  }

  @Test("A module is given as often as kmod would, but not thousands of times")
  func repeatedModule() throws {
    let module = ELFBuilder.module("m").build()
    let few = try Tree([
      "modules.alias": lines(3) { _ in "alias pci:* m\n" } + Array("alias pci:v? q\n".utf8),
      "modules.dep": Array("kernel/m.ko:\nkernel/q.ko:\n".utf8), "kernel/m.ko": module,
    ])
    expect(few.files("pci:v1"), is: "m.ko\nm.ko\nm.ko\nq.ko\n")
    let aliases = lines(2000) { "alias +* m\($0 % 2)\nalias +* k\($0)\n" }
    let shared = index(root: 0x2000_000c) { out in
      // Each digit and letter leads to the same node, and every key of them has its value.
      out.bytes += [0x30, 0x7a]
      for _ in 0x30...0x7a { out.u32(0x6000_000c) }
      out.u32(1)
      out.u32(0)
      out.bytes += Array("kernel/m.ko:".utf8) + [0]
    }
    let many = try Tree(["modules.alias": aliases, "modules.dep.bin": shared])
    expect(many.files("+v1"), is: String(repeating: "m.ko\n", count: 16))
    let builtin = try Tree([
      "modules.builtin.modinfo": lines(2000) { _ in "m.alias=pci:*\0" }
    ])
    expect(builtin.files("pci:v1"), is: String(repeating: "(builtin)\n", count: 16))
  }
}
