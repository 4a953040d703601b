// What a table of modules can show, a column a fact. A new column is a row here; only what is asked for is read.

import ELFKit

/// What stands in a cell.
enum TreeValue: Equatable, Sendable {
  /// The module does not say.
  case none
  /// Untrusted bytes.
  case text([UInt8])
  case number(UInt64)
  /// Bytes, of memory or of a file.
  case size(UInt64)

  init(_ text: ByteSlice?) { self = text.map { .text($0.bytes) } ?? .none }

  /// The order of a sorted table: nothing first, numbers by their size, texts by their bytes.
  func precedes(_ other: Self) -> Bool {
    switch (self, other) {
    case (.none, _): return other != .none
    case (_, .none): return false
    case (.text(let left), .text(let right)): return left.lexicographicallyPrecedes(right)
    default: return (number ?? 0) < (other.number ?? 0)
    }
  }

  private var number: UInt64? {
    switch self {
    case .number(let number), .size(let number): number
    default: nil
    }
  }

  /// As in a file of comma-separated values; `nil` for none.
  var plain: [UInt8]? {
    switch self {
    case .none: nil
    case .text(let bytes): bytes
    case .number(let number), .size(let number): Array("\(number)".utf8)
    }
  }
}

/// One column.
struct TreeField: Sendable {
  /// What --fields calls it.
  let key: String
  let heading: String
  /// What stands for none on the screen.
  let absence: String
  let isRight: Bool
  /// How a text is coloured.
  var tone: (@Sendable (ByteSlice) -> Tone?)?
  let value: @Sendable (inout Inspection, ModuleInfo?) -> TreeValue

  init(
    _ key: String, _ heading: String, absence: String = "-", isRight: Bool = false,
    value: @escaping @Sendable (inout Inspection, ModuleInfo?) -> TreeValue
  ) {
    self.key = key
    self.heading = heading
    self.absence = absence
    self.isRight = isRight
    self.value = value
  }

  /// A field of `.modinfo`.
  private static func info(_ key: String, _ heading: String, absence: String = "-") -> Self {
    Self(key, heading, absence: absence) { TreeValue($1?.first(key)) }
  }

  private func toned(_ tone: @escaping @Sendable (ByteSlice) -> Tone?) -> Self {
    var field = self
    field.tone = tone
    return field
  }

  static let all: [Self] = [
    Self("name", "NAME") { inspection, _ in
      let name = inspection.attempt { module throws(ELFError) in try module.name() } ?? nil
      return .text((name ?? .empty(at: 0)).bytes)
    },
    Self("size", "SIZE", isRight: true) { inspection, _ in
      .size(inspection.module.image.source.size)
    },
    Self("taints", "TAINTS") { inspection, _ in
      let taints = inspection.attempt { module throws(ELFError) in try module.taints() } ?? []
      return taints.isEmpty ? .none : .text(Array(String(taints.map { $0.taint.letter }).utf8))
    }.toned { _ in .warning },
    // The licence that the kernel looks at.
    info("license", "LICENCE", absence: "none").toned {
      License.isGPLCompatible($0) ? .good : .bad
    },
    Self("signer", "SIGNER") { inspection, _ in
      let signature =
        inspection.attempt { module throws(ELFError) in try module.signature() } ?? nil
      guard let signature else { return .none }
      let signer = (try? signature.message())?.firstSigner
      return TreeValue(signer?.name ?? signer?.keyID ?? signature.signer)
    },
    Self("kernel", "KERNEL") { TreeValue($1?.release) },
    Self("path", "PATH") { inspection, _ in .text(inspection.path) },
    info("vermagic", "VERMAGIC"),
    info("version", "VERSION"),
    info("srcversion", "SRCVERSION"),
    info("description", "DESCRIPTION"),
    info("author", "AUTHOR"),
    info("depends", "DEPENDS"),
    info("firmware", "FIRMWARE"),
    Self("machine", "MACHINE") { inspection, _ in
      let machine = inspection.module.image.header.machine
      return .text(Array((machine.description?.name ?? "machine \(machine.rawValue)").utf8))
    },
    Self("build-id", "BUILD ID") { inspection, _ in
      guard let id = inspection.module.buildNotes().buildID else { return .none }
      var text = TextBuffer()
      for byte in id.bytes { text.hex(UInt64(byte), width: 2) }
      return .text(Array(text.pending))
    },
    Self("parameters", "PARAMETERS", isRight: true) { inspection, _ in
      let all = inspection.attempt { module throws(ELFError) in try module.parameters() }
      return all.map { .number(UInt64($0.count)) } ?? .none
    },
  ]

  static func named(_ key: [UInt8]) throws(SystemError) -> Self {
    let word = String(decoding: key, as: UTF8.self)
    // The word of modinfo, and ours.
    guard let field = all.first(where: { $0.key == (word == "licence" ? "license" : word) }) else {
      var message = "'\(word)' is no field of a table"
      let keys = all.map { $0.key }
      if let meant = NearestWord.suggestion(for: word, among: keys) {
        message += "; did you mean '\(meant)'?"
      } else {
        message += ": \(keys.joined(separator: ", "))"
      }
      throw SystemError(message)
    }
    return field
  }
}
