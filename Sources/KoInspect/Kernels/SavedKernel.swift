// A target in one file: all that is known of a kernel, as JSON (Docs/target.schema.json), so that a
// CI job needs neither its headers nor its modules.

import ELFKit

extension KernelDescription {
  /// The file's text.
  var saved: TextBuffer {
    var json = JSONWriter()
    json.object { json in
      json.key("schemaVersion")
      json.number(UInt64(1))
      json.field("release", kernel.release)
      json.field("vermagic", kernel.expectedVermagic)
      json.key("structModule")
      json.optional(kernel.structModule) { json, layout in
        json.object { json in
          json.key("size")
          json.number(layout.size)
          json.key("init")
          json.optional(layout.initOffset) { $0.number($1) }
          json.key("exit")
          json.optional(layout.exitOffset) { $0.number($1) }
        }
      }
      json.key("config")
      json.optional(kernel.config) { json, config in
        json.object { json in
          // Options that are not set are left out.
          for option in KernelOption.allCases {
            if let value = config.values[option] { json.field(option.rawValue, value) }
          }
        }
      }
      if kernel.config == nil, !kernel.shownOptions.isEmpty {
        json.key("shownOptions")
        json.object { json in
          for option in KernelOption.allCases {
            guard let isSet = kernel.shownOptions[option] else { continue }
            json.key(option.rawValue)
            json.bool(isSet)
          }
        }
      }
      json.key("commandLine")
      json.optional(commandLine) { $0.bytes($1) }
      json.key("builtIns")
      json.optional(kernel.hasBuiltIns ? kernel.builtIns.sorted() : nil) { json, names in
        json.array(names) { $0.bytes($1) }
      }
      json.key("modulesDisabled")
      json.bool(kernel.isModulesDisabled)
      json.key("lockedDown")
      json.optional(kernel.isLockedDown) { $0.bool($1) }
      json.key("enforcesSignatures")
      json.optional(kernel.enforcesSignatures) { $0.bool($1) }
      if let flags = kernel.processorFlags {
        json.key("processorFlags")
        json.array(flags.sorted()) { $0.bytes($1) }
      }
      json.key("moduleKeyID")
      json.optional(kernel.moduleKeyID) { json, key in
        var text = TextBuffer()
        text.hexPairs(key)
        json.string(text.text)
      }
      json.key("taints")
      json.number(kernel.state.taints.rawValue)
      json.key("loaded")
      json.array(kernel.state.modules) { $0.loadedModule($1) }
      json.key("certificates")
      json.array(certificates) { json, certificate in
        var text = TextBuffer()
        text.base64(certificate)
        json.string(text.text)
      }
      if kernel.runsWithModules == false {
        json.key("runsWithModules")
        json.bool(false)
      }
      let nonFree = kernel.symbols.proprietary.sorted()
      if !nonFree.isEmpty {
        json.key("nonFree")
        json.array(nonFree) { $0.bytes($1) }
      }
      if let list = kernel.stableSymbols {
        json.key("stableSymbols")
        json.array(list.names.sorted()) { $0.bytes($1) }
      }
      if !kernel.symbols.isComplete, !kernel.versions.isEmpty {
        // As lines, like those of Module.symvers: a CRC, a tab, a symbol.
        json.key("versions")
        json.bytes(linesOfVersions)
      }
      // Last, because it is long: the lines of Module.symvers.
      json.key("symvers")
      json.bytes(symvers + linesOfModules)
    }
    json.out.newline()
    return json.out
  }

  /// The versions that modules record.
  private var linesOfVersions: [UInt8] {
    var text = TextBuffer()
    for symbol in kernel.versions.symbols where !symbol.contains(UInt8(ascii: "\n")) {
      text.append("0x")
      text.hex(UInt64(kernel.versions[symbol] ?? 0), width: 8)
      text.append(byte: UInt8(ascii: "\t"))
      text.append(raw: symbol.bytes)
      text.newline()
    }
    return Array(text.pending)
  }

