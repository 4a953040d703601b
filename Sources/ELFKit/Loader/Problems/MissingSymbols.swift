// What can be done about symbols that a module needs and does not find (kernel/module/main.c,
// `resolve_symbol`): the advice alone, not the problems.

/// Symbols that were not found, by what can be done about them.
struct MissingSymbols {
  /// Offered by nobody.
  private var unknown: [ByteSlice] = []
  /// Hidden from a non-free module.
  private var hidden: [ByteSlice] = []
  /// Offered by modules that are not loaded: these in the order in which they are needed.
  private(set) var owners: [ByteSlice] = []
  private var owned: [ByteSlice: [ByteSlice]] = [:]
  /// What is wrong with the version of the first symbol that has another one, and how many have.
  private var otherVersion: ByteText?
  private var otherVersions = 0

  mutating func addOtherVersion(_ text: ByteText) {
    otherVersion = otherVersion ?? text
    otherVersions += 1
  }

  /// `isLoaded` tells that who offers the symbol is loaded: then it is hidden, for one reason or another.
  mutating func add(
    _ symbol: ByteSlice, _ listed: ExportedSymbol?, _ taints: TaintMask, isLoaded: Bool
  ) {
    guard let listed else {
      if !symbol.isEmpty { unknown.append(symbol) }
      return
    }
    if listed.isGPLOnly, taints.contains(.proprietaryModule) {
      hidden.append(symbol)
    } else if !isLoaded, !listed.provider.equals("vmlinux") {
      let owner = listed.moduleName
      if owned[owner] == nil { owners.append(owner) }
      owned[owner, default: []].append(symbol)
    }
  }

  func advise(_ load: inout LoadAttempt) {
    if let otherVersion {
      let others: ByteText =
        otherVersions == 1 ? "" : ", and \(otherVersions - 1) more are of other versions"
      load.advise(
        "\(otherVersion)\(others): build the module against this kernel's headers and Module.symvers"
      )
    }
    if !unknown.isEmpty { load.advise("nothing exports \(Self.list(unknown)) to this module") }
    // One sentence a cause, under the first symbol that has it.
    var said: Set<String> = []
    for symbol in unknown {
      guard let cause = SymbolCause.of(symbol)?.text ?? load.trimming, said.insert(cause).inserted
      else { continue }
      load.advise("'\(symbol)': \(cause)")
    }
    adviseStable(&load)
    let nonFree = load.nonFreeProviders
    if !nonFree.isEmpty {
      let (verb, pronoun) = nonFree.count == 1 ? ("is", "it") : ("are", "them")
      load.advise(
        "\(Self.list(nonFree)), which the module uses, \(verb) not under a licence that the kernel accepts: who uses its symbols may not use GPL-only ones as well. That licence has to change, or the module do without \(pronoun)"
      )
    } else if !hidden.isEmpty {
      load.advise(
        "\(Self.list(hidden)): for GPL-compatible modules only; change the licence or do without")
    }
    for owner in owners {
      load.advise(
        "load \(owner) first, as modprobe does (--with-deps, --loaded): it exports \(Self.list(owned[owner] ?? []))"
      )
    }
  }

  /// What the list of stable symbols says of those that nothing exports.
  private func adviseStable(_ load: inout LoadAttempt) {
    guard let stable = load.target.stableSymbols else { return }
    let kept = unknown.filter { stable.contains($0) }
    let other = unknown.filter { !stable.contains($0) && SymbolCause.of($0) == nil }
    if !kept.isEmpty {
      load.advise(
        "\(Self.list(kept)): in the list of stable symbols (--kabi-list), so the list is of another kernel"
      )
    }
    if !other.isEmpty {
      load.advise(
        "\(Self.list(other)): not in the list of stable symbols (--kabi-list) either: ask the kernel's vendor to add what the module needs"
      )
    }
  }

  /// A few names, and how many more there are.
  private static func list(_ names: [ByteSlice]) -> ByteText {
    let shown = names.prefix(3).reduce(ByteText("")) { text, name in
      text.bytes.isEmpty ? "'\(name)'" : "\(text), '\(name)'"
    }
    return names.count > 3 ? "\(shown) and \(names.count - 3) more" : shown
  }
}
