// Whether a tree of modules is whole: what `depmod -e` and people who build images look for.

import ELFKit

struct DependencyCheck {
  private let subject: DependencySubject
  private var graph: DependencyGraph { subject.tree.graph }

  init(_ subject: DependencySubject) { self.subject = subject }

  /// A line for each thing that is wrong. Status 1 when there is one.
  func write(_ console: inout Console) -> ExitStatus {
    var lines = graph.cycleMessages
    for position in subject.files {
      let path = ByteSlice(subject.tree.path(of: position))
      if subject.kernel.isComplete {
        lines += graph.unknownSymbols(of: position, subject.kernel).map {
          "\(path) needs unknown symbol \($0)"
        }
      }
      for need in graph.needs(of: position) where need.meanings.isEmpty {
        guard let key = Self.key(need.reason) else { continue }
        lines.append("\(path): \(key)= names \(need.word), which is no module here, nor built in")
      }
    }
    if let folder = subject.firmware {
      for position in subject.files {
        let path = ByteSlice(subject.tree.path(of: position))
        for need in graph.members[position].firmware(in: folder) where need.files?.isEmpty == true {
          lines.append("\(path): firmware \(need.name) is missing")
        }
      }
    }
    lines += subject.tree.shadowed.map { file in
      file.isTie
        ? "\(file.path) and \(file.winner) have one name and one rank: depmod takes the one that it meets first"
        : "\(file.path) is not used: \(file.winner) comes before it"
    }
    lines += graph.clashes.map { clash in
      let names = clash.owners.map { "\(graph.members[$0].name)" as ByteText }
      let list = names.dropFirst().reduce(names[0]) { "\($0), \($1)" as ByteText }
      return "symbol \(clash.symbol) is offered by \(list): the last one counts"
    }
    for line in lines {
      console.out.escaped(line.bytes)
      console.out.newline()
    }
    if !subject.kernel.isComplete {
      console.message {
        $0.append("what the kernel itself offers is not known (--kernel DIR, --symvers FILE): ")
        $0.append("unknown symbols were not looked for")
      }
    }
    return lines.isEmpty ? .clean : .findings
  }

  /// The tag that names it; `nil` for what code asks for: a module that is not there may not be meant to be.
  private static func key(_ reason: ModuleNeed.Reason) -> String? {
    switch reason {
    case .declared: "depends"
    case .softBefore, .softAfter: "softdep"
    case .weak: "weakdep"
    default: nil
    }
  }
}
