// The JSON form of a module's facts: one table an object. Keys and their order are a promise (Docs/json.md);
// Docs/module.schema.json is made of these tables.

import ELFKit

/// The forms of the parts of a module.
enum Forms {}

extension Form where Value == ParameterValue {
  static var value: Self { Self(schema: .value, write: write) }

  @Sendable
  private static func write(_ value: ParameterValue, _ json: inout JSONWriter) {
    switch value {
    case .signed(let number): json.number(number)
    case .unsigned(let number): json.number(number)
    case .bool(let flag): json.bool(flag)
    case .nullString: json.string("(null)")
    case .string(let text): json.bytes(text)
    case .array(let elements): json.array(elements) { write($1, &$0) }
    }
  }
}

/// A mode of a file, as chmod(1) takes it.
private let mode = Form<String>.word(like: "^[0-7]{4,6}$")

extension Forms {
  static let parameter = Form<ModuleParameter>.object(
    [
      Field("name", .text) { $0.name },
      Field("type", orNull: .word) { $0.typeName },
      Field("description", orNull: .text) { $0.description },
      Field("mode", orNull: mode, "The mode in sysfs; null when there is no file.") {
        $0.sysfsMode.map(Quantity.octalMode)
      },
      Field("permissions", mode, "The mode that the module asks for.") {
        Quantity.octalMode($0.permissions)
      },
      Field("level", .number) { Int64($0.level) },
      Field("flags", list: .word) { $0.flags.names },
      Field("default", orNull: .value, "null when the file cannot tell.") { $0.defaultValue },
      Field("variable", orNull: .text) { $0.variable },
      Field("array", orNull: Forms.arrayShape) { $0.array },
      Field("operations", orNull: .text) { $0.operations },
      Field("set", orNull: .text) { $0.accessors?.set },
      Field("get", orNull: .text) { $0.accessors?.get },
    ], "A parameter.")
}

extension Forms {
  fileprivate static let arrayShape = Form<ModuleParameter.ArrayShape>.object([
    Field("max", .number) { UInt64($0.maximum) },
    Field("elementType", orNull: .word) { $0.elementType?.name },
    Field("elementSize", .number) { UInt64($0.elementSize) },
  ])
}

/// A symbol that a module needs, and who offers it.
struct ProvidedImport: Sendable {
  let symbol: ModuleImport
  /// Whether it is known who offers it, or that nobody does.
  var isAnswered = false
  /// Who offers it; `nil` when nobody does.
  var offer: ExportedSymbol?
  /// Whether it is in the list of stable symbols; `nil` without one.
  var isStable: Bool?
}

extension Forms {
  static let needed = Form<ModuleImport>.object(need, "A symbol that the module needs.")

  static let providedImport = Form<ProvidedImport>.object(
    need.map { field in field.of { $0.symbol } }
      + offer.map { field in field.when { $0.isAnswered } }
      + [Field(ifThere: "stable", .flag) { $0.isStable }],
    "A symbol that the module needs; with a kernel, who offers it.")

  private static let need: [Field<ModuleImport>] = [
    Field("name", .text) { $0.name },
    Field("crc", orNull: .crc) { $0.crc },
    Field("weak", .flag) { $0.isWeak },
  ]

  private static let offer: [Field<ProvidedImport>] = [
    Field("provider", orNull: .text) { $0.offer?.provider },
    Field("providedCRC", orNull: .crc) { symbol in
      symbol.offer.flatMap { $0.crc == 0 ? nil : $0.crc }
    },
    Field("gplOnly", orNull: .flag) { $0.offer?.isGPLOnly },
    Field("namespace", orNull: .text) { symbol in
      symbol.offer.flatMap { $0.namespace.isEmpty ? nil : $0.namespace }
    },
  ]
}

extension Forms {
  static let export = Form<ModuleExport>.object(
    [
      Field("name", .text) { $0.name },
      Field("crc", orNull: .crc) { $0.crc },
      Field("gplOnly", .flag) { $0.isGPLOnly },
      Field("namespace", orNull: .text) { $0.namespace },
    ], "A symbol that the module offers.")
}

/// A function that `struct module` points to, and the section it lies in.
struct NamedEntryPoint: Sendable {
  let entry: ThisModule.EntryPoint
  let section: ByteSlice?
}

extension Forms {
  static let entryPoint = Form<NamedEntryPoint>.object(
    [
      Field("symbol", .text) { $0.entry.symbol },
      Field("section", orNull: .text) { $0.section },
      Field("offset", .number) { $0.entry.offset },
      Field("size", .number) { $0.entry.size },
      Field("alias", .text) { $0.entry.alias },
      Field("fieldOffset", .number) { $0.entry.fieldOffset },
    ], "A function that struct module points to.")
}

extension Forms {
  static let taint = Form<ModuleTaint>.object(
    [
      Field("letter", .word(like: "^[A-Z]$")) { String($0.taint.letter) },
      Field("name", .word) { $0.taint.name },
      Field("reason", .word) { $0.reason },
      Field(ifThere: "subject", .text) { $0.subject },
    ], "What loading the module would taint.")
}

extension Forms {
  static let finding = Form<Finding>.object(
    [
      Field("rule", .word) { $0.rule },
      Field("severity", .oneOf(["error", "warning", "note"])) { $0.severity.name },
      Field("message", .text) { ByteSlice($0.message.bytes) },
      Field("subject", orNull: .text) { $0.subject },
      Field("section", orNull: .text) { $0.section },
      Field("offset", orNull: .number) { $0.offset },
    ], "What a rule found.")
}

extension Forms {
  static let section = Form<SectionDescription>.object(
    [
      Field("index", .number) { UInt64($0.index) },
      Field("name", .text) { $0.name },
      Field("type", .number) { UInt64($0.type.rawValue) },
      Field("flags", .number) { $0.flags.rawValue },
      Field("offset", .number) { $0.offset },
      Field("size", .number) { $0.size },
      Field("region", .oneOf(SectionRegion.allCases.map { $0.key })) { $0.region.key },
      Field("entries", orNull: .number, "The number of entries of a table; null when it is none.") {
        $0.entryCount
      },
    ], "A section, in the order of the file.")
}

extension Forms {
  static let memory = Form<ModuleMemory>.object(
    SectionRegion.allCases.map { region in
      Field(region.key, .number) { $0.sizes[region] ?? 0 }
    } + [
      Field("resident", .number, "What stays, as /sys/module/NAME/coresize shows it.") {
        $0.resident
      },
      Field("symbols", .number, "The bytes of the symbols and names that stay.") { $0.symbols },
      Field("pageSize", .number) { $0.pageSize },
      Field("measured", .flag, "Whether such kernels were asked; false for a model.") {
        $0.isMeasured
      },
    ], "Bytes of each region.")
}

extension SectionRegion {
  /// The name in JSON. (Asking the runtime for the case's name costs more than all the rest.)
  fileprivate var key: String {
    switch self {
    case .code: "code"
    case .readOnlyData: "readOnlyData"
    case .readOnlyAfterInit: "readOnlyAfterInit"
    case .data: "data"
    case .perCPU: "perCPU"
    case .initialization: "initialization"
    case .notLoaded: "notLoaded"
    }
  }
}

extension ParameterFlags {
  /// The flags in words; bits without a name as numbers.
  var names: [String] {
    var names: [String] = []
    if contains(.dangerous) { names.append("unsafe") }
    if contains(.hardware) { names.append("hardware") }
    let rest = rawValue & ~(Self.dangerous.rawValue | Self.hardware.rawValue)
    if rest != 0 { names.append("0x\(String(rest, radix: 16))") }
    return names
  }
}
