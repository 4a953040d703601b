// Objects of JSON as tables. What a key is called, what may stand there, where its value comes from and
// what it means is said in one row; the JSON that is written and its JSON Schema are both made of the rows.

import ELFKit

/// How values of one type stand in JSON.
struct Form<Value>: Sendable {
  let schema: Schema
  let write: @Sendable (Value, inout JSONWriter) -> Void

  /// The same, or `null` when there is none.
  var orNull: Form<Value?> {
    let write = self.write
    return Form<Value?>(schema: .nullable(schema)) { value, json in
      if let value { write(value, &json) } else { json.null() }
    }
  }

  /// Any number of them, in order.
  var list: Form<[Value]> {
    let write = self.write
    return Form<[Value]>(schema: .list(schema)) { values, json in
      json.array(values) { json, value in write(value, &json) }
    }
  }

  /// An object with these keys, in this order.
  static func object(_ fields: [Field<Value>], _ about: String = "") -> Self {
    // Without the rows, which are for the schema: a copy of a row for each value would cost more than
    // to write it.
    let writers = fields.map { $0.write }
    return Self(schema: .object(fields.map { $0.row }, about)) { value, json in
      json.object { json in
        for write in writers { write(value, &json) }
      }
    }
  }
}

extension Form where Value == ByteSlice {
  /// Bytes of the file: a string when they are UTF-8.
  static var text: Self { Self(schema: .text) { $1.bytes($0) } }
  /// Bytes as pairs of digits.
  static var hexadecimal: Self {
    Self(schema: .string(pattern: "^([0-9a-f]{2})*$")) { $1.hexadecimal($0) }
  }
  /// Bytes as pairs of capital digits with colons between them.
  static var hexPairs: Self {
    Self(schema: .string(pattern: "^([0-9A-F]{2}(:[0-9A-F]{2})*)?$")) { value, json in
      var text = TextBuffer()
      text.hexPairs(value)
      json.string(text.text)
    }
  }
}

extension Form where Value == [UInt8] {
  /// Bytes that are not the file's: a string when they are UTF-8.
  static var text: Self { Self(schema: .text) { $1.bytes($0) } }
}

extension Form where Value == String {
  /// The tool's own words.
  static var word: Self { Self(schema: .string(pattern: nil)) { $1.string($0) } }
  /// One of these words.
  static func oneOf(_ words: [String]) -> Self { Self(schema: .oneOf(words)) { $1.string($0) } }
  /// Words of a form that a regular expression tells.
  static func word(like pattern: String) -> Self {
    Self(schema: .string(pattern: pattern)) { $1.string($0) }
  }
}

extension Form where Value == Bool {
  static var flag: Self { Self(schema: .boolean) { $1.bool($0) } }
}

extension Form where Value == UInt64 {
  static var number: Self { Self(schema: .count) { $1.number($0) } }
  /// Always this number.
  static func constant(_ number: UInt64) -> Self {
    Self(schema: .constant(number)) { $1.number($0) }
  }
  /// One of these numbers.
  static func oneOf(_ numbers: [UInt64]) -> Self {
    Self(schema: .oneOfNumbers(numbers)) { $1.number($0) }
  }
}

extension Form where Value == Int64 {
  static var number: Self { Self(schema: .integer) { $1.number($0) } }
}

extension Form where Value == UInt32 {
  /// The version of a symbol.
  static var crc: Self { Self(schema: .string(pattern: "^0x[0-9a-f]{8}$")) { $1.crc($0) } }
}

/// One key of an object that is made of an `Owner`.
struct Field<Owner>: Sendable {
  let row: Schema.Row
  let write: @Sendable (Owner, inout JSONWriter) -> Void

  private init(_ row: Schema.Row, _ write: @escaping @Sendable (Owner, inout JSONWriter) -> Void) {
    self.row = row
    self.write = write
  }

  init<Value>(
    _ key: String, _ form: Form<Value>, _ about: String = "",
    _ value: @escaping @Sendable (Owner) -> Value
  ) {
    let (written, write) = (JSONKey(key), form.write)
    self.init(Schema.Row(key: key, schema: form.schema, about: about, isRequired: true)) {
      owner, json in
      json.key(written)
      write(value(owner), &json)
    }
  }

  /// A key whose value is `null` when there is none.
  init<Value>(
    _ key: String, orNull form: Form<Value>, _ about: String = "",
    _ value: @escaping @Sendable (Owner) -> Value?
  ) {
    self.init(key, form.orNull, about, value)
  }

  /// A key with any number of values.
  init<Value>(
    _ key: String, list form: Form<Value>, _ about: String = "",
    _ values: @escaping @Sendable (Owner) -> [Value]
  ) {
    self.init(key, form.list, about, values)
  }

  /// A key that is left out when there is no value.
  init<Value>(
    ifThere key: String, _ form: Form<Value>, _ about: String = "",
    _ value: @escaping @Sendable (Owner) -> Value?
  ) {
    let (written, write) = (JSONKey(key), form.write)
    self.init(Schema.Row(key: key, schema: form.schema, about: about, isRequired: false)) {
      owner, json in
      guard let value = value(owner) else { return }
      json.key(written)
      write(value, &json)
    }
  }

  /// The same key, left out of what it says nothing about.
  func when(_ isThere: @escaping @Sendable (Owner) -> Bool) -> Self {
    let write = self.write
    let row = Schema.Row(key: row.key, schema: row.schema, about: row.about, isRequired: false)
    return Self(row) { owner, json in
      if isThere(owner) { write(owner, &json) }
    }
  }

  /// The same key of an object that has an `Owner` as a part.
  func of<Whole>(_ part: @escaping @Sendable (Whole) -> Owner) -> Field<Whole> {
    let write = self.write
    return Field<Whole>(row) { whole, json in write(part(whole), &json) }
  }
}
