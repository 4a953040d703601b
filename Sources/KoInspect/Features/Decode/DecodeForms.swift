// The JSON of `decode`: one object a place, then one a module; of `--sites`, one a site.
// Docs/decode.schema.json is made of these tables.

import ELFKit

/// A module of the log and the file that was taken for it.
struct DecodedVerdict {
  let name: ByteSlice
  let file: DecodedFile
}

enum DecodeForms {
  static let place = Form<DecodedMention>.object(
    [
      Field("schemaVersion", .constant(1)) { _ in 1 },
      Field("line", orNull: .number, "The number of the line in the log.") { $0.line },
      Field("cpu", orNull: .number, "The CPU that printed it.") { $0.cpu },
      Field(
        "kind", .oneOf(["pc", "lr", "frame", "warn", "init", "address"]),
        "What the place is; an address is a number in the line that leads into a module's code."
      ) { $0.mention.kind.rawValue },
      Field("reliable", .flag, "Whether the unwinder vouches for it.") { $0.mention.isReliable },
      Field("module", orNull: .text, "Null for the kernel's own code.") {
        $0.mention.symbol.module
      },
      Field("function", .text) { $0.mention.symbol.function },
      Field("offset", .number) { $0.mention.symbol.offset },
      Field("size", orNull: .number) { $0.mention.symbol.size },
      Field("section", orNull: .text, "Null when the place was not found.") { decoded in
        decoded.spot.flatMap { spot in decoded.file?.sectionName(spot.section) }
      },
      Field("sectionOffset", orNull: .number) { $0.spot?.offset },
      Field("call", orNull: .text, "What had been called there; null when the file does not tell.")
      {
        $0.facts?.call?.function
      },
      Field("address", orNull: address, "Where it was in memory, where the log tells.") {
        $0.mention.address.flatMap { $0 == 0 ? nil : "0x\(String($0, radix: 16))" }
      },
      Field("source", list: source, "Where that is in the source, innermost first.") {
        $0.source
      },
      Field(
        "bounds", orNull: bounds, "Between the code of which lines it is, where source is empty."
      ) {
        $0.facts?.bounds
      },
      Field(
        "confidence", orNull: .oneOf(["same", "consistent", "different", "unknown"]),
        "Whether the file is the build that ran; null when no file was given."
      ) { $0.file?.traced.verdict.rawValue },
    ], "A place that a log names.")

  static let module = Form<DecodedVerdict>.object(
    [
      Field("schemaVersion", .constant(1)) { _ in 1 },
      Field("module", .text) { $0.name },
      Field("path", .text) { $0.file.path },
      Field("buildID", orNull: .hexadecimal) { $0.file.traced.buildID },
      Field("debug", orNull: .text, "The file that lines of the source come from.") {
        $0.file.debug.map { ByteSlice($0) }
      },
      Field("verdict", .oneOf(["same", "consistent", "different", "unknown"])) {
        $0.file.traced.verdict.rawValue
      },
      Field("evidence", list: .text, "What the verdict rests on.") {
        $0.file.traced.evidence.map { ByteSlice($0.bytes) }
      },
    ], "Whether a module's file is the build that a log tells of.")

  static let site = Form<Site>.object(
    [
      Field("schemaVersion", .constant(1)) { _ in 1 },
      Field("path", .text) { ByteSlice($0.path) },
      Field("kind", .oneOf(["WARN", "BUG", "pr_debug"])) { $0.kind },
      Field("file", .text) { $0.file },
      Field("line", .number) { $0.line },
      Field("function", orNull: .text, "That of a pr_debug.") { $0.function },
      Field("section", orNull: .text, "Where the code of a WARN or BUG is.") { $0.place?.section },
      Field("sectionOffset", orNull: .number) { $0.place?.offset },
    ], "A WARN, a BUG or a pr_debug of a module (--sites).")

  /// Any line of output.
  static var schema: Schema { .any([place.schema, module.schema, site.schema]) }
}

/// A place in the source.
struct DecodedSource {
  let function: ByteSlice
  let file: ByteSlice
  let line: UInt64
  let column: UInt64?
}

extension DecodeForms {
  fileprivate static let address = Form<String>.word(like: "^0x[0-9a-f]+$")

  fileprivate static let bounds = Form<SourceBounds>.object([
    Field("file", .text) { $0.file }, Field("first", .number) { $0.first },
    Field("last", .number) { $0.last },
  ])

  fileprivate static let source = Form<DecodedSource>.object([
    Field("function", .text) { $0.function }, Field("file", .text) { $0.file },
    Field("line", .number) { $0.line }, Field("column", orNull: .number) { $0.column },
  ])
}

extension DecodedMention {
  /// What the debug information tells, or else `__bug_table`.
  var source: [DecodedSource] {
    if let facts, !facts.frames.isEmpty {
      return facts.frames.map {
        DecodedSource(
          function: ByteSlice(($0.function ?? mention.symbol.function).asWritten),
          file: ByteSlice($0.line.path),
          line: $0.line.line, column: $0.line.column == 0 ? nil : $0.line.column)
      }
    }
    guard let bug = facts?.bug, let file = bug.file else { return [] }
    return [
      DecodedSource(function: mention.symbol.function, file: file, line: bug.line, column: nil)
    ]
  }
}

extension DecodedMention {
  /// Where it is in the file, when there is exactly one such place.
  fileprivate var spot: (section: Int, offset: UInt64)? {
    if case .data(let section, let offset)? = facts?.places { return (section, offset) }
    return facts?.place.map { ($0.section, $0.start &+ mention.symbol.offset) }
  }
}
