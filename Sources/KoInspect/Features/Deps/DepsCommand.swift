// `koinspect deps`: what a module needs and why, and who needs it.

import ELFKit

enum DepsCommand {
  private enum Name: KernelOptionName {
    case reverse
    case why
    case flat
    case closure
    case check
    case firmware
    case dot
    case mermaid
    case symbols
    case json
    case schema
    case kernel
    case modules
    case kernelConfig
    case symvers
    case reference
    case vermagic
    case commandLine
    case certificate
    case loaded
    case taint
    case kabiList
    case running
    case color
    case filesFrom
    case maxSize
    case help
  }

  private static let options: [Option<Name>] =
    [
      Option(.flat, nil, "flat", help: "what modprobe would load, in its order, as paths"),
      Option(.reverse, nil, "reverse", help: "who needs the modules"),
      Option(.why, nil, "why", help: "of two names A and B: how A comes to need B"),
      Option(.closure, nil, "closure", help: "all files that an image needs for them, and bytes"),
      Option(
        .check, nil, "check",
        help: "unknown symbols, circles, files in each other's way, names of nothing"),
      Option(
        .firmware, nil, "firmware", argument: .required("DIR"),
        help: "whether this folder, such as /lib/firmware, has the firmware"),
      Option(.symbols, nil, "symbols", help: "all symbols of each dependency, not the first few"),
      Option(.dot, nil, "dot", help: "a graph for Graphviz"),
      Option(.mermaid, nil, "mermaid", help: "a graph for Mermaid"),
      Option(.json, nil, "json", help: "one JSON object a module, one line each"),
      Option(.schema, nil, "schema", help: "the JSON Schema of --json; no module is read"),
    ] + Option.kernel(runningIsDefault: true) + [
      .color(.color),
      .filesFrom,
      .maxSize,
      Option(.help, "h", "help", help: "this text"),
    ]

  static func run(_ console: inout Console, _ arguments: [[UInt8]]) -> ExitStatus {
    ModuleCommand.perform("deps", arguments, options, help: .help, help, &console) {
      parsed, console throws(SystemError) in
      if parsed.has(.schema) {
        ModuleDependencies.form.schema.write(
          to: &console.out, id: "deps.schema.json",
          title: "What a Linux kernel module needs, as koinspect deps --json tells it")
        return .clean
      }
      guard let subject = try subject(parsed, &console) else { return .failure }
      let style = console.style(parsed.value(.color))
      let status = write(subject, parsed, &console, style)
      return max(status, subject.status)
    }
  }

  /// The modules that were named, and the tree that they are a part of.
  private static func subject(
    _ parsed: ParsedArguments<Name>, _ console: inout Console
  ) throws(SystemError) -> DependencySubject? {
    let limits = try parsed.neededLimits
    var operands = parsed.operands
    for list in parsed.values(.filesFrom) {
      // Whoever lists files has checked that there are some.
      operands += Operands([], lists: [list], limits: limits, &console).paths
    }
    guard !operands.isEmpty || parsed.namesKernel else {
      throw SystemError("no file, name or folder given (try 'koinspect deps --help')")
    }
    let folders = operands.filter { kind(of: $0) == .directory }
    let files = operands.filter { isFile($0) }
    let names = operands.filter { !folders.contains($0) && !files.contains($0) }
    var description =
      parsed.namesKernel || folders.isEmpty && !names.isEmpty
      ? try parsed.kernelOrRunning()
      : KernelDescription(maxSize: parsed.has(.maxSize) ? limits.maxSize : nil)
    for folder in folders {
      do throws(SystemError) { try description.addModules(folder, isInstalled: true) } catch {
        throw error.named(folder)
      }
    }
    var order = SearchOrder()
    if let tree = description.trees.first {
      order = try description.searchOrder(of: tree.path, named: [], &console)
      description.addExternals(of: order, &console)
    }
    description.addNamed(files)
    if !names.isEmpty, description.trees.isEmpty {
      throw SystemError("no tree of modules to look for names in (--modules DIR)")
    }
    let unread = description.scan(
      DependencyTree.parts.union(.requests), limits, &console)
    let tree = try DependencyTree(&description, order, named: files)
    var subject = DependencySubject(tree: tree, kernel: description.kernel.symbols)
    subject.firmware = parsed.value(.firmware).map {
      FirmwareFolder($0, release: description.kernel.release)
    }
    subject.status = unread.isEmpty ? .clean : .failure
    if files.isEmpty, names.isEmpty {
      subject.modules = tree.graph.members.indices.map { .file($0) }
      subject.isTree = true
    }
    for operand in operands where !folders.contains(operand) {
      let name = files.contains(operand) ? ModuleName.ofFile(at: operand) : operand
      let meanings = tree.graph.names.meanings(of: ByteSlice(name))
      if meanings.isEmpty, !unread.contains(where: { $0.path == operand }) {
        console.report(operand, "no module here is called so, by name, symbol or alias")
        subject.status = .failure
      }
      subject.modules += meanings
    }
    return subject
  }

