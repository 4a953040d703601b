// The texts of depmod's indexes (kmod, tools/depmod.c, `output_deps` and its neighbours).

import ELFKit

/// One index.
struct DepmodIndex {
  let name: String
  var text: [UInt8]

  /// Its lines, without their ends.
  var lines: [ArraySlice<UInt8>] { text.split(separator: 0x0a) }

  /// The lines that are not in `other`, and those of `other` that are not here; comments do not count, and
  /// what `equals` says of a line of `other` is taken in its place.
  func differences(
    from other: ByteSlice, equals: (ArraySlice<UInt8>) -> ArraySlice<UInt8> = { $0 }
  ) -> (missing: [ArraySlice<UInt8>], stale: [ArraySlice<UInt8>]) {
    let theirs = other.bytes.split(separator: 0x0a).map(equals)
    let (own, known) = (Set(lines), Set(theirs))
    return (
      lines.filter { $0.first != 0x23 && !known.contains($0) },
      theirs.filter { $0.first != 0x23 && !own.contains($0) }
    )
  }
}

struct DepmodIndexes {
  /// In the order in which depmod writes them.
  let all: [DepmodIndex]
  /// What depmod says about what it leaves out.
  let problems: [ByteText]

  init(_ graph: DependencyGraph) {
    var problems: [ByteText] = []
    all = [
      Self.dependencies(graph),
      Self.index("modules.alias", "# Aliases extracted from modules themselves.\n", graph) {
        member, out in
        for alias in member.words?.aliases ?? [] { out.line("alias ", alias, " ", member.name) }
      },
      Self.index(
        "modules.softdep", "# Soft dependencies extracted from modules themselves.\n", graph
      ) { member, out in
        for text in member.words?.softDependencies ?? [] {
          out.line("softdep ", member.name, " ", text)
        }
      },
      Self.index(
        "modules.weakdep", "# Weak dependencies extracted from modules themselves.\n", graph
      ) { member, out in
        for text in member.words?.weakDependencies ?? [] {
          out.line("weakdep ", member.name, " ", text)
        }
      },
      Self.symbols(graph),
      Self.devices(graph, &problems),
    ]
    self.problems = problems
  }

  private static func index(
    _ name: String, _ heading: String, _ graph: DependencyGraph,
    _ body: (ModuleMember, inout [UInt8]) -> Void
  ) -> DepmodIndex {
    var text = Array(heading.utf8)
    for member in graph.members { body(member, &text) }
    return DepmodIndex(name: name, text: text)
  }

  private static func dependencies(_ graph: DependencyGraph) -> DepmodIndex {
    var text: [UInt8] = []
    for (position, member) in graph.members.enumerated() {
      text.add(member.path)
      text.append(0x3a)
      for other in graph.closure(of: position) {
        text.append(0x20)
        text.add(graph.members[other].path)
      }
      text.append(0x0a)
    }
    return DepmodIndex(name: "modules.dep", text: text)
  }

  /// What depmod takes for symbols of a module. Where none has a version these are all texts of
  /// `__ksymtab_strings`, those of namespaces among them (libkmod/libkmod-elf.c, `kmod_elf_get_symbols`).
  static func symbols(of member: ModuleMember) -> [ByteSlice] {
    let hasVersions = member.exports.contains { $0.crc != nil }
    return member.exports.map { $0.name }
      + (hasVersions ? [] : Set(member.exports.compactMap { $0.namespace }).sorted())
  }

  /// Of a symbol that two modules offer the last one counts.
  private static func symbols(_ graph: DependencyGraph) -> DepmodIndex {
    var text = Array("# Aliases for symbols, used by symbol_request().\n".utf8)
    let names = graph.members.map { symbols(of: $0) }
    var owners: [ByteSlice: Int] = [:]
    for (position, list) in names.enumerated() {
      for name in list { owners[name] = position }
    }
    for (position, list) in names.enumerated() {
      for name in list where owners[name] == position {
        text.line("alias symbol:", name, " ", graph.members[position].name)
      }
    }
    return DepmodIndex(name: "modules.symbols", text: text)
  }

  /// Nodes that are made before anybody asks for them; they need a number (`output_devname`).
  private static func devices(
    _ graph: DependencyGraph, _ problems: inout [ByteText]
  ) -> DepmodIndex {
    var text: [UInt8] = []
    for member in graph.members {
      var node: ByteSlice?
      var number: ByteText?
      for alias in member.words?.aliases ?? [] {
        if alias.starts(with: "devname:") {
          node = alias.suffix(from: 8)
        } else {
          number = deviceNumber(alias) ?? number
        }
        if node != nil, number != nil { break }
      }
      guard let node else { continue }
      guard let number else {
        problems.append(
          "Module '\(member.name)' has devname (\(node)) but lacks major and minor information. Ignoring."
        )
        continue
      }
      if text.isEmpty {
        text = Array("# Device nodes to trigger on-demand module loading.\n".utf8)
      }
      text.line("", member.name, " ", node, " ", ByteSlice(number.bytes))
    }
    return DepmodIndex(name: "modules.devname", text: text)
  }

  /// `c10:239` of `char-major-10-239`; `nil` for what has no minor number.
  private static func deviceNumber(_ alias: ByteSlice) -> ByteText? {
    for (prefix, letter) in [("char-major-", "c"), ("block-major-", "b")]
    where alias.starts(with: prefix) {
      let rest = alias.suffix(from: prefix.utf8.count)
      guard let dash = rest.firstIndex(of: UInt8(ascii: "-")),
        let major = digits(rest[within: 0..<dash]),
        let minor = digits(rest.suffix(from: dash + 1))
      else { return nil }
      return "\(letter)\(major):\(minor)"
    }
    return nil
  }

  /// The number that a text begins with, as sscanf's `%u` reads it; `nil` without a digit.
  private static func digits(_ text: ByteSlice) -> UInt32? {
    let digits = text.prefix { $0.isDigit }
    return UInt32(String(decoding: digits, as: UTF8.self))
  }
}

extension [UInt8] {
  fileprivate mutating func add(_ text: ByteSlice) { append(contentsOf: text.storage[text.range]) }

  /// A line of these parts.
  fileprivate mutating func line(_ parts: ByteSlice...) {
    for part in parts { add(part) }
    append(0x0a)
  }
}
