// Finding modules by name or alias below `/lib/modules/RELEASE`, as kmod does.

import ELFKit

/// The modules of one kernel: those in files and those built in.
///
/// Index files are read when a look-up needs them, once. Where an index is there as `.bin`, that
/// is asked, as kmod does; else the text that depmod writes beside it.
final class ModuleIndex {
  /// A module that was found.
  struct Match {
    let name: [UInt8]
    /// The file, or `nil` when the module is built in.
    let path: [UInt8]?
  }

  private let directory: [UInt8]
  private var binaries: [String: BinaryIndex?] = [:]
  private var texts: [String: TextIndex?] = [:]
  private lazy var builtinStrings = ModuleInfo(file("modules.builtin.modinfo") ?? .empty(at: 0))
  private lazy var builtinRuns = runsByName()

  /// The index of the modules of kernel `release` below `base`; the running kernel's when `nil`.
  init(base: [UInt8]?, release: [UInt8]?, workingDirectory: [UInt8]) {
    var root = base ?? []
    if let first = root.first, first != UInt8(ascii: "/") {
      root = workingDirectory + [UInt8(ascii: "/")] + root
    }
    directory = root + Array("/lib/modules/".utf8) + (release ?? runningRelease())
  }

  /// The modules that `word` means: by name, by symbol (`symbol:NAME`), by alias, built in. The
  /// first kind that knows it decides. With `isName`, aliases of modules in files do not count.
  func modules(for word: [UInt8], isName: Bool) -> [Match] {
    let key = isName ? ModuleName.normalized(name: word) : ModuleName.normalized(alias: word)
    guard let key, !key.isEmpty else { return [] }
    if path(of: key) != nil { return [match(key)] }
    if !isName {
      var names: [[UInt8]] = []
      if key.starts(with: "symbol:".utf8) { names = modules(matching: key, in: "modules.symbols") }
      if names.isEmpty { names = modules(matching: key, in: "modules.alias") }
      if !names.isEmpty { return modules(named: names) }
    }
    let builtins = builtinModules(matching: key)
    if !builtins.isEmpty { return modules(named: builtins) }
    return isBuiltin(key) ? [Match(name: key, path: nil)] : []
  }

  /// The modules with these names, each as often as it is named, as kmod does: a disk controller's
  /// module is found by its device and by its class. No device needs more than a few such aliases,
  /// but an index can have thousands, and each would print the whole module again.
  private func modules(named names: [[UInt8]]) -> [Match] {
    var timesNamed = Tally()
    var timesFound = Tally()
    var found: [Match] = []
    for name in names where timesNamed.admits(name) {
      let match = match(name)
      // Many names may lead to one file.
      if timesFound.admits(match.path ?? name) { found.append(match) }
    }
    return found
  }

  /// Counts what was given and stops what is given too often.
  private struct Tally {
    private var counts: [[UInt8]: Int] = [:]
    private static let limit = 16

    mutating func admits(_ key: [UInt8]) -> Bool {
      counts[key, default: 0] += 1
      return counts[key, default: 0] <= Self.limit
    }
  }

  private func match(_ name: [UInt8]) -> Match { Match(name: name, path: path(of: name)) }

  /// The file of the module with this normalized name.
  private func path(of name: [UInt8]) -> [UInt8]? {
    let entry: [UInt8]?
    if let index = binary("modules.dep") {
      entry = index.value(of: name)
    } else {
      entry = text("modules.dep")?.path(ofModule: name)
    }
    return entry.map { $0.first == UInt8(ascii: "/") ? $0 : directory + [UInt8(ascii: "/")] + $0 }
  }

  private func modules(matching word: [UInt8], in name: String) -> [[UInt8]] {
    if let index = binary(name) { return index.values(matching: word) }
    return text(name)?.modules(matching: word) ?? []
  }

  private func isBuiltin(_ name: [UInt8]) -> Bool {
    if let index = binary("modules.builtin") { return index.value(of: name) != nil }
    return text("modules.builtin")?.path(ofModule: name) != nil
  }

  /// Only depmod's binary index has the aliases of what is built in; else the strings tell.
  private func builtinModules(matching word: [UInt8]) -> [[UInt8]] {
    if let index = binary("modules.builtin.alias") { return index.values(matching: word) }
    var names: [[UInt8]] = []
    for entry in builtinStrings {
      let parts = entry.key.split(separator: UInt8(ascii: "."), maxSplits: 1)
      guard parts.count == 2, parts[1].elementsEqual("alias".utf8),
        let pattern = ModuleName.normalized(alias: entry.value.bytes), matches(pattern, word)
      else { continue }
      names.append(Array(parts[0]))
    }
    return names
  }
}

/// What the built-in modules say about themselves.
extension ModuleIndex {
  /// The strings of the built-in module `name`: a run of `NAME.KEY=VALUE` in
  /// `modules.builtin.modinfo`; none when that file is missing.
  func builtinInfo(of name: [UInt8]) -> [ModuleInfo.Entry] {
    guard let run = builtinRuns[name] else { return [] }
    return builtinStrings[run].map { entry in
      ModuleInfo.Entry(
        key: entry.key.suffix(from: name.count + 1), value: entry.value, hasEquals: entry.hasEquals)
    }
  }

  /// Each module's first run of strings.
  private func runsByName() -> [[UInt8]: Range<ModuleInfo.Index>] {
    var runs: [[UInt8]: Range<ModuleInfo.Index>] = [:]
    var position = builtinStrings.startIndex
    while position < builtinStrings.endIndex {
      let start = position
      let name = builtinName(at: start)
      repeat {
        builtinStrings.formIndex(after: &position)
      } while position < builtinStrings.endIndex && builtinName(at: position) == name
      if let name, runs[name] == nil { runs[name] = start..<position }
    }
    return runs
  }

  /// What is before the first dot of the string's key; `nil` without one.
  private func builtinName(at position: ModuleInfo.Index) -> [UInt8]? {
    let key = builtinStrings[position].key
    return key.firstIndex(of: UInt8(ascii: ".")).map { key[within: 0..<$0].bytes }
  }
}

/// The files.
extension ModuleIndex {
  private func binary(_ name: String) -> BinaryIndex? {
    if let known = binaries[name] { return known }
    let index = open("\(name).bin", .ranges).flatMap { BinaryIndex($0) }
    binaries[name] = .some(index)
    return index
  }

  private func text(_ name: String) -> TextIndex? {
    if let known = texts[name] { return known }
    let index = file(name).map(TextIndex.init)
    texts[name] = .some(index)
    return index
  }

  private func file(_ name: String) -> ByteSlice? {
    open(name, .everything).flatMap { try? $0.slice(0, $0.size, in: .file) }
  }

  private func open(_ name: String, _ access: Input.Access) -> AnyByteSource? {
    // A pipe in a tree would be waited for.
    try? Input(directory + [UInt8(ascii: "/")] + Array(name.utf8), access, mustBeRegular: true)
      .source
  }
}
