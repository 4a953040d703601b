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
      let end = text.firstIndex(of: UInt8(ascii: "\n"), from: start)
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
    var files = choose(claims, &modules, &console)
    write(&files, report, &console)
    for problem in files.problems {
      console.report(problem.path, problem.error.description)
      modules.isComplete = false
    }
    return report.writeVerdicts(files, modules.givenNames, &console)
  }

  /// What the log tells of modules.
  private struct Claims {
    var release: ByteSlice?
    /// The places of each module, each once.
    var mentions: [ByteSlice: [TraceMention]] = [:]
    /// The bytes around places of each module.
    var code: [ByteSlice: [(listing: CodeListing, mention: TraceMention)]] = [:]
    /// Where WARNs of each module stand in the source.
    var sites: [ByteSlice: [(site: BugSite, mention: TraceMention)]] = [:]
    /// Where places of each module were in memory.
    var addresses: [ByteSlice: [Located]] = [:]
    /// What lines of /proc/modules say.
    var loaded: [ListedModule] = []
    /// Places without the name of a module, as tools print them.
    var unnamed: Set<TraceSymbol> = []
    /// The modules in the order in which the log names them.
    var names: [ByteSlice] = []
  }

  /// Where a place was in memory.
  private struct Located: Hashable {
    let address: UInt64
    let mention: TraceMention
  }

  private func collect() -> Claims {
    var claims = Claims()
    var seenAddresses: Set<Located> = []
    let listsModules = text.contains(ListedModule.mark)
    var seen: Set<TraceSymbol> = []
    var seenCode: Set<CodeListing> = []
    var context = TraceContext()
    forEachLine { bytes, _ in
      if listsModules, let loaded = ListedModule(bytes) { claims.loaded.append(loaded) }
      let line = TraceLine(bytes)
      if let mention = context.instruction(shownBy: line), let module = mention.symbol.module,
        let listing = line.code, seenCode.insert(listing).inserted
      {
        claims.code[module, default: []].append((listing, mention))
      }
      claims.release = claims.release ?? line.release
      var located = line.mentions.compactMap { mention in
        mention.address.map { Located(address: $0, mention: mention) }
      }
      for (address, mention) in context.located {
        located.append(Located(address: address, mention: mention))
      }
      for place in located where place.address != 0 {
        guard let module = place.mention.symbol.module, seenAddresses.insert(place).inserted else {
          continue
        }
        claims.addresses[module, default: []].append(place)
      }
      for mention in line.mentions {
        guard let module = mention.symbol.module else {
          if Self.isOfTool(mention, bytes) { claims.unnamed.insert(mention.symbol) }
          continue
        }
        guard seen.insert(mention.symbol).inserted else { continue }
        if claims.mentions[module] == nil { claims.names.append(module) }
        claims.mentions[module, default: []].append(mention)
        if mention.kind == .warn, let site = line.site {
          claims.sites[module, default: []].append((site, mention))
        }
      }
    }
    return claims
  }

  /// Whether a place is one of a tool's that does not tell modules: bpftrace, drgn (`#1  0x… (f+0x1/0x2)`).
  private static func isOfTool(_ mention: TraceMention, _ line: ByteSlice) -> Bool {
    mention.symbol.size == nil
      || line.first { $0 != UInt8(ascii: " ") } == UInt8(ascii: "#")
  }

  /// Without modules that were named, those of the kernel that printed the log, when it is installed
  /// here.
  private func addInstalled(
    _ release: ByteSlice?, _ modules: inout DecodeModules, _ console: inout Console
  ) {
    // A release is a word of an untrusted log: it must not lead out of the folder.
    guard let release, !release.contains(UInt8(ascii: "/")), release.first != UInt8(ascii: ".")
    else { return }
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
        for located in claims.addresses[name] ?? [] {
          file.traced.add(located.address, of: located.mention)
        }
        for loaded in claims.loaded where loaded.name == name { file.traced.add(loaded) }
        do throws(ELFError) {
          for (site, mention) in claims.sites[name] ?? [] { try file.traced.add(site, at: mention) }
          for (listing, mention) in claims.code[name] ?? [] {
            try file.traced.add(listing, at: mention)
          }
        } catch {
          console.report(file.path, error.description)
          modules.isComplete = false
        }
        if let known = best, !file.traced.verdict.isBetter(than: known.traced.verdict) { continue }
        best = file
      }
      if let best { files.add(best, name) }
    }
    for name in modules.givenNames where files[name] == nil && !claims.unnamed.isEmpty {
      let file = modules.files(named: name, &console).first { file in
        claims.unnamed.contains { symbol in
          if case .some = file.traced.places(symbol) { true } else { false }
        }
      }
      if let file { files.add(file, name) }
    }
    return files
  }

  private func write(
    _ files: inout DecodedFiles, _ report: DecodeReport, _ console: inout Console
  ) {
    var number: UInt64 = 0
    var cpus: [ByteSlice: UInt64] = [:]
    var context = TraceContext()
    var chain = CallChain()
    forEachLine { bytes, isEnded in
      number += 1
      let line = TraceLine(bytes)
      let shown = context.instruction(shownBy: line)
      let caller = line.caller ?? .empty(at: 0)
      if let cpu = line.cpu { cpus[caller] = cpu }
      if context.isForeign || line.isCut { chain.end(caller) }
      // Words on the stack that look like addresses in code stand between entries.
      let isUncertain =
        line.mentions.isEmpty ? bytes.contains(" ? 0x") : !line.mentions[0].isReliable
      if !isUncertain { chain.next(caller) }
      // A log that is cut in the middle of a line stays so, unless something may stand below it.
      let isFollowed =
        files.areLocated
        || line.mentions.contains { $0.symbol.module != nil || Self.isOfTool($0, bytes) }
      report.write(bytes, isEnded: isEnded || isFollowed, &console)
      for mention in line.mentions {
        if mention.symbol.module == nil, Self.isOfTool(mention, bytes),
          let (file, facts) = files.assumed(mention), !report.isJSON
        {
          report.write(
            DecodedMention(
              mention: mention, line: number, cpu: nil, file: file, facts: facts, isAssumed: true),
            &console)
          continue
        }
        let facts = files.facts(mention, of: mention.symbol.module)
        let unexpected = chain.unexpected(mention, facts?.call, of: caller)
        report.write(
          DecodedMention(
            mention: mention, line: number, cpu: cpus[caller],
            file: mention.symbol.module.flatMap { files[$0] }, facts: facts,
            unexpected: unexpected), &console)
      }
      if files.areLocated {
        let told = line.mentions.compactMap { $0.address } + context.located.map { $0.address }
        write(bytes, line, number, cpus[caller], told, files, report, &console)
      }
      if let mention = shown, let listing = line.code,
        let comparison = files.compare(listing, at: mention)
      {
        report.write(comparison, of: listing, mention, &console)
      }
    }
  }
}

