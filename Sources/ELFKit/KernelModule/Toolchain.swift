// What the compilers left behind: `.comment`, debug information, the mark of Rust modules.

/// What built a module, and what is left of the building.
public struct Toolchain: Equatable, Sendable {
  /// What `.comment` names, each text once, in file order: `GCC: (Debian 12.2.0-14) 12.2.0`.
  public let compilers: [ByteSlice]
  /// Whether the module itself is written in Rust: it has a symbol that holds
  /// `__IS_RUST_MODULE` (rust/macros/module.rs).
  public let isRust: Bool
  /// The bytes of all `.debug_*` and `.zdebug_*` sections and of their relocations: they are never loaded.
  public let debugInfoSize: UInt64
  /// The bytes of `.BTF` and `.BTF.base`: types for BPF, read by the kernel when it is told to.
  public let btfSize: UInt64
}

extension KernelModule {
  /// What built the module. O(number of sections and symbols).
  public func toolchain() throws(ELFError) -> Toolchain {
    var debugInfo: UInt64 = 0
    var btf: UInt64 = 0
    var comments: [ByteSlice] = []
    for section in image.sections {
      let name = section.name
      if Self.isDebugInfo(name) {
        debugInfo &+= section.header.size
      } else if name.equals(".BTF") || name.equals(".BTF.base") {
        btf &+= section.header.size
      } else if name.equals(".comment") {
        comments += try strings(in: section)
      }
    }
    return Toolchain(
      compilers: comments, isRust: try isRust(comments), debugInfoSize: debugInfo, btfSize: btf)
  }

  /// Whether a section holds debug information, or relocates it.
  private static func isDebugInfo(_ name: ByteSlice) -> Bool {
    let owner =
      name.starts(with: ".rela.")
      ? name.suffix(from: 5) : name.starts(with: ".rel.") ? name.suffix(from: 4) : name
    return owner.starts(with: ".debug_") || owner.starts(with: ".zdebug_")
  }

  /// The NUL-ended strings of `section`, each once. The linker merges equal ones, so there are few.
  private func strings(in section: Section) throws(ELFError) -> [ByteSlice] {
    let bytes = try image.bytes(of: section)
    var strings: [ByteSlice] = []
    var seen: Set<ByteSlice> = []
    var start = 0
    while start < bytes.count {
      let string = bytes.suffix(from: start).untilNUL
      if !string.isEmpty, seen.insert(string).inserted { strings.append(string) }
      start += string.count + 1
    }
    return strings
  }

  /// The names are looked through only when the Rust compiler took part, or nobody says who did.
  private func isRust(_ compilers: [ByteSlice]) throws(ELFError) -> Bool {
    guard compilers.isEmpty || compilers.contains(where: { $0.starts(with: "rustc") }) else {
      return false
    }
    // The name is mangled, so it is a part of a longer one.
    return try image.symbols().names.bytes.contains("__IS_RUST_MODULE")
  }
}
