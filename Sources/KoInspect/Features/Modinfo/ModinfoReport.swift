// What `modinfo` prints about one module: kmod's layout, trailing blanks included.

import ELFKit

/// One module's fields, or one of them, as kmod 34.2 prints them.
struct ModinfoReport {
  /// The value of `filename`: an absolute path, or the like for built-in modules.
  let filename: [UInt8]
  /// The only field wanted, or `nil` for all.
  let field: [UInt8]?
  /// What ends a value: a newline or a NUL.
  let terminator: UInt8
  /// Whether values are printed as the bytes they are. They may hold anything, also what changes
  /// a terminal's state.
  let isRaw: Bool

  /// Writes the file's name: alone when it is the field wanted, as first line when all are.
  func writeFilename(to out: inout TextBuffer) {
    if field == nil { label("filename", to: &out) }
    write(filename, to: &out)
    out.append(byte: terminator)
  }

  /// Writes a built-in module's name in the same way; it stands before the file's.
  func writeName(_ name: [UInt8], to out: inout TextBuffer) {
    if field == nil { label("name", to: &out) }
    write(name, to: &out)
    out.append(byte: terminator)
  }

  /// Writes the strings of `.modinfo`, the signature's fields and the parameters.
  ///
  /// Parameters come last, whatever their place; `complain` hears of those without a name.
  func write(
    _ info: some Sequence<ModuleInfo.Entry>, _ signature: SignatureFields?,
    to out: inout TextBuffer, complain: (ModuleInfo.Entry) -> Void
  ) {
    var parameters = ModinfoParameters()
    let wantsParameters = field.map { $0.elementsEqual("parm".utf8) } ?? true
    for entry in info {
      if wantsParameters, let kind = ModinfoParameters.Kind(entry.key) {
        if !parameters.add(kind, entry.value) { complain(entry) }
      } else if let field {
        guard entry.key.elementsEqual(field) else { continue }
        write(entry.value, to: &out)
        out.append(byte: terminator)
      } else {
        writeLine(entry.key, to: &out) { write(entry.value, to: &$0) }
      }
    }
    if let signature { write(signature, to: &out) }
    for parameter in parameters.all.reversed() { write(parameter, to: &out) }
  }

  /// One field of a full listing: `key:` and blanks up to column 16, or `key=` before a NUL.
  private func writeLine(
    _ key: ByteSlice, to out: inout TextBuffer, value: (inout TextBuffer) -> Void
  ) {
    write(key, to: &out)
    if terminator == 0 {
      out.append(byte: UInt8(ascii: "="))
    } else {
      out.append(byte: UInt8(ascii: ":"))
      out.spaces(15 - key.count)
    }
    value(&out)
    out.append(byte: terminator)
  }

  /// The label of lines that keep their columns even before a NUL.
  private func label(_ key: String, to out: inout TextBuffer) {
    out.left("\(key):", 16)
  }

  private func write(_ parameter: ModinfoParameters.Parameter, to out: inout TextBuffer) {
    if field == nil { label("parm", to: &out) }
    write(parameter.name, to: &out)
    out.append(byte: UInt8(ascii: ":"))
    switch (parameter.description, parameter.type) {
    case (let description?, let type?):
      write(description, to: &out)
      out.append(" (")
      write(type, to: &out)
      out.append(")")
    case (let description?, nil):
      write(description, to: &out)
    case (nil, let type?) where field == nil:
      write(type, to: &out)
    case (nil, let type?):
      out.append(" (")
      write(type, to: &out)
      out.append(")")
    case (nil, nil): break
    }
    out.append(byte: terminator)
  }

  private func write(_ signature: SignatureFields, to out: inout TextBuffer) {
    for (key, value) in signature.fields {
      if let field {
        guard field.elementsEqual(key.utf8) else { continue }
        write(value, to: &out)
        out.append(byte: terminator)
      } else {
        writeLine(ByteSlice(Array(key.utf8)), to: &out) { write(value, to: &$0) }
      }
    }
  }

  private func write(_ value: SignatureFields.Value, to out: inout TextBuffer) {
    switch value {
    case .text(let text): write(text, to: &out)
    case .octets(let octets): out.hexPairs(octets)
    }
  }

  private func write(_ text: ByteSlice, to out: inout TextBuffer) {
    write(text.storage[text.range], to: &out)
  }

  private func write(_ text: some Collection<UInt8>, to out: inout TextBuffer) {
    if isRaw { out.append(raw: text) } else { out.escaped(text) }
  }
}

/// The parameters of a module as `modinfo` puts them together: `parm=NAME:DESCRIPTION` and
/// `parmtype=NAME:TYPE` by name; of repeated ones the last counts.
struct ModinfoParameters {
  enum Kind {
    case description
    case type

    /// What a string with this key says about a parameter; `nil` when it is about something else.
    init?(_ key: ByteSlice) {
      if key.equals("parm") {
        self = .description
      } else if key.equals("parmtype") {
        self = .type
      } else {
        return nil
      }
    }
  }

  struct Parameter {
    let name: ByteSlice
    var description: ByteSlice?
    var type: ByteSlice?
  }

  /// In the order in which their names first appeared.
  private(set) var all: [Parameter] = []
  private var places: [ByteSlice: Int] = [:]

  /// Takes one string in; false when it has no colon and so no name.
  mutating func add(_ kind: Kind, _ value: ByteSlice) -> Bool {
    guard let colon = value.firstIndex(of: UInt8(ascii: ":")) else { return false }
    let name = value[within: 0..<colon]
    let place = places[name] ?? all.count
    if place == all.count {
      places[name] = place
      all.append(Parameter(name: name))
    }
    let text = value.suffix(from: colon + 1)
    switch kind {
    case .description: all[place].description = text
    case .type: all[place].type = text
    }
    return true
  }
}
