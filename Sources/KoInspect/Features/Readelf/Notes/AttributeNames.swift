// Names and values of object attributes (GNU `.gnu_attribute` tags, or a machine's own).

import ELFKit

/// How the attributes of one vendor are written.
struct AttributeNames {
  /// Writes the tag and value at the front of `body`, and takes them from it.
  let write: (_ body: inout ByteSlice, _ console: inout Console) -> Void
}

/// What a machine's attributes are called: made once, however many there are.
struct AttributeFormat {
  let vendor: String
  let own: [MachineAttribute]
  let gnu: [MachineAttribute]
  let namesUnknown: Bool

  init(_ format: MachineFormat) {
    vendor = format.attributeVendor
    own = format.attributes()
    gnu = format.gnuAttributes()
    namesUnknown = format.namesUnknownAttributes
  }
}

extension ReadelfFile {
  /// The attributes of `vendor` on a machine with this `format`, or `nil` when they are not known.
  func attributes(of vendor: ByteSlice, _ format: AttributeFormat) -> AttributeNames? {
    let isOwn = vendor.equals(format.vendor)
    let isGNU = vendor.equals("gnu")
    guard isOwn || isGNU else { return nil }
    let known = isOwn ? format.own : format.gnu
    return AttributeNames { body, console in
      guard let tag = body.takeLEB() else { return }
      // The one attribute that GNU's has for all machines.
      if isGNU, tag == 32 {
        console.out.append("flag = \(body.takeLEB() ?? 0), vendor = ")
        return writeRest(body.takeString(), &console)
      }
      guard let attribute = known.first(where: { $0.tag == tag }) else {
        return writeUnknown(tag, isNamed: format.namesUnknown, &body, &console)
      }
      console.out.append("  \(attribute.name): ")
      guard let text = attribute.text else { return writeString(&body, &console) }
      let value = body.takeLEB() ?? 0
      switch attribute.tail {
      case .nothing: if let text = text(value) { console.out.append("\(text)\n") }
      case .text:
        console.out.append(text(value) ?? "")
        writeRest(body.takeString(), &console)
      case .attribute:
        let inner = known.first { $0.tag == value }?.text
        console.out.append(text(value) ?? inner?(body.takeLEB() ?? 0) ?? "???")
        _ = body.takeString()
        console.out.newline()
      }
    }
  }

  private func writeRest(_ text: ByteSlice, _ console: inout Console) {
    console.out.readelfName(text, options)
    console.out.newline()
  }

  /// Odd tags have strings, even ones numbers.
  private func writeUnknown(
    _ tag: UInt64, isNamed: Bool, _ body: inout ByteSlice, _ console: inout Console
  ) {
    if isNamed { console.out.append("  Tag_unknown_\(tag): ") }
    if tag & 1 == 1 {
      writeString(&body, &console)
    } else {
      let value = body.takeLEB() ?? 0
      console.out.append("\(value) (\(value == 0 ? "0x0" : "0x\(hexText(value))"))\n")
    }
  }

  private func writeString(_ body: inout ByteSlice, _ console: inout Console) {
    console.out.append("\"")
    console.out.readelfName(body.takeString(), options)
    console.out.append("\"\n")
  }
}
