// Parameters as a table: name, type, mode, default value, description.

import ELFKit

struct ParametersReport {
  let parameters: [ModuleParameter]

  /// Adds one row a parameter.
  func fill(_ table: inout Table) {
    for parameter in parameters {
      table.row([
        Cell(escaping: parameter.name, .name), Self.type(parameter), Self.mode(parameter),
        Cell(Self.defaultText(parameter)), Self.remarks(parameter),
      ])
    }
  }

  static let headings = ["NAME", "TYPE", "MODE", "DEFAULT", "DESCRIPTION"]

  func write(to out: inout TextBuffer, _ style: Style, indentation: Int = 0) {
    var table = Table(indentation: indentation)
    table.row(Self.headings.map { Cell($0, .faint) })
    fill(&table)
    table.write(to: &out, style)
  }

  private static func type(_ parameter: ModuleParameter) -> Cell {
    var text = TextBuffer()
    switch parameter.type {
    case .standard(let standard): text.append(standard.name)
    case .array:
      if let element = parameter.array?.elementType {
        text.append("\(element.name)[\(parameter.array?.maximum ?? 0)]")
      } else if let declared = parameter.declaredType {
        text.escaped(declared)
      } else {
        text.append("array")
      }
    case .string:
      text.append(parameter.array.map { "string[\($0.maximum)]" } ?? "string")
    case .custom:
      if let declared = parameter.declaredType {
        text.escaped(declared)
        text.append(" (custom)")
      } else {
        text.append("custom")
      }
    }
    return Cell(text)
  }

  private static func mode(_ parameter: ModuleParameter) -> Cell {
    guard let mode = parameter.sysfsMode else { return Cell("-", .faint) }
    return Cell(Quantity.octalMode(mode), mode == parameter.permissions ? nil : .warning)
  }

  /// The default as the kernel would show it in sysfs; strings are quoted.
  static func defaultText(_ parameter: ModuleParameter) -> TextBuffer {
    var text = TextBuffer()
    guard let value = parameter.defaultValue else {
      text.append(unknownDefault(parameter))
      return text
    }
    if parameter.valueType?.isHexadecimal == true, case .unsigned(let number) = value {
      // `%#08x`: eight characters, the prefix among them.
      text.append("0x")
      text.hex(number, width: 6)
      return text
    }
    append(value, to: &text)
    return text
  }

  private static func unknownDefault(_ parameter: ModuleParameter) -> String {
    if parameter.type == .custom, parameter.valueType == nil { return "(custom)" }
    return parameter.isVariableElsewhere ? "(elsewhere)" : "(unknown)"
  }

  private static func append(_ value: ParameterValue, to text: inout TextBuffer) {
    switch value {
    case .signed(let number): text.append(String(number))
    case .unsigned(let number): text.append(String(number))
    case .bool(let flag): text.append(flag ? "Y" : "N")
    case .nullString: text.append("(null)")
    case .string(let bytes):
      text.append("\"")
      text.escaped(bytes)
      text.append("\"")
    case .array(let elements):
      if elements.isEmpty { text.append("(empty)") }
      append(elements, to: &text)
    }
  }

  /// The elements as sysfs separates them; many equal ones in a row are counted: `-1 ×32`.
  private static func append(_ elements: [ParameterValue], to text: inout TextBuffer) {
    var position = 0
    var shown = 0
    while position < elements.count {
      if position > 0 { text.append(",") }
      if shown == 16 {
        text.append(" … \(elements.count - position) more")
        return
      }
      let repeats = elements[position...].prefix { $0 == elements[position] }.count
      append(elements[position], to: &text)
      if repeats > 3 { text.append(" ×\(repeats)") }
      position += repeats > 3 ? repeats : 1
      shown += 1
    }
  }

  private static func remarks(_ parameter: ModuleParameter) -> Cell {
    var text = parameter.description.map { Cell(lines: $0).text } ?? TextBuffer()
    var notes: [String] = []
    if parameter.flags.contains(.dangerous) { notes.append("setting it taints the kernel (U)") }
    if parameter.flags.contains(.hardware) { notes.append("hardware: refused under lockdown") }
    if let mode = parameter.sysfsMode, mode != parameter.permissions {
      notes.append("asks for mode \(Quantity.octalMode(parameter.permissions))")
    }
    if parameter.level != -1 { notes.append("level \(parameter.level)") }
    if parameter.isVariableElsewhere, parameter.type != .custom || parameter.valueType != nil {
      notes.append("the variable belongs to the kernel or another module")
    }
    for note in notes { text.append(text.pending.isEmpty ? "[\(note)]" : " [\(note)]") }
    if parameter.type == .custom, let accessors = parameter.accessors {
      accessorNote(accessors, &text)
    }
    return Cell(text)
  }

  private static func accessorNote(
    _ accessors: ModuleParameter.Accessors, _ text: inout TextBuffer
  ) {
    for (word, name) in [("set by", accessors.set), ("shown by", accessors.get)] {
      guard let name else { continue }
      text.append(text.pending.isEmpty ? "[\(word) " : " [\(word) ")
      text.escaped(name)
      text.append("]")
    }
  }
}
