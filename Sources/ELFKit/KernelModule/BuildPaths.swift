// Paths of the machine that built a module: in what it prints, and in debug information.

/// Where a path of the builder's machine stands.
struct BuildPath: Sendable {
  let path: ByteSlice
  let section: Section
}

extension KernelModule {
  /// The first path of a source or of a folder of somebody's own in each section with texts.
  func buildPaths() -> [BuildPath] {
    image.sections.compactMap { section in
      let name = section.name
      guard
        name.starts(with: ".rodata") || name.starts(with: ".init.rodata")
          || name.equals(".debug_str") || name.equals(".debug_line_str"),
        section.header.type != .nobits, !section.header.flags.contains(.compressed),
        let bytes = try? image.bytes(of: section)
      else { return nil }
      var start = 0
      while start < bytes.count {
        let text = bytes.suffix(from: start).untilNUL
        start += text.count + 1
        if text.first == UInt8(ascii: "/"), Self.isBuildPath(text) {
          return BuildPath(path: text, section: section)
        }
      }
      return nil
    }
  }

  /// Whether a text is an absolute path of a source, or of a folder that only a builder has.
  private static func isBuildPath(_ text: ByteSlice) -> Bool {
    // One text a line, and no message.
    guard text.count > 4, text.count < 4096, !text.contains(UInt8(ascii: " ")),
      !text.contains(UInt8(ascii: "\n"))
    else {
      return false
    }
    if ["/home/", "/root/", "/build/", "/builds/"].contains(where: { text.starts(with: $0) }) {
      return true
    }
    let end = text.suffix(from: text.count - 2)
    return end.equals(".c") || end.equals(".h") || end.equals(".S")
      || text.suffix(from: text.count - 3).equals(".rs")
  }
}
