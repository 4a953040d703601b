// What was asked about: some modules of a tree.

import ELFKit

struct DependencySubject {
  let tree: DependencyTree
  /// What the kernel itself offers, as far as that is known.
  let kernel: SymbolProviders
  /// The modules, in the order in which they were named.
  var modules: [ModuleNames.Meaning] = []
  /// Whether all of the tree is meant.
  var isTree = false
  var status = ExitStatus.clean
  /// Where firmware is looked for.
  var firmware: FirmwareFolder?

  init(tree: DependencyTree, kernel: SymbolProviders) {
    self.tree = tree
    self.kernel = kernel
  }

  /// Those that are files.
  var files: [Int] {
    modules.compactMap { if case .file(let position) = $0 { position } else { nil } }
  }
}

extension DependencyTree {
  /// What a module is called.
  func name(of module: ModuleNames.Meaning) -> ByteSlice {
    switch module {
    case .file(let position): graph.members[position].name
    case .builtIn(let name): name
    }
  }
}

extension ModuleNeed.Reason {
  /// The word for it in JSON.
  var word: String {
    switch self {
    case .symbols: "symbols"
    case .declared: "depends"
    case .softBefore: "softBefore"
    case .softAfter: "softAfter"
    case .weak: "weak"
    case .requested: "request"
    case .requestedPattern: "requestPattern"
    case .requestedUnknown: "requestUnknown"
    }
  }

  static let words = [
    Self.symbols, .declared, .softBefore, .softAfter, .weak, .requested, .requestedPattern,
    .requestedUnknown,
  ].map { $0.word }

  /// The words for it, for people.
  var text: String {
    switch self {
    case .symbols: "symbols"
    case .declared: "named by depends=, imports nothing of it"
    case .softBefore: "soft, loaded before"
    case .softAfter: "soft, loaded after"
    case .weak: "weak, may be asked for while it runs"
    case .requested: "asked for while it runs"
    case .requestedPattern: "asked for while it runs, * being filled in"
    case .requestedUnknown: "asks for a module while it runs; for which one is not seen"
    }
  }

  /// Whether the module can do without it.
  var isOptional: Bool {
    switch self {
    case .symbols, .declared: false
    default: true
    }
  }
}
