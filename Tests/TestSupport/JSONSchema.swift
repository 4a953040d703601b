// As much of JSON Schema (draft 2020-12) as the schemas of this repository use. A word it does not
// know fails: a check that silently does nothing would be none.

package import Foundation

/// A schema that values can be checked against.
package struct JSONSchema {
  private let root: [String: Any]
  /// Whether keys that the schema does not describe are wrong. Users may meet newer ones; tests of
  /// this very version may not.
  private let isClosed: Bool

  package init(contentsOf file: URL, isClosed: Bool) throws {
    let value = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
    root = value as? [String: Any] ?? [:]
    self.isClosed = isClosed
  }

  /// What is wrong with `value`, one line each; empty when it is valid.
  package func problems(_ value: Any) -> [String] { problems(value, root, at: "$") }

  private static let annotations: Set = ["$schema", "$id", "$defs", "title", "description"]

  private func problems(_ value: Any, _ schema: [String: Any], at path: String) -> [String] {
    var found: [String] = []
    for (word, rule) in schema where !Self.annotations.contains(word) {
      switch (word, rule) {
      case ("$ref", let reference as String):
        found += problems(value, resolve(reference), at: path)
      case ("type", let type as String):
        if !Self.has(value, type) { found.append("\(path): is no \(type)") }
      case ("type", let types as [String]):
        if !types.contains(where: { Self.has(value, $0) }) {
          found.append("\(path): is none of \(types)")
        }
      case ("const", let wanted):
        if !Self.isEqual(value, wanted) { found.append("\(path): is not \(wanted)") }
      case ("enum", let wanted as [Any]):
        if !wanted.contains(where: { Self.isEqual(value, $0) }) {
          found.append("\(path): is none of \(wanted)")
        }
      case ("minimum", let minimum as NSNumber):
        if let number = value as? NSNumber, number.compare(minimum) == .orderedAscending {
          found.append("\(path): is less than \(minimum)")
        }
      case ("pattern", let pattern as String):
        if let text = value as? String,
          text.range(of: pattern, options: .regularExpression) == nil
        {
          found.append("\(path): '\(text)' does not match \(pattern)")
        }
      case ("anyOf", let schemas as [[String: Any]]):
        if !schemas.contains(where: { problems(value, $0, at: path).isEmpty }) {
          found.append("\(path): fits none of \(schemas.count) schemas")
        }
      case ("items", let items as [String: Any]):
        for (index, item) in (value as? [Any] ?? []).enumerated() {
          found += problems(item, items, at: "\(path)[\(index)]")
        }
      case ("required", let keys as [String]):
        guard let object = value as? [String: Any] else { continue }
        for key in keys where object[key] == nil { found.append("\(path): lacks '\(key)'") }
      case ("properties", let properties as [String: [String: Any]]):
        guard let object = value as? [String: Any] else { continue }
        for (key, member) in object {
          if let schema = properties[key] {
            found += problems(member, schema, at: "\(path).\(key)")
          } else if isClosed {
            found.append("\(path): '\(key)' is not described")
          }
        }
      case ("additionalProperties", let others as [String: Any]):
        let known = schema["properties"] as? [String: Any] ?? [:]
        for (key, member) in value as? [String: Any] ?? [:] where known[key] == nil {
          found += problems(member, others, at: "\(path).\(key)")
        }
      default: found.append("\(path): the schema says '\(word)', which is not understood here")
      }
    }
    return found
  }

  /// The schema that `#/$defs/NAME` names.
  private func resolve(_ reference: String) -> [String: Any] {
    let name = String(reference.dropFirst("#/$defs/".count))
    let definitions = root["$defs"] as? [String: [String: Any]]
    return definitions?[name] ?? ["no such definition": name]
  }

  private static func isEqual(_ left: Any, _ right: Any) -> Bool {
    (left as? NSObject) == (right as? NSObject)
  }

  private static func has(_ value: Any, _ type: String) -> Bool {
    switch type {
    case "null": value is NSNull
    case "boolean": (value as? NSNumber).map(isBool) ?? false
    case "integer":
      (value as? NSNumber).map { !isBool($0) && $0.doubleValue == $0.doubleValue.rounded() }
        ?? false
    case "number": (value as? NSNumber).map { !isBool($0) } ?? false
    case "string": value is String
    case "array": value is [Any]
    case "object": value is [String: Any]
    default: false
    }
  }

  private static func isBool(_ number: NSNumber) -> Bool {
    unsafe number.objCType.pointee == 0x63
  }
}
