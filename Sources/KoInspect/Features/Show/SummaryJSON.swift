// `show --json`: one module, one object. The keys are documented in Docs/json.md.

import ELFKit

extension ModuleSummary {
  func write(to json: inout JSONWriter) {
    json.object { json in
      json.key("schemaVersion")
      json.number(UInt64(1))
      json.key("path")
      json.bytes(path)
      json.key("compression")
      json.optional(compression) { $0.string($1.rawValue) }
      json.key("size")
      json.number(image.source.size)
      json.field("name", name)
      json.key("elf")
      writeELF(to: &json)
      json.key("buildID")
      json.optional(notes.buildID) { $0.hexadecimal($1) }
      json.field("buildSalt", notes.buildSalt)
      json.field("vermagic", info.first("vermagic"))
      json.key("licenses")
      json.array(info.all("license")) { $0.bytes($1) }
      json.key("gplCompatible")
      json.bool(info.first("license").map(License.isGPLCompatible) ?? false)
      json.key("modinfo")
      json.array(info) { json, entry in
        json.object { json in
          json.field("key", entry.key)
          json.field("value", entry.value)
        }
      }
      json.key("parameters")
      json.parameters(parameters)
      json.key("thisModule")
      json.optional(thisModule) { $0.thisModule($1, image.sections) }
      json.key("imports")
      json.imports(imports)
      json.key("exports")
      json.exports(exports)
      json.key("signature")
      json.optional(signature) { $0.signature($1, signer) }
      json.key("signatureOddities")
      json.array(signatureOddities) { $0.string($1.description) }
      json.key("taints")
      json.optional(taints) { $0.taints($1) }
      json.key("sections")
      let sections = SectionsReport(module, info)
      sections.writeJSON(&json)
      json.key("findings")
      json.findings(findings)
      json.key("memory")
      sections.writeMemoryJSON(&json)
      json.key("importedNamespaces")
      json.array(info.all("import_ns")) { $0.bytes($1) }
      json.key("toolchain")
      json.optional(toolchain) { $0.toolchain($1, notes) }
    }
  }

  private func writeELF(to json: inout JSONWriter) {
    let header = image.header
    json.object { json in
      json.key("class")
      json.number(UInt64(64))
      json.key("data")
      json.string(image.encoding.byteOrder == .little ? "little" : "big")
      json.key("type")
      json.number(UInt64(header.type.rawValue))
      json.key("machine")
      json.number(UInt64(header.machine.rawValue))
      json.key("machineName")
      json.optional(header.machine.shortName) { $0.string($1) }
      json.key("flags")
      json.number(UInt64(header.flags))
      json.key("sectionCount")
      json.number(UInt64(image.sections.count))
    }
  }
}

extension JSONWriter {
  mutating func signature(_ signature: ModuleSignature, _ signer: SignedMessage.Signer?) {
    object { json in
      json.key("idType")
      json.number(UInt64(signature.idType.rawValue))
      json.field("signer", signer?.name)
      json.key("keyID")
      json.optional(signer) { json, signer in
        var text = TextBuffer()
        text.hexPairs(signer.keyID)
        json.string(text.text)
      }
      json.key("hashAlgorithm")
      json.optional(signer) { $0.string($1.digestAlgorithm.description) }
      json.key("signatureAlgorithm")
      json.optional(signer) { $0.string($1.signatureAlgorithm.description) }
      json.key("signatureBytes")
      json.optional(signer) { $0.number(UInt64($1.signature.count)) }
      json.key("bytes")
      json.number(UInt64(signature.bytes.count))
    }
  }

  mutating func toolchain(_ toolchain: Toolchain, _ notes: BuildNotes) {
    object { json in
      json.key("compilers")
      json.array(toolchain.compilers) { $0.bytes($1) }
      json.key("rust")
      json.bool(toolchain.isRust)
      json.key("lto")
      json.optional(notes.isLTO) { $0.bool($1) }
      json.key("protections")
      json.array(notes.protections) { $0.string($1) }
      json.key("debugInfoSize")
      json.number(toolchain.debugInfoSize)
      json.key("btfSize")
      json.number(toolchain.btfSize)
    }
  }
}
