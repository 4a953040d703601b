// What modprobe loads for a module, and in which order (libkmod/libkmod-module.c,
// `__kmod_module_get_probe_list`).

extension DependencyGraph {
  /// A step that is still to be done.
  private enum Step {
    /// A module with all that belongs to it.
    case probe(ModuleNames.Meaning)
    /// A module with what its soft dependencies name.
    case fill(ModuleNames.Meaning)
    /// The module itself.
    case load(ModuleNames.Meaning)
  }

  /// What `modprobe --show-depends` lists for `wanted` where no file of modprobe.d says anything: soft
  /// dependencies, what they need in turn, and each module once.
  public func probeOrder(of wanted: [ModuleNames.Meaning]) -> [ModuleNames.Meaning] {
    var order: [ModuleNames.Meaning] = []
    var isLoaded: Set<ModuleNames.Meaning> = []
    var isProbed: Set<ModuleNames.Meaning> = []
    // A stack of its own: a chain of soft dependencies is as long as whoever made the modules wants.
    var steps: [Step] = wanted.reversed().map { .probe($0) }
    while let step = steps.popLast() {
      switch step {
      case .load(let module):
        if isLoaded.insert(module).inserted { order.append(module) }
      case .fill(let module):
        if isLoaded.contains(module) { continue }
        let soft = softDependencies(of: module)
        steps += soft.after.reversed().map { .probe($0) }
        steps.append(.load(module))
        steps += soft.before.reversed().map { .probe($0) }
      case .probe(let module):
        guard isProbed.insert(module).inserted else { continue }
        steps.append(.fill(module))
        guard case .file(let position) = module else { continue }
        // modules.dep is read from its end.
        steps += closure(of: position).map { .fill(.file($0)) }
      }
    }
    return order
  }

  /// What the soft dependencies of a module mean in this tree: what they name and is not there is left out.
  public func softDependencies(
    of module: ModuleNames.Meaning
  ) -> (before: [ModuleNames.Meaning], after: [ModuleNames.Meaning]) {
    guard case .file(let position) = module, let soft = members[position].words?.soft else {
      return ([], [])
    }
    return (
      soft.before.flatMap { names.meanings(of: $0) }, soft.after.flatMap { names.meanings(of: $0) }
    )
  }
}
