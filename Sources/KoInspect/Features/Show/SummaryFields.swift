// `show --json`: one module, one object. The keys are documented in Docs/json.md; Docs/module.schema.json is
// made of this table.

import ELFKit

extension ModuleSummary {
  static let form = Form<ModuleSummary>.object(
    [
      Field("schemaVersion", .constant(1)) { _ in 1 },
      Field("path", .text) { $0.path },
      Field(
        "compression", orNull: .oneOf(Compression.allCases.map { $0.rawValue }),
        "How the file is compressed."
      ) {
        $0.compression?.rawValue
      },
      Field("size", .number, "Bytes, decompressed.") { $0.facts.size },
      Field("name", orNull: .text, "The name that the kernel will use.") { $0.facts.name },
      Field("elf", elf) { $0.facts },
      Field("buildID", orNull: .hexadecimal) { $0.facts.notes.buildID },
      Field("buildSalt", orNull: .text) { $0.facts.notes.buildSalt },
      Field("vermagic", orNull: .text) { $0.facts.info.first("vermagic") },
      Field("licenses", list: .text) { $0.facts.info.all("license") },
      Field("gplCompatible", .flag, "Whether the kernel accepts the first licence.") {
        $0.facts.info.first("license").map(License.isGPLCompatible) ?? false
      },
      Field(
        "modinfo", list: infoEntry,
        "Every string of .modinfo, in file order, repeats kept."
      ) { Array($0.facts.info) },
      Field("parameters", list: Forms.parameter) { $0.facts.parameters },
      Field("thisModule", orNull: thisModule) { summary in
        summary.facts.thisModule.map { Structure(module: $0, facts: summary.facts) }
      },
      Field(
        "layoutVersion", orNull: .crc, "The version of module_layout that it was built against."
      ) {
        $0.facts.layoutVersion
      },
      Field("imports", list: Forms.needed) { $0.facts.imports },
      Field("exports", list: Forms.export) { $0.facts.exports },
      Field("signature", orNull: signature) { $0.facts.signature },
      Field("signatureOddities", list: .word) { $0.facts.signatureOddities.map { $0.description } },
      Field("taints", orNull: Forms.taint.list, "null when a damaged part hides them.") {
        $0.facts.taints
      },
      Field("sections", list: Forms.section) { $0.facts.sections.list },
      Field("findings", list: Forms.finding) { $0.findings },
      Field("memory", Forms.memory) { $0.facts.sections.memory },
      Field("importedNamespaces", list: .text) { $0.facts.info.all("import_ns") },
      Field("toolchain", orNull: toolchain) { summary in
        summary.facts.toolchain.map { ($0, summary.facts.notes) }
      },
      Field("srcversion", orNull: .text, "A hash of the sources (modpost).") {
        $0.facts.info.first("srcversion")
      },
      Field("firmware", list: .text, "The files that it may ask for, below /lib/firmware.") {
        $0.facts.info.all("firmware")
      },
      Field("softDependencies", list: .text, "Every softdep=: 'pre: a b post: c'.") {
        $0.facts.info.all("softdep")
      },
      Field("weakDependencies", list: .text, "Every weakdep=.") { $0.facts.info.all("weakdep") },
      Field("types", orNull: types) { $0.facts.types },
      Field(
        ifThere: "evidence", evidence.list, "What it could do to a system; only with --sensitive."
      ) { $0.evidence },
      Field("patches", list: patch, "What a live patch changes.") { $0.facts.patchedObjects },
    ],
    "One object a module, one line each. Keys may be added; none changes its meaning while schemaVersion stays 1."
  )

