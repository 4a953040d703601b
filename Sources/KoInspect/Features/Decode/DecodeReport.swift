// What is printed of a log: its lines as they came, and below them what is known.

import ELFKit

/// How it is printed.
struct DecodeReport {
  let isJSON: Bool
  let style: Style
  let isTerminal: Bool

  private static let indent = "    -> "

  /// Prints a line of the log as it came; what it has of control characters reaches no terminal.
  func write(_ line: ByteSlice, isEnded: Bool, _ console: inout Console) {
    guard !isJSON else { return }
    if isTerminal {
      console.out.escaped(line.last == UInt8(ascii: "\r") ? line[within: 0..<line.count - 1] : line)
      console.out.newline()
    } else {
      console.out.append(raw: line.storage[line.range])
      if isEnded { console.out.newline() }
    }
  }

  /// Prints a place that was typed.
  func write(_ place: TraceSymbol, _ console: inout Console) {
    guard !isJSON else { return }
    console.out.escaped(place.function)
    console.out.append("+0x")
    console.out.hex(place.offset)
    if let size = place.size {
      console.out.append("/0x")
      console.out.hex(size)
    }
    console.out.newline()
  }

  /// Prints what is known of a place.
  func write(_ decoded: DecodedMention, _ console: inout Console) {
    if isJSON {
      var json = JSONWriter()
      DecodeForms.place.write(decoded, &json)
      console.out.append(json.out)
      console.out.newline()
      return
    }
    guard let file = decoded.file, let facts = decoded.facts else { return }
    if let address = decoded.mention.address, decoded.mention.kind == .address {
      return write(address, decoded, file, &console.out)
    }
    switch facts.places {
    case .none(let reason):
      console.out.append(Self.indent)
      console.out.toned(.bad, style) { out in
        out.append("not in ")
        // The whole path stands in the verdict below.
        out.escaped(file.name)
        out.append(": ")
        out.escaped(reason.bytes)
      }
      console.out.newline()
    case .data(let section, let offset):
      console.out.append(Self.indent)
      console.out.toned(.name, style) { out in
        out.escaped(file.sectionName(section))
        out.append("+0x")
        out.hex(offset)
      }
      console.out.append("; a variable\n")
    case .some(let places):
      if decoded.isAssumed {
        console.out.append("    if that is ")
        console.out.escaped(file.name)
        console.out.append("'s:\n")
      }
      for (number, place) in places.enumerated() {
        console.out.append(number == 0 ? Self.indent : "    or ")
        write(place, decoded, file, &console.out)
        console.out.newline()
      }
      writeCallers(facts.frames, &console.out)
    }
  }

  /// Prints what of the code lies at an address.
  private func write(
    _ address: UInt64, _ decoded: DecodedMention, _ file: DecodedFile, _ out: inout TextBuffer
  ) {
    guard let place = decoded.facts?.place else { return }
    let symbol = decoded.mention.symbol
    out.append(Self.indent)
    out.append("0x")
    out.hex(address)
    out.append(" is ")
    out.toned(.name, style) { out in
      out.escaped(symbol.function.asWritten)
      if symbol.offset > 0 {
        out.append("+0x")
        out.hex(symbol.offset)
      }
    }
    if let module = symbol.module {
      out.append(" [")
      out.escaped(module)
      out.append("]")
    }
    out.append(", ")
    out.escaped(file.sectionName(place.section))
    out.append("+0x")
    out.hex(place.start &+ symbol.offset)
    if place.isInit { out.append("; freed once init has run") }
    out.newline()
  }

  /// Prints what the compiler has built into each other there, one line a function.
  private func writeCallers(_ frames: [SourceFrame], _ out: inout TextBuffer) {
    for (inner, outer) in zip(frames, frames.dropFirst()) {
      out.append("       ")
      if let name = inner.function {
        out.toned(.name, style) { $0.escaped(name.asWritten) }
        out.append(", ")
      }
      out.append("inlined at ")
      out.toned(.heading, style) { out in
        Self.append(outer.line, &out)
      }
      out.newline()
    }
  }

  private func write(
    _ place: ModuleCode.Place, _ decoded: DecodedMention, _ file: DecodedFile,
    _ out: inout TextBuffer
  ) {
    if let line = decoded.facts?.line {
      out.toned(.heading, style) { out in
        Self.append(line, &out)
      }
      out.append("; ")
    }
    out.toned(.name, style) { out in
      out.escaped(file.sectionName(place.section))
      out.append("+0x")
      out.hex(place.start &+ decoded.mention.symbol.offset)
    }
    if let whole = place.coldPartOf {
      out.append("; cold part of ")
      out.escaped(whole.asWritten)
    } else if let name = RustName.readable(place.name) {
      out.append("; ")
      out.escaped(name)
    }
    if let facts = decoded.facts { write(facts, decoded, &out) }
    if place.isInit { out.append("; freed once init has run") }
  }

