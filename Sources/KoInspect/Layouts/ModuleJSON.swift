// The JSON form of a module's facts. Keys and their order are a promise: see Docs/json.md.

import ELFKit

extension JSONWriter {
  mutating func parameters(_ parameters: [ModuleParameter]) {
    array(parameters) { json, parameter in json.parameter(parameter) }
  }

  private mutating func parameter(_ parameter: ModuleParameter) {
    object { json in
      json.field("name", parameter.name)
      json.key("type")
      json.optional(parameter.typeName) { $0.string($1) }
      json.field("description", parameter.description)
      json.key("mode")
      json.optional(parameter.sysfsMode) { $0.string(Quantity.octalMode($1)) }
      json.key("permissions")
      json.string(Quantity.octalMode(parameter.permissions))
      json.key("level")
      json.number(Int64(parameter.level))
      json.key("flags")
      json.array(parameter.flags.names) { $0.string($1) }
      json.key("default")
      json.optional(parameter.defaultValue) { $0.value($1) }
      json.field("variable", parameter.variable)
      json.key("array")
      json.optional(parameter.array) { json, shape in
        json.object { json in
          json.key("max")
          json.number(UInt64(shape.maximum))
          json.key("elementType")
          json.optional(shape.elementType) { $0.string($1.name) }
          json.key("elementSize")
          json.number(UInt64(shape.elementSize))
        }
      }
      json.field("operations", parameter.operations)
      json.field("set", parameter.accessors?.set)
      json.field("get", parameter.accessors?.get)
    }
  }

  private mutating func value(_ value: ParameterValue) {
    switch value {
    case .signed(let number): self.number(number)
    case .unsigned(let number): self.number(number)
    case .bool(let flag): bool(flag)
    case .nullString: string("(null)")
    case .string(let text): bytes(text)
    case .array(let elements): array(elements) { $0.value($1) }
    }
  }

  /// With `providers`, four more keys tell who offers each symbol and on which terms; with `stable`
  /// another whether it is in that list.
  mutating func imports(
    _ imports: [ModuleImport], _ providers: SymbolProviders? = nil, _ stable: SymbolList? = nil
  ) {
    array(imports) { json, symbol in
      json.object { json in
        json.field("name", symbol.name)
        json.key("crc")
        json.optional(symbol.crc) { $0.crc($1) }
        json.key("weak")
        json.bool(symbol.isWeak)
        if let providers {
          let offered = providers[symbol.name]
          json.field("provider", offered?.provider)
          json.key("providedCRC")
          json.optional(offered.flatMap { $0.crc == 0 ? nil : $0.crc }) { $0.crc($1) }
          json.key("gplOnly")
          json.optional(offered?.isGPLOnly) { $0.bool($1) }
          json.field("namespace", offered.flatMap { $0.namespace.isEmpty ? nil : $0.namespace })
        }
        if let stable {
          json.key("stable")
          json.bool(stable.contains(symbol.name))
        }
      }
    }
  }

  mutating func exports(_ exports: [ModuleExport]) {
    array(exports) { json, symbol in
      json.object { json in
        json.field("name", symbol.name)
        json.key("crc")
        json.optional(symbol.crc) { $0.crc($1) }
        json.key("gplOnly")
        json.bool(symbol.isGPLOnly)
        json.field("namespace", symbol.namespace)
      }
    }
  }

  mutating func thisModule(_ module: ThisModule, _ sections: SectionTable) {
    object { json in
      json.field("name", module.name)
      json.key("size")
      json.number(module.size)
      json.key("offset")
      json.number(module.fileOffset)
      for (key, entry) in [("init", module.initFunction), ("exit", module.exitFunction)] {
        json.key(key)
        json.optional(entry) { json, entry in
          json.object { json in
            json.field("symbol", entry.symbol)
            json.field("section", entry.section.map { sections[$0].name })
            json.key("offset")
            json.number(entry.offset)
            json.key("size")
            json.number(entry.size)
            json.field("alias", entry.alias)
            json.key("fieldOffset")
            json.number(entry.fieldOffset)
          }
        }
      }
    }
  }

  mutating func taints(_ taints: [ModuleTaint]) {
    array(taints) { json, taint in
      json.object { json in
        json.key("letter")
        json.string(String(taint.taint.letter))
        json.key("name")
        json.string(taint.taint.name)
        json.key("reason")
        json.string(taint.reason)
        if let subject = taint.subject { json.field("subject", subject) }
      }
    }
  }

  mutating func findings(_ findings: [Finding]) {
    array(findings) { json, finding in
      json.object { json in
        json.key("rule")
        json.string(finding.rule)
        json.key("severity")
        json.string(finding.severity.name)
        json.key("message")
        json.bytes(finding.message.bytes)
        json.field("subject", finding.subject)
        json.key("section")
        json.optional(finding.section) { $0.bytes($1) }
        json.key("offset")
        json.optional(finding.offset) { $0.number($1) }
      }
    }
  }
}

extension ParameterFlags {
  /// The flags in words; bits without a name as numbers.
  var names: [String] {
    var names: [String] = []
    if contains(.dangerous) { names.append("unsafe") }
    if contains(.hardware) { names.append("hardware") }
    let rest = rawValue & ~(Self.dangerous.rawValue | Self.hardware.rawValue)
    if rest != 0 { names.append("0x\(String(rest, radix: 16))") }
    return names
  }
}
