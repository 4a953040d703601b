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
    let slash = name.lastIndex(of: UInt8(ascii: "/"))
    let pattern = name.suffix(from: slash.map { $0 + 1 } ?? 0).bytes
    let above = name[within: 0..<(slash ?? 0)].bytes
    var found: [[UInt8]] = []
    for folder in folders {
      let place = above.isEmpty ? folder : folder + [0x2f] + above
      for file in ((try? names(in: place)) ?? []).sorted(by: { $0.lexicographicallyPrecedes($1) })
      where Self.suffixes.contains(where: { Self.matches(file[...], pattern + $0) }) {
        found.append(place + [0x2f] + file)
      }
    }
    return found
  }

  /// Whether `text` fits `pattern`, in which `*` is any text and `?` any byte.
  private static func matches(_ text: ArraySlice<UInt8>, _ pattern: [UInt8]) -> Bool {
    var (position, place) = (text.startIndex, 0)
    var retry: (position: Int, place: Int)?
    while position < text.endIndex {
      if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
        place += 1
        retry = (position, place)
      } else if place < pattern.count,
        pattern[place] == UInt8(ascii: "?") || pattern[place] == text[position]
      {
        (position, place) = (position + 1, place + 1)
      } else if let last = retry {
        retry = (last.position + 1, last.place)
        (position, place) = (last.position + 1, last.place)
      } else {
        return false
      }
    }
    return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}

extension ModuleMember {
  /// What the module wants, each once: what it declares, then what its code is seen to ask for.
  func firmware(in folder: FirmwareFolder?) -> [FirmwareNeed] {
    let declared = words?.firmware ?? []
    let asked = requests.filter { $0.kind == .firmware && $0.name != nil }
    let (known, wanted) = (Set(declared), Set(asked.compactMap { $0.name }))
    // A pattern is declared when one that it fits is.
    let patterns = asked.filter { $0.isPattern }.compactMap { $0.name }.map {
      (name: $0, pattern: AliasPattern($0))
    }
    let met = patterns.filter { row in declared.contains { row.pattern.matches($0) } }
    let declaredPatterns = Set(met.map { $0.name })
    var seen: Set<ByteSlice> = []
    return (declared + asked.compactMap { $0.name }).filter { seen.insert($0).inserted }.map {
      name in
      FirmwareNeed(
        name: name, isDeclared: known.contains(name) || declaredPatterns.contains(name),
        isRequested: wanted.contains(name) || met.contains { $0.pattern.matches(name) },
        files: folder?.files(name))
    }
  }
}
