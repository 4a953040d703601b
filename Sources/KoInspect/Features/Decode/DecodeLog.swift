// A log is read twice: first for what it tells of each module, which decides between files of one name
// and needs no line to be kept; then to be printed.

import ELFKit

/// A log in memory.
struct DecodeLog {
  private let text: ByteSlice

  init(_ text: ByteSlice) { self.text = text }

  /// Calls `body` with each line and whether a newline ends it.
  private func forEachLine(_ body: (_ line: ByteSlice, _ isEnded: Bool) -> Void) {
    var start = 0
    while start < text.count {
      let end = text.firstIndex(of: 0x0a, from: start)
      body(text[within: start..<(end ?? text.count)], end != nil)
      start = (end ?? text.count) + 1
    }
  }

  /// Prints the log with what `modules` tell of it.
  func decode(
    _ modules: inout DecodeModules, _ report: DecodeReport, _ console: inout Console
  ) -> ExitStatus {
    let claims = collect()
    modules.kernel = claims.release.flatMap { Kernel(release: $0) }
    if !modules.isGiven { addInstalled(claims.release, &modules, &console) }
    let files = choose(claims, &modules, &console)
    write(files, report, &console)
    return report.writeVerdicts(files, modules.givenNames, &console)
  }

  /// What the log tells of modules.
  private struct Claims {
    var release: ByteSlice?
    /// The places of each module, each once.
    var mentions: [ByteSlice: [TraceMention]] = [:]
    /// The modules in the order in which the log names them.
    var names: [ByteSlice] = []
  }

  private func collect() -> Claims {
    var claims = Claims()
    var seen: Set<TraceSymbol> = []
    forEachLine { line, _ in
      let line = TraceLine(line)
      claims.release = claims.release ?? line.release
      for mention in line.mentions {
        guard let module = mention.symbol.module, seen.insert(mention.symbol).inserted else {
          continue
        }
        if claims.mentions[module] == nil { claims.names.append(module) }
        claims.mentions[module, default: []].append(mention)
      }
    }
    return claims
  }

  /// Without modules that were named, those of the kernel that printed the log, when it is installed
  /// here.
  private func addInstalled(
    _ release: ByteSlice?, _ modules: inout DecodeModules, _ console: inout Console
  ) {
    // A release is a word of an untrusted log: it must not lead out of the folder.
    guard let release, !release.contains(0x2f), release.first != 0x2e else { return }
    let folder = Array("/lib/modules/".utf8) + release.bytes
    guard kind(of: folder) == .directory else { return }
    do throws(SystemError) { try modules.add(folder: folder, &console) } catch {
      console.message { $0.escaped(error.message) }
    }
  }

  /// The file of each module that fits the log best.
  private func choose(
    _ claims: Claims, _ modules: inout DecodeModules, _ console: inout Console
  ) -> DecodedFiles {
    var files = DecodedFiles()
    for name in claims.names {
      var best: DecodedFile?
      for var file in modules.files(named: name, &console) {
        for mention in claims.mentions[name] ?? [] { file.traced.add(mention) }
        if let known = best, !file.traced.verdict.isBetter(than: known.traced.verdict) { continue }
        best = file
      }
      if let best { files.add(best, name) }
    }
    return files
  }

  private func write(_ files: DecodedFiles, _ report: DecodeReport, _ console: inout Console) {
    var number: UInt64 = 0
    var cpus: [ByteSlice: UInt64] = [:]
    forEachLine { bytes, isEnded in
      number += 1
      let line = TraceLine(bytes)
      let caller = line.caller ?? .empty(at: 0)
      if let cpu = line.cpu { cpus[caller] = cpu }
      report.write(bytes, isEnded: isEnded, &console)
      for mention in line.mentions {
        let file = mention.symbol.module.flatMap { files[$0] }
        report.write(
          DecodedMention(mention: mention, line: number, cpu: cpus[caller], file: file), &console)
      }
    }
  }
}

/// The files that were chosen, by the names of the log.
struct DecodedFiles {
  private(set) var all: [(name: ByteSlice, file: DecodedFile)] = []
  private var positions: [ByteSlice: Int] = [:]

  mutating func add(_ file: DecodedFile, _ name: ByteSlice) {
    positions[name] = all.count
    all.append((name, file))
  }

  subscript(name: ByteSlice) -> DecodedFile? { positions[name].map { all[$0].file } }
}

/// A place of a log or of the command line, and the file that it is looked up in.
struct DecodedMention {
  let mention: TraceMention
  /// The number of the line, from 1; `nil` for a place that was typed.
  let line: UInt64?
  let cpu: UInt64?
  /// `nil` when no file of the module was given.
  let file: DecodedFile?

  /// Where it is, if it is anywhere.
  var places: TracedModule.Places? { file.map { $0.traced.places(mention.symbol) } }
}

/// Places that were typed.
struct PlacesReport {
  private let places: [TraceSymbol]

  init(_ places: [TraceSymbol]) { self.places = places }

  func decode(
    _ modules: inout DecodeModules, _ report: DecodeReport, _ console: inout Console
  ) -> ExitStatus {
    var files = DecodedFiles()
    for name in modules.givenNames {
      for var file in modules.files(named: name, &console) {
        for place in places {
          let mention = TraceMention(typed: place)
          file.traced.add(mention)
          report.write(place, &console)
          report.write(
            DecodedMention(mention: mention, line: nil, cpu: nil, file: file), &console)
        }
        files.add(file, name)
      }
    }
    return report.writeVerdicts(files, [], isBrief: true, &console)
  }
}
