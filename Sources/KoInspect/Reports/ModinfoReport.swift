// kmod's layout of a module's fields. Text and spacing are those of modinfo 34.2.

import ELFKit

struct ModinfoReport {
  /// The one field that is asked for, or `nil` for all.
  let field: [UInt8]?
  /// What ends an entry: newline or NUL.
  let separator: UInt8
  /// Whether control characters are made harmless.
  let isEscaping: Bool

  /// The file's name, when it is asked for; true when nothing else is.
  func writeFilename(_ path: [UInt8], to out: inout TextBuffer) -> Bool {
    if let field {
      guard field.elementsEqual("filename".utf8) else { return false }
      put(path, &out)
      out.append(byte: separator)
      return true
    }
    out.append("filename:       ")
    put(path, &out)
    out.append(byte: separator)
    return false
  }

  /// The other fields; gives back the `parm=` values without a colon.
  func write(
    _ info: ModuleInfo, _ signature: ModuleSignature?, to out: inout TextBuffer
  ) -> [ByteSlice] {
    if let field, field.elementsEqual("parm".utf8) {
      return writeParameters(info, to: &out)
    }
    for entry in info { write(entry.key, entry.value, to: &out) }
    if let signature { write(signature, to: &out) }
    return field == nil ? writeParameters(info, to: &out) : []
  }

  private func write(_ key: ByteSlice, _ value: ByteSlice, to out: inout TextBuffer) {
    if let field {
      guard key.storage[key.range].elementsEqual(field) else { return }
      put(value.storage[value.range], &out)
    } else {
      if key.equals("parm") || key.equals("parmtype") { return }
      writeKey(key.storage[key.range], to: &out)
      put(value.storage[value.range], &out)
    }
    out.append(byte: separator)
  }

  private func write(
    _ key: String, to out: inout TextBuffer, _ value: (inout TextBuffer) -> Void
  ) {
    if let field {
      guard field.elementsEqual(key.utf8) else { return }
    } else {
      writeKey(Array(key.utf8)[...], to: &out)
    }
    value(&out)
    out.append(byte: separator)
  }

  /// `KEY:` and blanks up to column 16; with NUL separators `KEY=`.
  ///
  /// kmod pads by `%-*s` with a width of 15 less the key: a negative width counts as positive, so
  /// longer keys are padded too, until at 34 characters nothing is.
  private func writeKey(_ key: ArraySlice<UInt8>, to out: inout TextBuffer) {
    put(key, &out)
    guard separator != 0 else { return out.append(byte: 0x3d) }
    out.append(byte: 0x3a)
    let width = 15 - key.count
    if key.count <= 33 { out.spaces(abs(width)) }
  }

  private func put(_ bytes: some Collection<UInt8>, _ out: inout TextBuffer) {
    if isEscaping { out.escaped(bytes) } else { out.append(raw: bytes) }
  }

  private func put(_ bytes: ByteSlice, _ out: inout TextBuffer) {
    put(bytes.storage[bytes.range], &out)
  }
}

/// The signature's fields. Nothing is verified, here as in modinfo.
extension ModinfoReport {
  private func write(_ signature: ModuleSignature, to out: inout TextBuffer) {
    guard signature.idType == ModuleSignature.pkcs7,
      let message = try? signature.message()
    else { return }
    write("sig_id", to: &out) { $0.append("PKCS#7") }
    write("signer", to: &out) { out in
      if let signer = message.signer { put(signer, &out) }
    }
    write("sig_key", to: &out) { $0.hexPairs(message.keyIdentifier.bytes) }
    write("sig_hashalgo", to: &out) { $0.append(message.hashAlgorithm.name ?? "unknown") }
    write("signature", to: &out) { $0.hexPairs(message.signature) }
  }
}

/// Parameters: `parm=` and `parmtype=` joined by name, the one met last first.
extension ModinfoReport {
  private struct Parameter {
    let name: ByteSlice
    var description: ByteSlice?
    var type: ByteSlice?
  }

  private func writeParameters(_ info: ModuleInfo, to out: inout TextBuffer) -> [ByteSlice] {
    var parameters: [Parameter] = []
    var positions: [ByteSlice: Int] = [:]
    var invalid: [ByteSlice] = []
    for entry in info {
      let isDescription = entry.key.equals("parm")
      guard isDescription || entry.key.equals("parmtype") else { continue }
      guard let colon = entry.value.firstIndex(of: 0x3a) else {
        invalid.append(entry.value)
        continue
      }
      let name = entry.value[within: 0..<colon]
      let text = entry.value.suffix(from: colon + 1)
      let position = positions[name] ?? parameters.count
      if position == parameters.count {
        positions[name] = position
        parameters.append(Parameter(name: name))
      }
      if isDescription {
        parameters[position].description = text
      } else {
        parameters[position].type = text
      }
    }
    for parameter in parameters.reversed() { write(parameter, to: &out) }
    return invalid
  }

  private func write(_ parameter: Parameter, to out: inout TextBuffer) {
    if field == nil { out.append("parm:           ") }
    put(parameter.name, &out)
    out.append(byte: 0x3a)
    switch (parameter.description, parameter.type) {
    case (let description?, let type?):
      put(description, &out)
      out.append(" (")
      put(type, &out)
      out.append(")")
    case (let description?, nil):
      put(description, &out)
    case (nil, let type?) where field == nil:
      put(type, &out)
    case (nil, let type?):
      out.append(" (")
      put(type, &out)
      out.append(")")
    case (nil, nil): break
    }
    out.append(byte: separator)
  }
}