  /// What the modules of the trees offer, as lines of `Module.symvers`; empty when they were not scanned.
  private var linesOfModules: [UInt8] {
    var text = TextBuffer()
    if let last = symvers.last, last != UInt8(ascii: "\n") { text.newline() }
    for member in modules?.members ?? [] {
      for export in member.exports {
        let texts = [export.name, member.path, export.namespace ?? .empty(at: 0)].map { $0.bytes }
        // What would look like another line or field cannot be said in this form.
        guard
          !texts.joined().contains(where: { $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\n") })
        else { continue }
        text.append("0x")
        text.hex(UInt64(export.crc ?? 0), width: 8)
        text.append(byte: UInt8(ascii: "\t"))
        text.append(raw: texts[0])
        text.append(byte: UInt8(ascii: "\t"))
        text.append(raw: texts[1])
        text.append(export.isGPLOnly ? "\tEXPORT_SYMBOL_GPL\t" : "\tEXPORT_SYMBOL\t")
        text.append(raw: texts[2])
        text.newline()
      }
    }
    return Array(text.pending)
  }

  /// Throws when --kernel would refuse what is about to be saved.
  static func check(saved text: [UInt8]) throws(SystemError) {
    var kernel = KernelDescription()
    try kernel.limits.check(UInt64(text.count))
    try kernel.addSaved(text)
  }

  /// Adds what a file tells that was saved.
  mutating func addSaved(_ text: [UInt8]) throws(SystemError) {
    let value: JSONValue
    do throws(JSONError) { value = try JSONReader.value(text) } catch {
      throw SystemError("no saved target: \(error.description)")
    }
    guard value["schemaVersion"] == .number("1") else {
      throw SystemError("no saved target: it has no \"schemaVersion\": 1")
    }
    if let release = value["release"]?.bytes { kernel.release = ByteSlice(release) }
    if let magic = value["vermagic"]?.bytes { kernel.vermagic = ByteSlice(magic) }
    if let layout = value["structModule"], let size = layout["size"]?.unsigned {
      kernel.structModule = TargetKernel.StructModule(
        size: size, initOffset: layout["init"]?.unsigned, exitOffset: layout["exit"]?.unsigned)
    }
    if let options = value["config"]?.members {
      var config = KernelConfig()
      for member in options {
        guard let option = KernelOption(rawValue: member.key), let value = member.value.bytes else {
          throw SystemError("'config' has no option '\(member.key)' that matters")
        }
        config.set(option, ByteSlice(value))
      }
      kernel.config = config
    }
    for member in value["shownOptions"]?.members ?? [] {
      guard let option = KernelOption(rawValue: member.key) else {
        throw SystemError("'shownOptions' has no option '\(member.key)' that matters")
      }
      guard case .bool(let isSet) = member.value else {
        throw SystemError("'shownOptions' has '\(member.key)', which is neither true nor false")
      }
      kernel.shownOptions[option] = isSet
    }
    if let text = value["commandLine"]?.bytes { setCommandLine(text) }
    if let names = value["builtIns"]?.elements {
      kernel.builtIns = Set(names.compactMap { $0.bytes.map { ByteSlice($0) } })
      kernel.hasBuiltIns = true
    }
    kernel.isModulesDisabled = value["modulesDisabled"] == .bool(true)
    if case .bool(let answer)? = value["lockedDown"] { kernel.isLockedDown = answer }
    if case .bool(let answer)? = value["enforcesSignatures"] {
      kernel.enforcesSignatures = answer
    }
    if value["runsWithModules"] == .bool(false) { kernel.runsWithModules = false }
    if let flags = value["processorFlags"]?.elements {
      kernel.processorFlags = Set(flags.compactMap { $0.bytes.map { ByteSlice($0) } })
    }
    kernel.moduleKeyID = value["moduleKeyID"]?.text.flatMap(Self.hexPairs)
    kernel.state.taints = TaintMask(rawValue: value["taints"]?.unsigned ?? 0)
    kernel.state.modules = (value["loaded"]?.elements ?? []).compactMap { $0.loadedModule }
    certificates += (value["certificates"]?.elements ?? []).compactMap {
      $0.text.flatMap(JSONReader.base64)
    }
    for name in value["nonFree"]?.elements ?? [] {
      if let name = name.bytes { kernel.symbols.markProprietary(ByteSlice(name)) }
    }
    if let names = value["stableSymbols"]?.elements {
      kernel.stableSymbols = SymbolList(
        names: Set(names.compactMap { $0.bytes.map { ByteSlice($0) } }))
    }
    for line in (value["versions"]?.bytes ?? []).split(separator: UInt8(ascii: "\n")) {
      guard let tab = line.firstIndex(of: UInt8(ascii: "\t")),
        let crc = UInt32(String(decoding: line[..<tab].dropFirst(2), as: UTF8.self), radix: 16)
      else { throw SystemError("'versions' has a line that is no CRC, tab and symbol") }
      kernel.versions.add(ByteSlice(Array(line[(tab + 1)...])), crc)
    }
    if let list = value["symvers"]?.bytes, !list.isEmpty {
      try addOwnSymvers(text: ByteSlice(list))
    }
  }

  private static func hexPairs(_ text: String) -> ByteSlice? {
    let bytes = text.split(separator: ":").map { UInt8($0, radix: 16) }
    return bytes.contains(nil) ? nil : ByteSlice(bytes.compactMap { $0 })
  }
}

extension JSONWriter {
  fileprivate mutating func loadedModule(_ module: LoadedModule) {
    object { json in
      json.field("name", module.name)
      json.key("taints")
      json.number(module.taints.rawValue)
      json.key("exports")
      json.optional(module.exports) { json, exports in
        json.array(exports.values.sorted { $0.name < $1.name }) { json, symbol in
          json.object { json in
            json.field("name", symbol.name)
            json.key("crc")
            json.crc(symbol.crc)
            json.key("gplOnly")
            json.bool(symbol.isGPLOnly)
            json.field("namespace", symbol.namespace.isEmpty ? nil : symbol.namespace)
          }
        }
      }
    }
  }
}

extension JSONValue {
  /// The number when it is a whole one that is not negative.
  fileprivate var unsigned: UInt64? {
    if case .number(let digits) = self { UInt64(digits) } else { nil }
  }

  fileprivate var loadedModule: LoadedModule? {
    guard let name = self["name"]?.bytes.map({ ByteSlice($0) }) else { return nil }
    let exports = self["exports"]?.elements?.compactMap { value -> ExportedSymbol? in
      guard let symbol = value["name"]?.bytes.map({ ByteSlice($0) }),
        let crc = value["crc"]?.text.flatMap({ UInt32($0.dropFirst(2), radix: 16) })
      else { return nil }
      return ExportedSymbol(
        name: symbol, crc: crc, provider: name, isGPLOnly: value["gplOnly"] == .bool(true),
        namespace: ByteSlice(value["namespace"]?.bytes ?? []))
    }
    return LoadedModule(
      name: name, taints: TaintMask(rawValue: self["taints"]?.unsigned ?? 0),
      exports: exports.map { list in
        list.reduce(into: [:]) { if $0[$1.name] == nil { $0[$1.name] = $1 } }
      })
  }
}
