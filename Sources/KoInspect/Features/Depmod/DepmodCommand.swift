// `koinspect depmod`: the text indexes that depmod would write for a tree of modules, without writing them;
// and whether those that lie there are still true.

import ELFKit

enum DepmodCommand {
  private enum Name: InputOptionName {
    case dryRun
    case checkIndexes
    case config
    case filesFrom
    case maxSize
    case help
  }

  private static let options: [Option<Name>] = [
    Option(
      .dryRun, "n", "dry-run", "show", help: "print the indexes; without it nothing is done"),
    Option(
      .checkIndexes, nil, "check-indexes",
      help: "compare with the indexes in the folder: which are not what depmod would write"),
    Option(
      .config, "C", "config", argument: .required("FILE"),
      help: """
        a file of depmod.d: search, override, external, exclude; may be given more than once. Without it
        those of the system count that DIR is a part of
        """),
    .maxSize,
    Option(.help, "h", "help", help: "this text"),
  ]

  static func run(_ console: inout Console, _ arguments: [[UInt8]]) -> ExitStatus {
    ModuleCommand.perform("depmod", arguments, options, help: .help, help, &console) {
      parsed, console throws(SystemError) in
      guard parsed.has(.dryRun) || parsed.has(.checkIndexes) else {
        throw SystemError("nothing is ever written: ask for -n or --check-indexes")
      }
      guard parsed.operands.count <= 1 else { throw SystemError("one folder at a time") }
      let limits = try parsed.neededLimits
      let folder = parsed.operands.first ?? Array("/lib/modules/".utf8) + runningRelease()
      var description = KernelDescription(maxSize: parsed.has(.maxSize) ? limits.maxSize : nil)
      let order = try description.searchOrder(of: folder, named: parsed.values(.config), &console)
      do throws(SystemError) { try description.addModules(folder, isInstalled: true) } catch {
        throw error.named(folder)
      }
      description.addExternals(of: order, &console)
      let unread = description.scan(DependencyTree.parts, limits, &console)
      let tree = try DependencyTree(&description, order)
      guard tree.graph.cycles.isEmpty else { return report(tree.graph, &console) }
      let indexes = DepmodIndexes(tree.graph)
      for problem in indexes.problems { console.message { $0.escaped(problem.bytes) } }
      let status: ExitStatus = unread.isEmpty ? .clean : .failure
      guard parsed.has(.checkIndexes) else {
        for index in indexes.all { console.out.append(raw: index.text) }
        return status
      }
      return max(status, try check(indexes, tree.graph, folder, &description, &console))
    }
  }

  /// In depmod's words; it writes nothing then.
  private static func report(_ graph: DependencyGraph, _ console: inout Console) -> ExitStatus {
    for line in graph.cycleMessages { console.message { $0.escaped(line.bytes) } }
    return .findings
  }

  /// Compares the lines of the indexes with those of the files, whatever their order.
  private static func check(
    _ indexes: DepmodIndexes, _ graph: DependencyGraph, _ folder: [UInt8],
    _ description: inout KernelDescription, _ console: inout Console
  ) throws(SystemError) -> ExitStatus {
    var status = ExitStatus.clean
    let isOrdered = try description.readIfThere(folder + Array("/modules.order".utf8)) != nil
    for index in indexes.all {
      let path = folder + Array("/\(index.name)".utf8)
      let there = try description.readIfThere(path)
      // Old versions of kmod write no modules.weakdep, and nobody misses one without lines.
      if there == nil, index.lines.allSatisfy({ $0.first == UInt8(ascii: "#") }) { continue }
      console.out.escaped(path)
      guard let there else {
        console.out.append(": missing\n")
        status = .findings
        continue
      }
      let loads = index.name == "modules.dep" ? LoadLines(graph, index) : nil
      let symbols =
        index.name == "modules.symbols" && !isOrdered ? SymbolLines(graph, index) : nil
      let (missing, stale) = index.differences(from: there) {
        loads?.equal(of: $0) ?? symbols?.equal(of: $0) ?? $0
      }
      if missing.isEmpty, stale.isEmpty {
        console.out.append(": as depmod would write it\n")
        continue
      }
      status = .findings
      console.out.append(": stale\n")
      for (sign, lines) in [("+", missing), ("-", stale)] {
        for line in lines.prefix(8) {
          console.out.append("  \(sign) ")
          console.out.escaped(line)
          console.out.newline()
        }
        if lines.count > 8 { console.out.append("  \(sign) and \(lines.count - 8) more\n") }
      }
    }
    return status
  }

  static var help: CommandHelp {
    CommandHelp(
      usage: "koinspect depmod -n|--check-indexes [OPTIONS] [DIR]",
      about: """
        The text indexes that depmod (kmod 34) writes for the modules below DIR (/lib/modules/RELEASE,
        the running kernel's): modules.dep, .alias, .softdep, .weakdep, .symbols and .devname, on standard
        output, as depmod -n prints them. Nothing is written. --check-indexes compares them with the files
        that lie there: + is a line that is missing in them, - one that should not be there. The order of
        lines does not matter, nor that of modules which do not need each other.
        Exit status: 0, 1 when an index is stale or modules need each other in a circle, 2 when a
        module cannot be read.
        """,
      examples: [
        ("koinspect depmod -n /mnt/lib/modules/6.1.0", "for an image, without kmod"),
        ("koinspect depmod --check-indexes", "has depmod been run since?"),
      ],
      options: options)
  }
}
