// The graph of dependencies for programs that draw: Graphviz and Mermaid.

import ELFKit

struct DependencyDrawing {
  private let tree: DependencyTree
  /// The edges, in order: from, to, why.
  private let edges: [(from: Int, to: ModuleNames.Meaning, need: ModuleNeed)]
  private let nodes: [ModuleNames.Meaning]

  /// What the modules need, and what that needs in turn; with `isReverse` who needs them, likewise.
  init(_ subject: DependencySubject, isReverse: Bool) {
    tree = subject.tree
    let graph = tree.graph
    var needs: [(from: Int, to: ModuleNames.Meaning, need: ModuleNeed)] = []
    var nodes = subject.modules
    var seen = Set(nodes)
    if isReverse {
      let all = graph.members.indices.flatMap { user in
        graph.needs(of: user).flatMap { need in need.meanings.map { (user, $0, need) } }
      }
      var users: [ModuleNames.Meaning: [Int]] = [:]
      for (number, edge) in all.enumerated() { users[edge.1, default: []].append(number) }
      var position = 0
      while position < nodes.count {
        for number in users[nodes[position]] ?? [] {
          needs.append((all[number].0, all[number].1, all[number].2))
          if seen.insert(.file(all[number].0)).inserted { nodes.append(.file(all[number].0)) }
        }
        position += 1
      }
    } else {
      var position = 0
      while position < nodes.count {
        if case .file(let file) = nodes[position] {
          for need in graph.needs(of: file) {
            for module in need.meanings {
              needs.append((file, module, need))
              if seen.insert(module).inserted { nodes.append(module) }
            }
          }
        }
        position += 1
      }
    }
    edges = needs
    self.nodes = nodes
  }

  private func label(_ need: ModuleNeed) -> String {
    need.reason == .symbols
      ? Quantity.count(need.symbols.count, "symbol") : need.reason.word
  }

  func writeDot(to out: inout TextBuffer) {
    out.append("digraph modules {\n  rankdir=LR;\n  node [shape=box];\n")
    for node in nodes {
      out.append("  ")
      quoted(tree.name(of: node), &out)
      if case .builtIn = node { out.append(" [style=dashed]") }
      out.append(";\n")
    }
    for edge in edges {
      out.append("  ")
      quoted(tree.name(of: .file(edge.from)), &out)
      out.append(" -> ")
      quoted(tree.name(of: edge.to), &out)
      out.append(" [label=\"\(label(edge.need))\"")
      if edge.need.reason.isOptional { out.append(", style=dashed") }
      out.append("];\n")
    }
    out.append("}\n")
  }

  /// A name between quotes, in which neither quotes nor backslashes of a file end the text.
  private func quoted(_ name: ByteSlice, _ out: inout TextBuffer) {
    var text = TextBuffer()
    text.escaped(name)
    out.append("\"")
    for byte in text.pending {
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        out.append(byte: UInt8(ascii: "\\"))
      }
      out.append(byte: byte)
    }
    out.append("\"")
  }

  func writeMermaid(to out: inout TextBuffer) {
    out.append("flowchart LR\n")
    var numbers: [ModuleNames.Meaning: Int] = [:]
    for (number, node) in nodes.enumerated() {
      numbers[node] = number
      out.append("  m\(number)[\"")
      var text = TextBuffer()
      text.escaped(tree.name(of: node))
      // Mermaid's own escape: a quote ends the text, and a # begins an escape.
      for byte in text.pending {
        switch byte {
        case UInt8(ascii: "\""): out.append("#quot;")
        case UInt8(ascii: "#"): out.append("#35;")
        case UInt8(ascii: "<"): out.append("#lt;")
        case UInt8(ascii: ">"): out.append("#gt;")
        default: out.append(byte: byte)
        }
      }
      if case .builtIn = node { out.append(" (built in)") }
      out.append("\"]\n")
    }
    for edge in edges {
      guard let from = numbers[.file(edge.from)], let to = numbers[edge.to] else { continue }
      let arrow = edge.need.reason.isOptional ? "-.->" : "-->"
      out.append("  m\(from) \(arrow)|\(label(edge.need))| m\(to)\n")
    }
  }
}
