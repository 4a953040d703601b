// Lines of indexes that say the same: without modules.order depmod takes modules in the order in which the folder
// has them. What does not need each other stands in that order in modules.dep, and of several modules that offer
// a symbol the last one is in modules.symbols.

import ELFKit

/// The lines of modules.dep for a tree, found by their module.
struct LoadLines {
  private let graph: DependencyGraph
  private var positions: [ByteSlice: Int] = [:]
  private var lines: [ByteSlice: ArraySlice<UInt8>] = [:]

  init(_ graph: DependencyGraph, _ index: DepmodIndex) {
    self.graph = graph
    for (position, member) in graph.members.enumerated() { positions[member.path] = position }
    for line in index.lines { lines[Self.module(line)] = line }
  }

  /// The module of a line, before the colon.
  private static func module(_ line: ArraySlice<UInt8>) -> ByteSlice {
    ByteSlice(Array(line.prefix { $0 != UInt8(ascii: ":") }))
  }

  /// The line that depmod would write in place of `line`; `line` itself where that says something else.
  func equal(of line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard let own = lines[Self.module(line)], own != line, own.count == line.count else {
      return line
    }
    let (mine, theirs) = (words(own), words(line))
    guard Set(mine) == Set(theirs), mine.count == theirs.count else { return line }
    // Each is loaded after those behind it.
    var isLoaded: Set<Int> = []
    for word in theirs.reversed() {
      guard let position = positions[word],
        graph.edges[position].allSatisfy({ isLoaded.contains($0.provider) })
      else { return line }
      isLoaded.insert(position)
    }
    return own
  }

  private func words(_ line: ArraySlice<UInt8>) -> [ByteSlice] {
    line.drop { $0 != UInt8(ascii: ":") }.dropFirst().split(separator: UInt8(ascii: " ")).map {
      ByteSlice(Array($0))
    }
  }
}

/// The lines of modules.symbols for a tree whose order is not known.
struct SymbolLines {
  /// By what stands before the module.
  private var lines: [ArraySlice<UInt8>: ArraySlice<UInt8>] = [:]
  /// What a line may be.
  private var possible: Set<ArraySlice<UInt8>> = []

  init(_ graph: DependencyGraph, _ index: DepmodIndex) {
    for line in index.lines { lines[Self.symbol(line)] = line }
    for member in graph.members {
      for symbol in DepmodIndexes.symbols(of: member) {
        possible.insert(
          (Array("alias symbol:".utf8) + symbol.bytes + [0x20] + member.name.bytes)[...])
      }
    }
  }

  private static func symbol(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    line[..<(line.lastIndex(of: UInt8(ascii: " ")) ?? line.endIndex)]
  }

  /// The line that depmod would write in place of `line`; `line` itself where that says something else.
  func equal(of line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    possible.contains(line) ? lines[Self.symbol(line)] ?? line : line
  }
}