  /// `FILE:LINE`; compilers make code that is of no line.
  private static func append(_ line: SourceLine, _ out: inout TextBuffer) {
    out.escaped(line.path)
    out.append(line.line == 0 ? ":?" : ":\(line.line)")
  }

  private func write(
    _ facts: DecodedFacts, _ decoded: DecodedMention, _ out: inout TextBuffer
  ) {
    if let bug = facts.bug {
      out.append(bug.isWarning ? "; WARN" : "; BUG")
      // What the debug information has said already is not said again.
      if let file = bug.file, facts.line?.path != file.bytes || facts.line?.line != bug.line {
        out.append(" at ")
        out.escaped(file)
        out.append(":\(bug.line)")
      }
    }
    if let bounds = facts.bounds {
      out.append("; between the code of lines \(bounds.first) and \(bounds.last) of ")
      out.escaped(bounds.file)
    }
    if let meaning = facts.meaning { out.append("; \(meaning)") }
    if let address = facts.address {
      out.append("; the address of ")
      out.escaped(address.asWritten)
    } else if let call = facts.call {
      out.append(call.isIndirect ? "; indirect call, by " : "; called ")
      out.escaped(call.function.asWritten)
    }
    if let above = decoded.unexpected {
      out.append(" (the frame above is ")
      out.escaped(above.asWritten)
      out.append(")")
    }
  }

  /// Prints what came of comparing the bytes of a `Code:` line.
  func write(
    _ comparison: CodeComparison, of listing: CodeListing, _ mention: TraceMention,
    _ console: inout Console
  ) {
    guard !isJSON else { return }
    let total = listing.units.count * listing.unitBytes
    switch comparison {
    case .unknown: return
    case .equal(let count):
      console.out.append(Self.indent)
      console.out.append("as in the file: \(count) of \(total) bytes")
      if count < total { console.out.append("; the others may differ in memory") }
    case .different(let offset, let log, let file):
      console.out.append(Self.indent)
      console.out.toned(.bad, style) { out in
        out.append("not as in the file: at 0x")
        out.hex(offset)
        out.append(" there is ")
        out.hex(UInt64(file), width: 2)
        out.append(", here ")
        out.hex(UInt64(log), width: 2)
      }
    }
    console.out.newline()
  }

  /// Prints the verdict of each module, and gives the status back. Of `isBrief` output only what is
  /// wrong is a part.
  func writeVerdicts(
    _ files: DecodedFiles, _ given: [ByteSlice], isBrief: Bool = false, _ console: inout Console
  ) -> ExitStatus {
    var status = ExitStatus.clean
    for (name, file) in files.all {
      let verdict = file.traced.verdict
      if verdict == .different { status = .findings }
      if isJSON {
        var json = JSONWriter()
        DecodeForms.module.write(DecodedVerdict(name: name, file: file), &json)
        console.out.append(json.out)
        console.out.newline()
      } else if !isBrief || verdict == .different {
        write(name, file, &console.out)
      }
    }
    if !isJSON, !isBrief {
      for name in given where !files.all.contains(where: { ModuleName.folded($0.name) == name }) {
        console.out.append("module ")
        console.out.escaped(name)
        console.out.append(": no line of the log names a place in it\n")
      }
    }
    return status
  }

  private func write(_ name: ByteSlice, _ file: DecodedFile, _ out: inout TextBuffer) {
    let verdict = file.traced.verdict
    out.append("module ")
    out.escaped(name)
    out.append(": ")
    let tone: Tone = verdict == .different ? .bad : verdict == .unknown ? .warning : .good
    out.toned(tone, style, verdict.rawValue)
    out.append(" (")
    out.escaped(file.path)
    out.append(")")
    let evidence = file.traced.evidence
    for (number, text) in evidence.enumerated() {
      out.append(number == 0 ? ": " : ", ")
      out.escaped(text.bytes)
    }
    if verdict == .unknown { out.append(": the log shows nothing that tells builds apart") }
    switch file.traced.unreadDebug {
    case .split: out.append("; its functions are in .dwo files, which are not read")
    case .shared: out.append("; some names are in a file that dwz made, which is not read")
    case nil: break
    }
    out.newline()
  }
}

extension DecodedFile {
  /// The name of the file.
  var name: ArraySlice<UInt8> { fileName(of: path) }

  /// The name of the section with this number.
  func sectionName(_ number: Int) -> ByteSlice { traced.module.image.sections[number].name }
}
