// Many modules at a glance: a line a module, then how many there are of each kind.

import ELFKit

/// What the line of one module says.
struct ModuleTreeRow: Sendable {
  let name: [UInt8]
  let size: UInt64
  /// The licence that the kernel looks at; `nil` when the module declares none.
  let license: [UInt8]?
  /// The letters of the taints that the file alone decides; empty when there are none.
  let taints: String
  /// Who says to have signed; `nil` when the module is not signed.
  let signer: [UInt8]?

  /// Reads what the line needs and nothing else; damage leaves its part empty.
  init(_ inspection: inout Inspection) {
    let module = inspection.module
    let info = inspection.attempt { module throws(ELFError) in try module.info() }
    let name = inspection.attempt { module throws(ELFError) in try module.name() } ?? nil
    self.name = (name ?? .empty(at: 0)).bytes
    size = module.image.source.size
    license = info?.first("license")?.bytes
    let taints = inspection.attempt { module throws(ELFError) in try module.taints() } ?? []
    self.taints = String(taints.map { $0.taint.letter })
    let signature = inspection.attempt { module throws(ELFError) in try module.signature() } ?? nil
    signer = signature.map { signature in
      let message = try? signature.message()
      return (message?.firstSigner.name ?? message?.firstSigner.keyID ?? signature.signer).bytes
    }
  }

  static func writeHeading(to out: inout TextBuffer, _ style: Style) {
    out.toned(.heading, style) { out in
      out.left("NAME", nameWidth)
      out.right("SIZE", 10)
      out.append("  ")
      out.left("TAINTS", 8)
      out.left("LICENCE", licenseWidth)
      out.append("SIGNER")
    }
    out.newline()
  }

  private static let nameWidth = 28
  /// The longest of the usual ones is "GPL and additional rights".
  private static let licenseWidth = 27

  func write(to out: inout TextBuffer, _ style: Style) {
    out.escaped(name, width: Self.nameWidth)
    out.right(Quantity.size(size), 10)
    out.append("  ")
    out.left(taints.isEmpty ? "-" : taints, 8)
    if let license {
      out.escaped(license, width: Self.licenseWidth)
    } else {
      out.toned(.bad, style) { $0.left("none", Self.licenseWidth) }
    }
    if let signer { out.escaped(signer) } else { out.append("-") }
    out.newline()
  }
}

extension TextBuffer {
  /// Untrusted bytes, escaped, then blanks up to `width` and one blank at least.
  fileprivate mutating func escaped(_ bytes: [UInt8], width: Int) {
    var text = TextBuffer()
    text.escaped(bytes)
    let cell = Cell(text)
    append(text)
    spaces(max(width - cell.width, 1))
  }
}

/// How many modules there are of each kind.
struct ModuleTreeTotals {
  private var count = 0
  private var size: UInt64 = 0
  private var licenses: [[UInt8]?: Int] = [:]
  private var taints: [[UInt8]?: Int] = [:]
  private var signers: [[UInt8]?: Int] = [:]

  init(_ rows: [ModuleTreeRow]) {
    for row in rows {
      count += 1
      size &+= row.size
      licenses[row.license, default: 0] += 1
      taints[row.taints.isEmpty ? nil : Array(row.taints.utf8), default: 0] += 1
      signers[row.signer, default: 0] += 1
    }
  }

  func write(to out: inout TextBuffer) {
    guard count > 0 else { return }
    out.newline()
    out.append("\(Quantity.count(count, "module")), \(Quantity.size(size))\n")
    line("licence", licenses, none: "none declared", &out)
    line("taints", taints, none: "none", &out)
    line("signer", signers, none: "unsigned", &out)
  }

  /// `  LABEL  COUNT WHAT, COUNT WHAT…`, the most frequent first.
  private func line(
    _ label: String, _ counts: [[UInt8]?: Int], none: String, _ out: inout TextBuffer
  ) {
    out.append("  ")
    out.left(label, 9)
    let sorted = counts.sorted { left, right in
      guard left.value == right.value else { return left.value > right.value }
      return (left.key ?? []).lexicographicallyPrecedes(right.key ?? [])
    }
    for (position, entry) in sorted.prefix(Self.shownKinds).enumerated() {
      out.append(position == 0 ? "" : ", ")
      out.decimal(entry.value)
      out.append(byte: UInt8(ascii: " "))
      guard let key = entry.key else {
        out.append(none)
        continue
      }
      // In quotes: a blank at the end of a licence makes another one of it.
      out.append(byte: UInt8(ascii: "'"))
      out.escaped(key)
      out.append(byte: UInt8(ascii: "'"))
    }
    let rest = sorted.dropFirst(Self.shownKinds)
    if !rest.isEmpty {
      out.append(", \(rest.map { $0.value }.reduce(0, +)) of \(rest.count) other kinds")
    }
    out.newline()
  }

  private static let shownKinds = 12
}
