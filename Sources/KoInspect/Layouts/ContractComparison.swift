// What a module promises and asks of others, compared: sets, each change with its old and its new value.

import ELFKit

/// Something that is different between two modules.
struct DiffChange: Sendable {
  /// What it is about.
  let part: DiffPart
  let name: ByteText
  /// What it was; `nil` for what is new.
  let old: ByteText?
  /// What it is; `nil` for what is gone.
  let new: ByteText?
  /// Why a function or an object is not the same, in words.
  var reasons: [ByteText] = []

  var kind: String { old == nil ? "added" : new == nil ? "removed" : "changed" }
}

/// The parts of a comparison, in the order in which people decide.
enum DiffPart: String, CaseIterable, Sendable {
  case identity
  case licence
  case params
  case exports
  case imports
  case aliases
  case firmware
  case dependencies
  case taints
  case findings
  case code
  case data
  case memory
  case size

  /// The heading of the part, and the noun of one of its members.
  var title: String {
    switch self {
    case .params: "parameters"
    case .licence: "license"
    default: rawValue
    }
  }
}

enum ContractComparison {
  /// All changes, part by part.
  static func changes(_ old: ModuleDescription, _ new: ModuleDescription) -> [DiffChange] {
    var changes: [DiffChange] = []
    for key in ["name", "version", "srcversion", "vermagic", "author", "description"] {
      changes += values(
        .identity, ByteText(stringLiteral: key), old.info.all(key), new.info.all(key))
    }
    if old.signature != nil, new.signature == nil {
      changes.append(DiffChange(part: .identity, name: "signature", old: "there", new: nil))
    }
    changes += values(.licence, "license", old.info.all("license"), new.info.all("license"))
    changes += sets(
      .params, old.parameters.map { ($0.name, text($0)) },
      new.parameters.map { ($0.name, text($0)) })
    changes += sets(
      .exports, old.exports.map { ($0.name, text($0)) }, new.exports.map { ($0.name, text($0)) })
    changes += sets(
      .imports, old.imports.map { ($0.name, text($0)) }, new.imports.map { ($0.name, text($0)) })
    changes += sets(.aliases, aliases(old.info), aliases(new.info))
    changes += sets(.firmware, names(old.info, "firmware"), names(new.info, "firmware"))
    for key in ["softdep", "weakdep", "import_ns"] {
      changes += values(
        .dependencies, ByteText(stringLiteral: key), old.info.all(key), new.info.all(key))
    }
    changes += sets(.dependencies, depends(old.info), depends(new.info))
    changes += sets(.taints, taints(old), taints(new))
    // A finding that is gone is no news, and a note is none that counts: there is one for debug information.
    let known = Set(old.findings.map { finding($0) })
    for found in new.findings where found.severity > .note && !known.contains(finding(found)) {
      changes.append(
        DiffChange(
          part: .findings, name: ByteText(stringLiteral: found.rule), old: nil, new: found.message))
    }
    return changes
  }

  /// What tells a finding from others. A folder of the build does not: it is another one each time.
  private static func finding(_ finding: Finding) -> [UInt8] {
    let subject = finding.subject.map { $0.contains(0x2f) ? [0x2f] : $0.bytes } ?? []
    return Array(finding.rule.utf8) + [0] + subject
  }

  /// Values of one key: one for one when there is one of each, else those that only one side has.
  private static func values(
    _ part: DiffPart, _ name: ByteText, _ old: [ByteSlice], _ new: [ByteSlice]
  ) -> [DiffChange] {
    if old.count == 1, new.count == 1 {
      return old == new
        ? [] : [DiffChange(part: part, name: name, old: "\(old[0])", new: "\(new[0])")]
    }
    let (before, after) = (Set(old), Set(new))
    return old.filter { !after.contains($0) }.map {
      DiffChange(part: part, name: name, old: "\($0)", new: nil)
    }
      + new.filter { !before.contains($0) }.map {
        DiffChange(part: part, name: name, old: nil, new: "\($0)")
      }
  }

  /// Of several with one name the first.
  private static func firstOfEach(_ list: [(ByteSlice, ByteText)]) -> [ByteSlice: ByteText] {
    var found: [ByteSlice: ByteText] = [:]
    for (name, value) in list where found[name] == nil { found[name] = value }
    return found
  }

  /// Named things with what is said of them.
  private static func sets(
    _ part: DiffPart, _ old: [(ByteSlice, ByteText)], _ new: [(ByteSlice, ByteText)]
  ) -> [DiffChange] {
    let before = firstOfEach(old)
    let after = Set(new.map { $0.0 })
    var changes: [DiffChange] = []
    for (name, value) in old where !after.contains(name) {
      changes.append(DiffChange(part: part, name: "\(name)", old: value, new: nil))
    }
    for (name, value) in new {
      if let other = before[name] {
        guard other != value else { continue }
        changes.append(DiffChange(part: part, name: "\(name)", old: other, new: value))
      } else {
        changes.append(DiffChange(part: part, name: "\(name)", old: nil, new: value))
      }
    }
    return changes
  }

  private static func text(_ parameter: ModuleParameter) -> ByteText {
    let mode = parameter.sysfsMode.map(Quantity.octalMode) ?? "not in sysfs"
    let type = parameter.typeName ?? "custom"
    let value = ByteText(bytes: ParametersReport.defaultText(parameter).pending)
    return "\(type), \(mode), default \(value)"
  }

  private static func text(_ export: ModuleExport) -> ByteText {
    let crc: ByteText = export.crc.map { "\(crc: UInt64($0))" } ?? "no CRC"
    let terms = export.isGPLOnly ? ", GPL only" : ""
    let namespace: ByteText = export.namespace.map { ", namespace \($0)" } ?? ""
    return "\(crc)\(terms)\(namespace)"
  }

  private static func text(_ symbol: ModuleImport) -> ByteText {
    let crc: ByteText = symbol.crc.map { "\(crc: UInt64($0))" } ?? "no CRC"
    return symbol.isWeak ? "\(crc), weak" : crc
  }

  private static func names(_ info: ModuleInfo, _ key: String) -> [(ByteSlice, ByteText)] {
    info.all(key).map { ($0, "" as ByteText) }
  }

  private static func aliases(_ info: ModuleInfo) -> [(ByteSlice, ByteText)] {
    info.all("alias").map { alias in
      (alias, ByteText(bytes: AliasesReport.words(ModuleAlias(alias)).pending))
    }
  }

  private static func depends(_ info: ModuleInfo) -> [(ByteSlice, ByteText)] {
    (info.first("depends")?.bytes ?? []).split(separator: UInt8(ascii: ",")).map {
      (ByteSlice(Array($0)), "depends=" as ByteText)
    }
  }

  private static func taints(_ module: ModuleDescription) -> [(ByteSlice, ByteText)] {
    (module.taints ?? []).map { taint in
      (ByteSlice(Array(taint.taint.name.utf8)), ByteText(stringLiteral: taint.reason))
    }
  }
}