  private static let elf = Form<ModuleDescription>.object([
    Field("class", .oneOf([32, 64])) { $0.encoding.fileClass == .elf64 ? 64 : 32 },
    Field("data", .oneOf(["little", "big"])) {
      $0.encoding.byteOrder == .little ? "little" : "big"
    },
    Field("type", .number) { UInt64($0.header.type.rawValue) },
    Field("machine", .number) { UInt64($0.header.machine.rawValue) },
    Field("machineName", orNull: .word) { $0.header.machine.shortName },
    Field("flags", .number) { UInt64($0.header.flags) },
    Field("sectionCount", .number) { UInt64($0.sections.list.count) },
  ])

  private static let infoEntry = Form<ModuleInfo.Entry>.object([
    Field("key", .text) { $0.key },
    Field("value", .text) { $0.value },
  ])

  /// `struct module`, and where the functions it points to lie.
  private struct Structure: Sendable {
    let module: ThisModule
    let facts: ModuleDescription

    func named(_ entry: ThisModule.EntryPoint?) -> NamedEntryPoint? {
      entry.map { NamedEntryPoint(entry: $0, section: facts.section(of: $0)?.name) }
    }
  }

  private static let thisModule = Form<Structure>.object(
    [
      Field("name", orNull: .text) { $0.module.name },
      Field("size", .number) { $0.module.size },
      Field("offset", .number) { $0.module.fileOffset },
      Field("init", orNull: Forms.entryPoint) { $0.named($0.module.initFunction) },
      Field("exit", orNull: Forms.entryPoint) { $0.named($0.module.exitFunction) },
    ], "struct module.")

  private static let signature = Form<SignatureDescription>.object(
    [
      Field("idType", .number, "2 is PKCS#7.") { UInt64($0.idType.rawValue) },
      Field("signer", orNull: .text) { $0.signer?.name },
      Field("keyID", orNull: .hexPairs) { $0.signer?.keyID },
      Field("hashAlgorithm", orNull: .word) { $0.signer?.digestAlgorithm.description },
      Field("signatureAlgorithm", orNull: .word) { $0.signer?.signatureAlgorithm.description },
      Field("signatureBytes", orNull: .number) { $0.signer.map { UInt64($0.valueSize) } },
      Field("bytes", .number) { UInt64($0.byteCount) },
    ], "The signature's own claims; nothing is verified.")

  private static let evidence = Form<Evidence>.object(
    [
      Field("kind", .oneOf(Evidence.Kind.allCases.map { $0.rawValue })) { $0.kind.rawValue },
      Field("text", .text) { ByteSlice($0.text.bytes) },
      Field("section", orNull: .text) { $0.section },
      Field("offset", orNull: .number, "Where in the section.") { $0.offset },
    ], "Something that who looks at an unknown module wants to know of: no verdict.")

  private static let types = Form<ModuleTypes>.object(
    [
      Field("size", .number) { $0.size },
      Field("base", .flag, "Whether .BTF.base is there.") { $0.hasBase },
      Field("problem", orNull: .word, "What the kernel says of a damaged header.") { $0.problem },
    ], "Types for BPF (.BTF).")

  private static let patch = Form<PatchedObject>.object(
    [
      Field("object", orNull: .text, "The module; null for the kernel itself.") { $0.name },
      Field("functions", list: patchedFunction) { $0.functions },
    ], "An object that a live patch changes.")

  private static let patchedFunction = Form<PatchedFunction>.object([
    Field("old", .text) { $0.old },
    Field("new", .text) { $0.new },
    Field("position", .number, "Which of several of that name, from 1; 0 for the only one.") {
      $0.position
    },
  ])

  private static let toolchain = Form<(tools: Toolchain, notes: BuildNotes)>.object(
    [
      Field("compilers", list: .text) { $0.tools.compilers },
      Field("rust", .flag) { $0.tools.isRust },
      Field("lto", orNull: .flag) { $0.notes.isLTO },
      Field("protections", list: .word) { $0.notes.protections },
      Field("debugInfoSize", .number) { $0.tools.debugInfoSize },
      Field("btfSize", .number) { $0.tools.btfSize },
    ], "What built the module.")
}
