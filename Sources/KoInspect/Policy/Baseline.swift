// Findings that are known: they do not fail a run. Kept as JSON with a finding a line, sorted, so
// that differences are easy to read.

import ELFKit

/// A finding as a baseline knows it: by what does not change when a module is built again.
struct BaselineEntry: Hashable, Comparable {
  let path: [UInt8]
  let rule: String
  /// Empty when the finding is about the whole module.
  let subject: [UInt8]

  static func < (left: Self, right: Self) -> Bool {
    if left.path != right.path { return left.path.lexicographicallyPrecedes(right.path) }
    if left.rule != right.rule { return left.rule < right.rule }
    return left.subject.lexicographicallyPrecedes(right.subject)
  }
}

struct Baseline {
  private(set) var entries: Set<BaselineEntry> = []

  init(_ entries: some Sequence<BaselineEntry>) { self.entries = Set(entries) }

  /// Reads what ``text`` wrote.
  init(_ text: [UInt8]) throws(SystemError) {
    let value: JSONValue
    do throws(JSONError) { value = try JSONReader.value(text) } catch {
      throw SystemError(error.description)
    }
    guard value["schemaVersion"] == .number("1"), let list = value["findings"]?.elements else {
      throw SystemError("no baseline: 'schemaVersion' 1 and 'findings' are missing")
    }
    for item in list {
      guard let path = item["path"]?.bytes, let rule = item["rule"]?.text else {
        throw SystemError("a finding of a baseline has a 'path' and a 'rule'")
      }
      entries.insert(
        BaselineEntry(path: path, rule: rule, subject: item["subject"]?.bytes ?? []))
    }
  }

  /// The file's content.
  var text: TextBuffer {
    var text = TextBuffer()
    text.append("{\"schemaVersion\":1,\"findings\":[")
    for (position, entry) in entries.sorted().enumerated() {
      text.append(position == 0 ? "\n" : ",\n")
      var json = JSONWriter()
      json.object { json in
        json.key("path")
        json.bytes(entry.path)
        json.key("rule")
        json.string(entry.rule)
        json.key("subject")
        json.bytes(entry.subject)
      }
      text.append(json.out)
    }
    text.append("\n]}\n")
    return text
  }
}