extension DecodeLog {
  /// Prints what other numbers of a line are addresses of than those that have been told.
  private func write(
    _ bytes: ByteSlice, _ line: TraceLine, _ number: UInt64, _ cpu: UInt64?, _ told: [UInt64],
    _ files: DecodedFiles, _ report: DecodeReport, _ console: inout Console
  ) {
    // A line of /proc/modules tells it itself.
    guard line.code == nil, !bytes.contains(ListedModule.mark) else { return }
    for address in TraceLine.addresses(in: bytes) where !told.contains(address) {
      guard let (name, file, place) = files.place(at: address) else { continue }
      report.write(
        DecodedMention(
          mention: TraceMention(place, of: name, at: address), line: number, cpu: cpu, file: file,
          facts: DecodedFacts(.some([place.place]))), &console)
    }
  }
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
          let facts: DecodedFacts
          do throws(ELFError) {
            facts = try DecodedFacts(mention, &file.traced)
          } catch {
            console.report(file.path, error.description)
            modules.isComplete = false
            facts = DecodedFacts(file.traced.places(place))
          }
          report.write(
            DecodedMention(mention: mention, line: nil, cpu: nil, file: file, facts: facts),
            &console)
        }
        files.add(file, name)
      }
    }
    return report.writeVerdicts(files, [], isBrief: true, &console)
  }
}
