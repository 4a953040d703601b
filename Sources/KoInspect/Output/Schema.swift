// JSON Schema (2020-12) of objects that are tables of fields.

import ELFKit

/// Which values may stand at a place of JSON.
indirect enum Schema: Sendable {
  case boolean
  /// A number, perhaps below zero.
  case integer
  /// A number of zero or more.
  case count
  case constant(UInt64)
  /// One of these numbers.
  case oneOfNumbers([UInt64])
  case string(pattern: String?)
  /// Bytes of a file: a string, or an object with base 64 when they are not UTF-8.
  case text
  case oneOf([String])
  case nullable(Schema)
  case list(Schema)
  case object([Row], String)
  /// A scalar, or an array of such: the value of a parameter.
  case value
  /// One of several kinds of value.
  case any([Schema])

  /// One key of an object.
  struct Row: Sendable {
    let key: String
    let schema: Schema
    /// What it means; empty when the key says all.
    let about: String
    /// Whether it is always there.
    let isRequired: Bool
  }
}

extension Schema {
  /// The schema as a file of its own.
  func write(to out: inout TextBuffer, id: String, title: String) {
    var json = JSONWriter()
    json.object { json in
      json.text("$schema", "https://json-schema.org/draft/2020-12/schema")
      json.text("$id", id)
      json.text("title", title)
      members(&json)
      json.key("$defs")
      json.object { json in
        json.key("text")
        Self.writeText(&json)
        json.key("value")
        Self.writeValue(&json)
      }
    }
    out.append(json.out)
    out.newline()
  }

  private func write(_ json: inout JSONWriter, _ about: String = "") {
    json.object { json in
      if !about.isEmpty { json.text("description", about) }
      members(&json)
    }
  }

  private func members(_ json: inout JSONWriter) {
    switch self {
    case .boolean: json.text("type", "boolean")
    case .integer: json.text("type", "integer")
    case .count:
      json.text("type", "integer")
      json.key("minimum")
      json.number(UInt64(0))
    case .constant(let number):
      json.key("const")
      json.number(number)
    case .string(let pattern):
      json.text("type", "string")
      if let pattern { json.text("pattern", pattern) }
    case .text: json.text("$ref", "#/$defs/text")
    case .value: json.text("$ref", "#/$defs/value")
    case .oneOfNumbers(let numbers):
      json.key("enum")
      json.array(numbers) { $0.number($1) }
    case .oneOf(let words):
      json.key("enum")
      json.array(words) { $0.string($1) }
    case .nullable(let schema):
      json.key("anyOf")
      json.array { json in
        schema.write(&json)
        json.object { $0.text("type", "null") }
      }
    case .any(let schemas):
      json.key("anyOf")
      json.array(schemas) { $1.write(&$0) }
    case .list(let schema):
      json.text("type", "array")
      json.key("items")
      schema.write(&json)
    case .object(let rows, let about):
      if !about.isEmpty { json.text("description", about) }
      json.text("type", "object")
      json.key("properties")
      json.object { json in
        for row in rows {
          json.key(row.key)
          row.schema.write(&json, row.about)
        }
      }
      json.key("required")
      json.array(rows.filter { $0.isRequired }) { $0.string($1.key) }
    }
  }

  private static func writeText(_ json: inout JSONWriter) {
    json.object { json in
      json.text("description", "Bytes of the file: a string when they are UTF-8, else base 64.")
      json.key("anyOf")
      json.array { json in
        string(pattern: nil).write(&json)
        let row = Row(
          key: "bytes", schema: .string(pattern: "^[A-Za-z0-9+/]*={0,2}$"), about: "",
          isRequired: true)
        object([row], "").write(&json)
      }
    }
  }

  private static func writeValue(_ json: inout JSONWriter) {
    json.object { json in
      json.text("description", "A value of a parameter.")
      json.key("anyOf")
      json.array { json in
        for schema in [integer, boolean, text, list(value)] { schema.write(&json) }
      }
    }
  }
}

extension JSONWriter {
  fileprivate mutating func text(_ key: String, _ value: String) {
    self.key(key)
    string(value)
  }
}
