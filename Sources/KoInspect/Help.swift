// The tool's own help and version. A command's help is made from its table of options.

enum Version {
  static let number = "0.1.0"

  /// What `--version` prints: the version, and which of the system's libraries were found.
  static var text: String {
    let formats = Compression.allCases.map { format in
      "\(format.rawValue): \(format.library) \(format.libraryVersion ?? "not found")\n"
    }
    let crypto = Libcrypto.names[0]
    let verifies = "verify: \(crypto) \(Libcrypto() == nil ? "not found" : "found")\n"
    return "koinspect \(number)\n\(formats.joined())\(verifies)"
  }

  /// The same in kmod's form, for scripts that look for what its second line says.
  static var modinfoText: String {
    let formats = [("ZSTD", Compression.zstd), ("XZ", .xz), ("ZLIB", .gzip)].map { name, format in
      (format.libraryVersion == nil ? "-" : "+") + name
    }
    return "koinspect \(number) (as kmod version 34.2)\n\(formats.joined(separator: " "))\n"
  }
}

enum Help {
  static let usage = """
    usage: koinspect [COMMAND] [OPTIONS] FILE…
    Try 'koinspect --help'.

    """

  /// What `koinspect --help` prints.
  static var text: String {
    let width = CommandTable.all.map(\.name.count).max() ?? 0
    let commands = CommandTable.all.map { command in
      let padding = String(repeating: " ", count: width - command.name.count + 2)
      return "  \(command.name)\(padding)\(command.summary)\n"
    }
    return """
      koinspect tells what a Linux kernel module (.ko) is before anybody loads it.

      Examples:
        koinspect hello.ko                     what it is, what it would taint, its parameters
        koinspect readelf -S -W hello.ko       the section table, as GNU readelf prints it
        koinspect modinfo -F license hello.ko  one field, as kmod's modinfo prints it
        koinspect check build/                 exit status 1 when a licence is not acceptable

      Commands ('koinspect FILE…' is 'koinspect show FILE…'):
      \(commands.joined())
        help COMMAND, --help, --version

      Exit status: 0 clean, 1 findings, 2 wrong usage or unreadable input
      (readelf and modinfo end as their models do).

      """
  }

  /// The help of one command: usage, examples, its options.
  static func text<Name>(
    usage: String, about: String, examples: [(String, String)], options: [Option<Name>]
  ) -> String {
    var text = "usage: \(usage)\n\n\(about)\n"
    if !examples.isEmpty {
      let width = examples.map(\.0.count).max() ?? 0
      text += "\nExamples:\n"
      for (command, meaning) in examples {
        text += "  \(command)\(padding(width - command.count + 2))\(meaning)\n"
      }
    }
    let rows = options.map { (synopsis(of: $0), $0.help) }
    let width = rows.map(\.0.count).max() ?? 0
    text += "\nOptions:\n"
    for (synopsis, help) in rows {
      text += "  \(synopsis)\(padding(width - synopsis.count + 2))\(help)\n"
    }
    return text
  }

  private static func padding(_ count: Int) -> String { String(repeating: " ", count: count) }

  private static func synopsis<Name>(of option: Option<Name>) -> String {
    var words = option.short.map { ["-\($0)"] } ?? []
    words += option.long.prefix(1).map { "--\($0)" }
    let text = words.joined(separator: ", ")
    switch option.argument {
    case .none: return text
    case .required(let value): return "\(text) \(value)"
    case .optional(let value): return "\(text)[=\(value)]"
    }
  }
}
