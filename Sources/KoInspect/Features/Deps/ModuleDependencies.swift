// What a module needs as JSON; Docs/deps.schema.json is made of these tables.

import ELFKit

/// A module of a tree, and everything that is known of its dependencies.
struct ModuleDependencies: Sendable {
  let path: [UInt8]
  let name: ByteSlice
  let needs: [Need]
  let loadOrder: [Loaded]
  let users: [ByteSlice]?
  let firmware: [FirmwareNeed]
  let firmwareUnseen: [ByteSlice]

  /// Something that is needed, with the names of what it is.
  struct Need: Sendable {
    let need: ModuleNeed
    let modules: [Loaded]
  }

  /// A module that is loaded: its file, or `nil` when it is built in.
  struct Loaded: Sendable {
    let name: ByteSlice
    let path: [UInt8]?
  }

  init(_ subject: DependencySubject, _ position: Int, hasUsers: Bool) {
    let tree = subject.tree
    let graph = tree.graph
    firmware = graph.members[position].firmware(in: subject.firmware)
    firmwareUnseen = graph.members[position].firmwareUnseen
    func loaded(_ module: ModuleNames.Meaning) -> Loaded {
      var path: [UInt8]?
      if case .file(let position) = module { path = tree.path(of: position) }
      return Loaded(name: tree.name(of: module), path: path)
    }
    path = tree.path(of: position)
    name = graph.members[position].name
    needs = graph.needs(of: position).map { need in
      Need(need: need, modules: need.meanings.map(loaded))
    }
    loadOrder = graph.probeOrder(of: [.file(position)]).map(loaded)
    users = hasUsers ? graph.users[position].map { graph.members[$0].name } : nil
  }

  static let form = Form<Self>.object(fields, "One object a module, one line each.")

  private static let fields: [Field<Self>] = [
    Field("schemaVersion", .constant(1)) { _ in 1 },
    Field("path", .text) { $0.path },
    Field("name", .text) { $0.name },
    Field("needs", list: need) { $0.needs },
    Field(
      "loadOrder", list: loaded,
      "What modprobe would load, the module among it, without a file of modprobe.d."
    ) { $0.loadOrder },
    Field("firmware", list: firmware) { $0.firmware },
    Field(
      "firmwareUnseen", list: .text,
      "Functions that code asks for firmware with whose name is not seen."
    ) { $0.firmwareUnseen },
    Field(ifThere: "neededBy", Form<ByteSlice>.text.list, "Modules that import its symbols.") {
      $0.users
    },
  ]

  private static let need = Form<Need>.object([
    Field(
      "reason", .oneOf(ModuleNeed.Reason.words),
      "Why: its symbols are imported; depends= names it; softdep= or weakdep= does; code asks for it."
    ) { $0.need.reason.word },
    Field("word", .text, "What it is called there.") { $0.need.word },
    Field(
      "modules", list: loaded, "What that means in the tree; empty when nobody is called so."
    ) { $0.modules },
    Field("symbols", list: .text, "The symbols that are imported.") { $0.need.symbols },
    Field("weak", .flag, "Whether the module also loads without these symbols.") {
      $0.need.isWeak
    },
  ])

  private static let firmware = Form<FirmwareNeed>.object([
    Field("name", .text) { $0.name },
    Field("declared", .flag, "Whether firmware= names it.") { $0.isDeclared },
    Field("requested", .flag, "Whether code is seen to ask for it.") { $0.isRequested },
    Field(
      ifThere: "files", Form<[UInt8]>.text.list,
      "With --firmware: the files that the kernel would find."
    ) { $0.files },
  ])

  private static let loaded = Form<Loaded>.object([
    Field("name", .text) { $0.name },
    Field("path", orNull: .text, "null when it is built in.") { $0.path },
  ])
}
