// Aliases and device tables in words.

import ELFKit

struct AliasesReport {
  let aliases: [ModuleAlias]
  let tables: [DeviceTable]
  /// The machine, whose processors have features of their own.
  let machine: Machine

  /// Reads both; what is damaged is empty.
  init(_ inspection: inout Inspection) {
    machine = inspection.module.image.header.machine
    aliases = inspection.attempt { module throws(ELFError) in try module.aliases() } ?? []
    tables = inspection.attempt { module throws(ELFError) in try module.deviceTables() } ?? []
  }

  /// `names` are what the machine calls the devices.
  func write(to out: inout TextBuffer, _ style: Style, _ names: DeviceNames) {
    let said = Self.withoutTwins(aliases)
    out.toned(.heading, style, "claims \(Quantity.count(said.count, "name"))")
    out.newline()
    var table = Table(indentation: 2)
    for alias in said {
      let name = names.name(alias).map { [Cell($0)] } ?? []
      table.row(
        [Cell(alias.format?.subject ?? "name", .faint), Cell(Self.words(alias, machine))] + name)
    }
    table.write(to: &out, style)
    guard !tables.isEmpty else { return }
    out.toned(.heading, style, Quantity.count(tables.count, "device table"))
    out.newline()
    var list = Table(indentation: 2)
    for table in tables {
      let count = table.count.map { Quantity.count($0, "entry") }
      list.row([
        Cell(escaping: table.type, .faint), Cell(escaping: table.variable, .name),
        Cell(count ?? Quantity.count(table.size, "byte")),
      ])
    }
    list.write(to: &out, style)
  }

  /// Without the second of the two patterns that `modpost` writes for each node of a device tree, one of them for
  /// nodes that are compatible with others as well: `of:N*T*Cx` and `of:N*T*CxC*` (scripts/mod/file2alias.c,
  /// `do_of_entry_multi`).
  private static func withoutTwins(_ aliases: [ModuleAlias]) -> [ModuleAlias] {
    aliases.indices.filter { index in
      let text = aliases[index].text
      guard text.starts(with: "of:"), text.count > 2, text.suffix(from: text.count - 2).equals("C*")
      else { return true }
      let twin = text[within: 0..<text.count - 2]
      let neighbours = [index - 1, index + 1].filter(aliases.indices.contains)
      return !neighbours.contains { aliases[$0].text == twin }
    }.map { aliases[$0] }
  }

  /// The fields of an alias: `vendor 0x8086, device 0x10b9`; of a form whose fields may all be anything that
  /// (`hid:b*g*v*p*`), the alias itself when its form is not known. `machine` is the module's.
  static func words(_ alias: ModuleAlias, _ machine: Machine? = nil) -> TextBuffer {
    var text = TextBuffer()
    guard let format = alias.format, !alias.fields.isEmpty else {
      if let format = alias.format, alias.text.last == UInt8(ascii: "*") {
        text.append("any \(format.subject)")
      } else {
        text.escaped(alias.text)
      }
      return text
    }
    for (position, field) in alias.fields.enumerated() {
      if position > 0 { text.append(", ") }
      if !field.name.isEmpty { text.append("\(field.name) ") }
      append(field.value, &text)
      if let meaning = AliasNumbers.meaning(of: field, format.bus, machine) {
        text.append(" (\(meaning))")
      }
    }
    return text
  }

  /// Numbers that stand there in base 16 with leading zeros lose these; patterns stay.
  private static func append(_ value: ByteSlice, _ text: inout TextBuffer) {
    let isNumber =
      value.count == 8
      && (0..<8).allSatisfy { position in
        value[position].isDigit
          || (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(value[position])
      }
    guard isNumber, value.starts(with: "0000") else { return text.escaped(value) }
    text.escaped(value.suffix(from: 4))
  }

  /// How many names of each kind are claimed: `34 PCI devices, 2 USB devices`.
  static func totals(_ aliases: [ModuleAlias]) -> String {
    var counts: [(subject: String, count: Int)] = []
    for alias in withoutTwins(aliases) {
      let subject = alias.format?.subject ?? "other name"
      if let position = counts.firstIndex(where: { $0.subject == subject }) {
        counts[position].count += 1
      } else {
        counts.append((subject, 1))
      }
    }
    return counts.map { Quantity.count($0.count, $0.subject) }.joined(separator: ", ")
  }
}

extension JSONWriter {
  /// `{alias, bus, fields: {name: pattern…}}` of each.
  mutating func aliases(_ aliases: [ModuleAlias]) {
    array(aliases) { json, alias in
      json.object { json in
        json.field("alias", alias.text)
        json.key("bus")
        json.optional(alias.format) { $0.string($1.bus) }
        json.key("fields")
        json.object { json in
          for field in alias.fields {
            json.field(field.name.isEmpty ? "name" : field.name, field.value)
          }
        }
      }
    }
  }

  mutating func deviceTables(_ tables: [DeviceTable]) {
    array(tables) { json, table in
      json.object { json in
        json.field("type", table.type)
        json.field("variable", table.variable)
        json.key("size")
        json.number(table.size)
        json.key("count")
        json.optional(table.count) { $0.number($1) }
      }
    }
  }
}
