// Findings that are known: they do not fail a run. Kept as JSON with a finding a line, sorted, so
// that differences are easy to read.

import ELFKit

/// A finding as a baseline knows it: by what does not change when a module is built again.
struct BaselineEntry: Hashable, Comparable {
  /// The module's file, as it is called from the baseline's folder.
  let path: [UInt8]
  let rule: String
  /// Empty when the finding is about the whole module.
  let subject: [UInt8]
  /// The message without its numbers, which change from build to build; `nil` in baselines of before.
  var about: [UInt8]?

  /// The same finding as older baselines know it.
  var withoutMessage: Self { Self(path: path, rule: rule, subject: subject) }

  /// A message with `#` for each number: sizes and offsets are others in the next build.
  static func about(_ message: ByteText) -> [UInt8] {
    var result: [UInt8] = []
    for byte in message.bytes {
      if !byte.isDigit {
        result.append(byte)
      } else if result.last != UInt8(ascii: "#") {
        result.append(UInt8(ascii: "#"))
      }
    }
    return result
  }

  static func < (left: Self, right: Self) -> Bool {
    if left.path != right.path { return left.path.lexicographicallyPrecedes(right.path) }
    if left.rule != right.rule { return left.rule < right.rule }
    if left.subject != right.subject {
      return left.subject.lexicographicallyPrecedes(right.subject)
    }
    return (left.about ?? []).lexicographicallyPrecedes(right.about ?? [])
  }
}

struct Baseline {
  /// How often each finding is known, by the module's path: what a module changes in its own entries
  /// costs no copy of the others.
  private var byPath: [[UInt8]: [BaselineEntry: Int]] = [:]

  init(_ entries: some Sequence<BaselineEntry>) {
    for entry in entries { byPath[entry.path, default: [:]][entry, default: 0] += 1 }
  }

  /// The modules that have entries, sorted.
  var paths: [[UInt8]] { byPath.keys.sorted { $0.lexicographicallyPrecedes($1) } }

  /// How often each finding of the module called `path` is known: a second one of the same kind is new.
  func entries(of path: [UInt8]) -> [BaselineEntry: Int] { byPath[path] ?? [:] }

  /// All entries, sorted, each as often as it is known.
  var entries: [BaselineEntry] {
    paths.flatMap { path in
      entries(of: path).sorted { $0.key < $1.key }
        .flatMap { Array(repeating: $0.key, count: $0.value) }
    }
  }

  /// None is larger: 16 MiB are forty times what Debian's 4,000 modules take.
  static let limits = Input.Limits(
    maxSize: 1 << 24, hint: " (16 MiB): no baseline is larger, check fewer modules with one")

  /// Reads what ``text`` wrote: line by line, so that a long one takes little memory; as one document
  /// where somebody has laid it out anew.
  init(_ text: [UInt8]) throws(SystemError) {
    let head = Array("{\"schemaVersion\":1,\"findings\":[\n".utf8)
    let tail = Array("\n]}\n".utf8)
    if text.starts(with: head), text.suffix(tail.count) == tail[...] {
      let lines = text[head.count..<Swift.max(head.count, text.count - tail.count)]
      for line in lines.split(separator: UInt8(ascii: "\n")) {
        try add(Self.value(Array(line.last == UInt8(ascii: ",") ? line.dropLast() : line)))
      }
      return
    }
    guard text.count <= Self.mostInOnePiece else {
      throw SystemError("a baseline of this size has a finding a line, as koinspect writes it")
    }
    let value = try Self.value(text)
    guard value["schemaVersion"] == .number("1"), let list = value["findings"]?.elements else {
      throw SystemError("no baseline: 'schemaVersion' 1 and 'findings' are missing")
    }
    for item in list { try add(item) }
  }

  private static let mostInOnePiece = 1 << 22

  private static func value(_ text: [UInt8]) throws(SystemError) -> JSONValue {
    do throws(JSONError) { return try JSONReader.value(text) } catch {
      throw SystemError(error.description)
    }
  }

  private mutating func add(_ item: JSONValue) throws(SystemError) {
    guard let path = item["path"]?.bytes, let rule = item["rule"]?.text else {
      throw SystemError("a finding of a baseline has a 'path' and a 'rule'")
    }
    let entry = BaselineEntry(
      path: path, rule: rule, subject: item["subject"]?.bytes ?? [], about: item["about"]?.bytes)
    byPath[path, default: [:]][entry, default: 0] += 1
  }

  /// The file's content.
  var text: TextBuffer {
    var text = TextBuffer()
    text.append("{\"schemaVersion\":1,\"findings\":[")
    for (position, entry) in entries.enumerated() {
      text.append(position == 0 ? "\n" : ",\n")
      var json = JSONWriter()
      json.object { json in
        json.key("path")
        json.bytes(entry.path)
        json.key("rule")
        json.string(entry.rule)
        json.key("subject")
        json.bytes(entry.subject)
        if let about = entry.about {
          json.key("about")
          json.bytes(about)
        }
      }
      text.append(json.out)
    }
    text.append("\n]}\n")
    return text
  }
}

/// A baseline in its place: modules are called as from its folder, wherever the shell is.
struct PlacedBaseline {
  let path: [UInt8]
  private let folder: [UInt8]

  init(_ path: [UInt8]) {
    self.path = path
    folder = realPath(KoInspect.folder(of: path)) ?? [UInt8(ascii: "/")]
  }

  /// What a module is called there.
  func name(of module: [UInt8]) -> [UInt8] {
    module == [UInt8(ascii: "-")] ? module : relativePath(absolutePath(module), to: folder)
  }

  /// The file that is called `name` there.
  func file(_ name: [UInt8]) -> [UInt8] {
    name.first == UInt8(ascii: "/") ? name : folder + [UInt8(ascii: "/")] + name
  }
}