  /// Whether a word is the path of a file, and no name of a module.
  private static func isFile(_ word: [UInt8]) -> Bool {
    (word.contains(0x2f) || hasModuleName(word)) && kind(of: word) != .directory
  }

  private static func write(
    _ subject: DependencySubject, _ parsed: ParsedArguments<Name>, _ console: inout Console,
    _ style: Style
  ) -> ExitStatus {
    if parsed.has(.check) { return DependencyCheck(subject).write(&console) }
    if parsed.has(.why) { return DependencyReport(subject).writeWhy(&console, style) }
    if parsed.has(.json) {
      let list = parsed.has(.reverse)
      for position in subject.files {
        var json = JSONWriter()
        let module = ModuleDependencies(subject, position, hasUsers: list || !subject.isTree)
        ModuleDependencies.form.write(module, &json)
        console.out.append(json.out)
        console.out.newline()
      }
    } else if parsed.has(.flat) {
      DependencyReport(subject).writeFlat(&console.out)
    } else if parsed.has(.closure) {
      return DependencyClosure(subject).write(&console)
    } else if parsed.has(.dot) {
      DependencyDrawing(subject, isReverse: parsed.has(.reverse)).writeDot(to: &console.out)
    } else if parsed.has(.mermaid) {
      DependencyDrawing(subject, isReverse: parsed.has(.reverse)).writeMermaid(to: &console.out)
    } else if parsed.has(.reverse) {
      DependencyReport(subject, hasAllSymbols: parsed.has(.symbols))
        .writeUsers(&console.out, style)
    } else {
      DependencyReport(subject, hasAllSymbols: parsed.has(.symbols)).write(&console.out, style)
    }
    return .clean
  }

  static var help: CommandHelp {
    CommandHelp(
      usage: "koinspect deps [OPTIONS] FILE|NAME|DIR…",
      about: """
        What modules need and why: symbols of other modules, how many and which, what softdep= and
        weakdep= name, and the modules and firmware that code asks for while it runs, where the code before
        the call shows their names. Names are looked for in the tree of modules that --modules or --kernel
        names, else in the running kernel's; files alone are looked at by themselves. Which file of a name
        counts, and which module of a symbol, is decided as depmod does.
        Exit status: 0, with --check 1 when there is something to say, with --why 1 when A does not
        need B; 2 when a module cannot be read or a name is none.
        """,
      examples: [
        ("koinspect deps ext4", "what the running kernel's ext4 needs"),
        ("koinspect deps --flat --modules /mnt/lib/modules/6.1.0 btrfs", "in the order of loading"),
        ("koinspect deps --why i915 i2c_algo_bit", "which symbols lead from one to the other"),
        ("koinspect deps --check /lib/modules/6.1.0", "is the tree whole?"),
      ],
      options: options)
  }
}
