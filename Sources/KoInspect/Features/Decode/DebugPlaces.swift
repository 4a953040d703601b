// Where distributions put the debug information of a module.

import ELFKit

/// The files that may have the debug information of a module, best first.
struct DebugPlaces {
  /// A file, and whether only the sum of a `.gnu_debuglink` tells that it is the right one.
  private(set) var paths: [[UInt8]] = []

  /// The places for the module at `path`, below the folders `roots` and beside it.
  init(_ path: [UInt8], _ buildID: ByteSlice?, _ link: DebugLink?, below roots: [[UInt8]]) {
    let slash = path.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { Array(path[..<$0]) } ?? [UInt8(ascii: ".")]
    let file = Self.unpackedName(Array(path[(slash.map { $0 + 1 } ?? 0)...]))
    if let buildID, buildID.count > 1 {
      var digits = TextBuffer()
      for byte in buildID { digits.hex(UInt64(byte), width: 2) }
      let name = Array(digits.pending)
      for root in roots {
        paths.append(
          root + Array("/.build-id/".utf8) + name.prefix(2) + [UInt8(ascii: "/")]
            + name.dropFirst(2)
            + Array(".debug".utf8))
      }
    }
    let hidden = Array("/.debug/".utf8)
    let suffix = Array(".debug".utf8)
    if let link {
      paths.append(folder + [UInt8(ascii: "/")] + link.name.bytes)
      paths.append(folder + hidden + link.name.bytes)
    }
    // Beside it as Fedora and SUSE name it, and as Yocto does.
    paths.append(folder + [UInt8(ascii: "/")] + file + suffix)
    paths.append(folder + hidden + file)
    // Below the root with the folder that it is installed in. `/lib` is a link to `/usr/lib` by now.
    guard folder.first == UInt8(ascii: "/") else { return }
    let usr = Array("/usr".utf8)
    let other =
      folder.starts(with: usr + [UInt8(ascii: "/")]) ? Array(folder.dropFirst(4)) : usr + folder
    for root in roots {
      for installed in [folder, other] {
        if let link { paths.append(root + installed + [UInt8(ascii: "/")] + link.name.bytes) }
        // Debian and Ubuntu keep the name; Fedora and SUSE add to it.
        paths.append(root + installed + [UInt8(ascii: "/")] + file)
        paths.append(root + installed + [UInt8(ascii: "/")] + file + suffix)
      }
    }
  }

  /// The name without what a compressed file adds to it.
  private static func unpackedName(_ name: [UInt8]) -> [UInt8] {
    for suffix in [".gz", ".xz", ".zst"] where ByteSlice(name).text.hasSuffix(".ko" + suffix) {
      return Array(name.dropLast(suffix.utf8.count))
    }
    return name
  }
}
