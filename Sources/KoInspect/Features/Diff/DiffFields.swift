// A comparison as JSON; Docs/diff.schema.json is made of these tables.

import ELFKit

struct DiffFields: Sendable {
  let old: [UInt8]
  let new: [UInt8]
  let diff: ModuleDiff

  static let form = Form<Self>.object(
    [
      Field("schemaVersion", .constant(1)) { _ in 1 },
      Field("old", .text, "The older file.") { $0.old },
      Field("new", .text, "The newer file.") { $0.new },
      Field("name", .text) { $0.diff.name },
      Field(
        "verdict", .oneOf(ModuleDiff.Verdict.allCases.map { $0.rawValue }),
        "identical: every byte; same: code and data are; changed: they are not."
      ) { $0.diff.verdict.rawValue },
      Field("summary", .word, "The first line of the text.") { $0.diff.headline },
      Field("changes", list: change) { $0.diff.changes },
      Field("ignored", list: .word, "What differs and does not count.") { $0.diff.ignored },
      Field("equalFunctions", .number) { fields in
        UInt64(fields.diff.code.pairs.count { $0.isSame && $0.new.isFunction })
      },
      Field("oldSize", .number, "Bytes of functions and objects.") { $0.diff.sizes.old },
      Field("newSize", .number) { $0.diff.sizes.new },
    ], "One object a pair of modules, one line each.")

  private static let change = Form<DiffChange>.object([
    Field("part", .oneOf(DiffPart.allCases.map { $0.rawValue })) { $0.part.rawValue },
    Field("change", .oneOf(["added", "removed", "changed"])) { $0.kind },
    Field("name", .text) { ByteSlice($0.name.bytes) },
    Field("old", orNull: .text, "null for what is new.") { $0.old.map { ByteSlice($0.bytes) } },
    Field("new", orNull: .text, "null for what is gone.") { $0.new.map { ByteSlice($0.bytes) } },
    Field("reasons", list: .text, "Why a function or an object is not the same, in words.") {
      $0.reasons.map { ByteSlice($0.bytes) }
    },
  ])
}
