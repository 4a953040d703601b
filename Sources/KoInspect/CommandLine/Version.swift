// The tool's version, and which of the system's libraries it finds.

enum Version {
  static let number = "0.2.0"

  /// What `--version` prints: the version, and which of the system's libraries were found.
  static var text: String {
    let formats = Compression.allCases.map { format in
      "\(format.rawValue): \(format.library) \(format.libraryVersion ?? "not found")\n"
    }
    let crypto = Libcrypto.names[0]
    let verifies = "verify: \(crypto) \(Libcrypto() == nil ? "not found" : "found")\n"
    return "koinspect \(number)\(commit)\n\(formats.joined())\(verifies)"
  }

  /// ` (0123456789ab)`, where it is known.
  private static var commit: String { Commit.id.isEmpty ? "" : " (\(Commit.id))" }

  /// The same in kmod's form, for scripts that look for what its second line says.
  static var modinfoText: String {
    let formats = [("ZSTD", Compression.zstd), ("XZ", .xz), ("ZLIB", .gzip)].map { name, format in
      (format.libraryVersion == nil ? "-" : "+") + name
    }
    return "koinspect \(number) (as kmod version 34.2)\n\(formats.joined(separator: " "))\n"
  }
}
