// A kernel's tree of modules: what a few of them tell of the kernel, what is built in, and, when a
// command asks for it, what all of them tell of each other.

import ELFKit

/// A tree of modules: the folder, and the files in it.
struct ModuleFolder: Sendable {
  let path: [UInt8]
  let files: [[UInt8]]
  /// Links with a module's name that lead nowhere.
  let unread: [Unread]
  /// What is not followed, in words; `nil` when that is nothing.
  let leftOut: Unread?
  /// Whether it lies outside of its kernel's tree, so that files are called by their whole paths.
  var isExternal = false

  /// How a tree calls the file: its path below the tree; of a tree that is a file itself, its own.
  func name(of file: [UInt8]) -> ByteSlice {
    let name = file.dropFirst(path.count).drop { $0 == UInt8(ascii: "/") }
    return ByteSlice(isExternal || name.isEmpty ? file : Array(name))
  }
}

extension KernelDescription {
  /// Adds a tree of modules: what any of them tells, built-in ones, and where all of them are. What
  /// ``isInstalled`` has its kernel's own tree as `build` and `source`, which are not its modules. One
  /// link that leads nowhere is reported by ``scan``, and the other modules still count.
  mutating func addModules(
    _ folder: [UInt8], isInstalled: Bool = false, isExternal: Bool = false
  ) throws(SystemError) {
    var problem: SystemError?
    var unread: [Unread] = []
    var leftOut = 0
    let found = KoInspect.modules(
      below: folder, followsLinks: true, leavesBuildOut: isInstalled
    ) { path, error in
      if hasModuleName(path) {
        unread.append(Unread(path: path, problem: error.message))
      } else {
        problem = problem ?? error.named(path)
      }
    } leftOut: { _ in
      leftOut += 1
    }
    if let problem { throw problem }
    files.add(found)
    trees.append(
      ModuleFolder(
        path: folder, files: found, unread: unread,
        leftOut: Operands.leftOut(leftOut, at: folder), isExternal: isExternal))
    try addBuiltIns(folder, found)
    // The first few: not every module has both init and exit, and not every one was built with the kernel.
    var isConfigured = kernel.config != nil
    for file in found.prefix(16) {
      do throws(SystemError) {
        if try addReference(file, isOwn: false) { isConfigured = true }
      } catch { continue }
      let known = kernel.structModule
      if isConfigured, known?.initOffset != nil, known?.exitOffset != nil { break }
    }
  }

  /// Names below `/sys/module` of what is built in: that which has parameters or a version.
  ///
  /// What could not be a module may call its parameters after something else
  /// (`MODULE_PARAM_PREFIX`: those of mm/kfence/core.c are `kfence.…`), so that its name tells nothing.
  private mutating func addBuiltIns(
    _ folder: [UInt8], _ found: [[UInt8]]
  ) throws(SystemError) {
    guard let text = try readIfThere(folder + Array("/modules.builtin.modinfo".utf8)),
      let list = try readIfThere(folder + Array("/modules.builtin".utf8))
    else { return }
    let names = Set(
      list.bytes.split(separator: UInt8(ascii: "\n")).map { ModuleName.ofFile(at: Array($0)) })
    // What is built in has aliases that modules.alias does not list.
    var aliases = try readIfThere(folder + Array("/modules.alias".utf8))?.bytes
    for entry in ModuleInfo(text) {
      guard let dot = entry.key.firstIndex(of: UInt8(ascii: ".")) else { continue }
      let tag = entry.key.suffix(from: dot + 1)
      if tag.equals("alias") {
        aliases?.append(
          contentsOf: Array("alias ".utf8) + entry.value.bytes + [
            UInt8(ascii: " "), UInt8(ascii: "\n"),
          ])
      }
      guard tag.equals("parmtype") || tag.equals("version") else { continue }
      let name = entry.key[within: 0..<dot]
      if names.contains(name.bytes) { kernel.builtIns.insert(name.copied()) }
    }
    kernel.hasBuiltIns = true
    if let aliases, kernel.modules == nil {
      let files = found.map { ModuleName.ofFile(at: $0) }
      kernel.modules = KnownModules(
        names: names.union(files).reduce(into: []) { $0.insert(ByteSlice($1)) },
        aliases: ByteSlice(aliases))
    }
  }

  /// What is to be read of the modules of the trees: what they offer and, where no list tells the
  /// versions of the kernel's own symbols, which ones they were built against.
  var wantedParts: ModuleMember.Parts {
    kernel.symbols.isComplete ? .offers : [.offers, .needs]
  }

  /// Reads `parts` of every module of the trees, several at a time and only once: what they offer joins
  /// what the kernel offers. Modules that cannot be read are reported and returned.
  ///
  /// With `leavesListed` only what no list of the kernel's build has: what lies outside of `kernel/`, where
  /// its own modules are installed.
  mutating func scan(
    _ parts: ModuleMember.Parts, _ limits: Input.Limits, leavesListed: Bool = false,
    _ console: inout Console
  ) -> [Unread] {
    guard modules == nil, !trees.isEmpty else { return [] }
    let isWanted = { (tree: ModuleFolder, path: [UInt8]) in
      !leavesListed || !tree.name(of: path).starts(with: "kernel/")
    }
    let places = trees.flatMap { tree in
      tree.files.filter { isWanted(tree, $0) }.map { (path: $0, name: tree.name(of: $0)) }
    }
    var unread: [Unread] = []
    for tree in trees where tree.files.isEmpty && tree.unread.isEmpty {
      console.report(tree.path, Operands.noModules)
      unread.append(Unread(path: tree.path, problem: Operands.noModules))
    }
    for file in trees.flatMap({ tree in tree.unread.filter { isWanted(tree, $0.path) } }) {
      console.report(file.path, file.problem)
      unread.append(file)
    }
    for left in trees.compactMap({ $0.leftOut }) { console.report(left.path, left.problem) }
    let outcomes = OrderedWork.run(places.count, &console) { item, console -> ScanOutcome in
      let place = places[item]
      do throws(SystemError) {
        let input = try Input(place.path, .ranges, mustBeRegular: true, limits: limits)
        do throws(ELFError) {
          let module = KernelModule(try ELFImage(asLoaded: input.source))
          return .member(try ModuleMember(module, path: place.name, parts))
        } catch {
          throw SystemError(error.description)
        }
      } catch {
        console.report(place.path, error.message)
        return .unread(Unread(path: place.path, problem: error.message))
      }
    }
    var members: [ModuleMember] = []
    for outcome in outcomes {
      switch outcome {
      case .member(let member): members.append(member)
      case .unread(let file): unread.append(file)
      }
    }
    // Nobody reads what is printed any more, and the rest was not looked at.
    for place in places.dropFirst(outcomes.count).prefix(1) {
      unread.append(Unread(path: place.path, problem: "not looked at"))
    }
    let set = ModuleSet(members)
    kernel.symbols.add(set)
    kernel.versions.add(set)
    modules = set
    return unread
  }

  /// What came of a module of a tree.
  private enum ScanOutcome: Sendable {
    case member(ModuleMember)
    case unread(Unread)
  }
}
