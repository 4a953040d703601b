// Firmware that modules name or ask for, and whether a folder has it.

import ELFKit

/// A file of firmware that a module wants.
struct FirmwareNeed: Sendable {
  /// The name; `*` in it stands for any text.
  let name: ByteSlice
  /// Whether `firmware=` names it.
  let isDeclared: Bool
  /// Whether code is seen to ask for it.
  let isRequested: Bool
  /// The files that the kernel would find; `nil` when no folder was named.
  let files: [[UInt8]]?

  /// The words for it, for people.
  var text: TextBuffer {
    var text = TextBuffer()
    text.append("firmware")
    if !isDeclared { text.append(", asked for while it runs and not declared") }
    guard let files else { return text }
    guard let first = files.first else {
      text.append(": missing")
      return text
    }
    text.append(": ")
    text.escaped(first)
    if files.count > 1 { text.append(" and \(files.count - 1) more") }
    return text
  }
}

/// Where the kernel looks for firmware (drivers/base/firmware_loader/main.c, `fw_path`).
struct FirmwareFolder: Sendable {
  private let folders: [[UInt8]]

  init(_ path: [UInt8], release: ByteSlice?) {
    let updates = path + Array("/updates".utf8)
    var folders = [updates, path]
    if let release {
      folders.insert(updates + [0x2f] + release.bytes, at: 0)
      folders.insert(path + [0x2f] + release.bytes, at: 2)
    }
    self.folders = folders
  }

  /// Without a suffix, then as the kernel decompresses it (CONFIG_FW_LOADER_COMPRESS).
  private static let suffixes = ["", ".zst", ".xz"].map { Array($0.utf8) }

  /// The files called `name`; of a name with `*` all that fit.
  func files(_ name: ByteSlice) -> [[UInt8]] {
    let isPattern = name.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
    if !isPattern {
      for folder in folders {
        for suffix in Self.suffixes {
          let path = folder + [0x2f] + name.bytes + suffix
          if !name.contains(0), isRegularFile(path) { return [path] }
        }
      }
      return []
    }
    // Below the folders that no pattern is in. What is filled in may have a slash, too.
    let fixed = name.prefix { $0 != UInt8(ascii: "*") && $0 != UInt8(ascii: "?") }
    let above =
      fixed.lastIndex(of: UInt8(ascii: "/")).map { name[within: 0..<$0].bytes + [0x2f] } ?? []
    let depth = name.count { $0 == UInt8(ascii: "/") } - above.count { $0 == UInt8(ascii: "/") } + 1
    let patterns = Self.suffixes.map { AliasPattern(file: ByteSlice(name.bytes + $0)) }
    var found: [[UInt8]] = []
    // The kernel takes no name that leads out of its folders.
    if name.split(separator: UInt8(ascii: "/")).contains(where: { ByteSlice($0).equals("..") }) {
      return found
    }
    var entries = Self.mostEntries
    for folder in folders {
      Self.walk(folder + [0x2f] + above, Swift.min(depth, Self.deepest), [], &entries) { path in
        let own = ByteSlice(Array(path.dropFirst(folder.count + 1)))
        if patterns.contains(where: { $0.matches(own) }) { found.append(path) }
      }
    }
    return found
  }

  /// What a walk may look at: links may make a folder look larger than it is.
  private static let (mostEntries, deepest) = (1 << 18, 8)

  /// The regular files in `folder` and so many below it, but not in what it lies in itself.
  private static func walk(
    _ folder: [UInt8], _ depth: Int, _ above: [[UInt8]], _ entries: inout Int,
    _ found: ([UInt8]) -> Void
  ) {
    guard let real = realPath(folder), !above.contains(real) else { return }
    for name in ((try? names(in: folder)) ?? []).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      guard entries > 0 else { return }
      entries -= 1
      let path = folder + name
      if isRegularFile(path) {
        found(path)
      } else if depth > 0, kind(of: path) == .directory {
        walk(path + [0x2f], depth - 1, above + [real], &entries, found)
      }
    }
  }
}

extension ModuleMember {
  /// What the module wants, each once: what it declares, then what its code is seen to ask for.
  func firmware(in folder: FirmwareFolder?) -> [FirmwareNeed] {
    let declared = words?.firmware ?? []
    let asked = requests.filter { $0.kind == .firmware && $0.name != nil }
    let (known, wanted) = (Set(declared), Set(asked.compactMap { $0.name }))
    // A pattern is declared when one that it fits is.
    var declaredPatterns: Set<ByteSlice> = []
    var fitting: Set<ByteSlice> = []
    for request in asked.filter({ $0.isPattern }).prefix(Self.mostPatterns) {
      guard let name = request.name else { continue }
      let pattern = AliasPattern(file: name)
      for declared in declared where pattern.matches(declared) {
        declaredPatterns.insert(name)
        fitting.insert(declared)
      }
    }
    var seen: Set<ByteSlice> = []
    return (declared + asked.compactMap { $0.name }).filter { seen.insert($0).inserted }.map {
      name in
      FirmwareNeed(
        name: name, isDeclared: known.contains(name) || declaredPatterns.contains(name),
        isRequested: wanted.contains(name) || fitting.contains(name),
        files: folder?.files(name))
    }
  }

  /// Each is compared with all names.
  private static let mostPatterns = 256

  /// The functions that code asks for firmware with whose name is not seen.
  var firmwareUnseen: [ByteSlice] {
    requests.filter { $0.kind == .firmware && $0.name == nil }.map { $0.function }
  }
}
