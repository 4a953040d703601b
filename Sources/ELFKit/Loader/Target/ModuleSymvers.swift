// `Module.symvers`: the symbols that a kernel and its modules export, as modpost writes them
// (Documentation/kbuild/modules.rst, "Symbols From the Kernel"; scripts/mod/modpost.c, write_dump).

/// An exported symbol, as a line of `Module.symvers` tells it:
/// `CRC <tab> name <tab> provider <tab> EXPORT_SYMBOL… <tab> namespace`.
public struct ExportedSymbol: Sendable {
  /// The symbol.
  public let name: ByteSlice
  /// Its version; 0 in a kernel without `CONFIG_MODVERSIONS`.
  public let crc: UInt32
  /// Who offers it: `vmlinux`, or the path of a module without `.ko` in the build directory.
  public let provider: ByteSlice
  /// Whether only modules with a GPL-compatible licence may use it.
  public let isGPLOnly: Bool
  /// The namespace that a module must import to use it; empty when there is none.
  public let namespace: ByteSlice

  /// A symbol with these facts.
  public init(
    name: ByteSlice, crc: UInt32, provider: ByteSlice, isGPLOnly: Bool, namespace: ByteSlice
  ) {
    self.name = name
    self.crc = crc
    self.provider = provider
    self.isGPLOnly = isGPLOnly
    self.namespace = namespace
  }
}

/// The content of a `Module.symvers`.
public struct ModuleSymvers: Sendable {
  /// The lines, in file order.
  public let symbols: [ExportedSymbol]

  /// Reads `bytes`; the cost grows with their number.
  ///
  /// Throws `malformed` for the first line that is not one of modpost's: a list of symbols that
  /// lacks some would make every answer about the rest doubtful.
  public init(_ bytes: ByteSlice) throws(ELFError) {
    var symbols: [ExportedSymbol] = []
    // Debian's lines have 60 bytes on average.
    symbols.reserveCapacity(bytes.count / 60)
    var start = 0
    while start < bytes.count {
      let end = bytes.firstIndex(of: UInt8(ascii: "\n"), from: start) ?? bytes.count
      if end > start { symbols.append(try Self.symbol(in: bytes[within: start..<end])) }
      start = end + 1
    }
    self.symbols = symbols
  }

  private static func symbol(in line: ByteSlice) throws(ELFError) -> ExportedSymbol {
    var rest: ByteSlice? = line
    let version = field(&rest)
    let name = field(&rest)
    let provider = field(&rest)
    let export = field(&rest)
    // Old kernels have no namespace (`KernelChange.exportNamespaces`), others write the field even when it is empty.
    let namespace = field(&rest) ?? .empty(at: line.fileOffset)
    guard let version, let name, let provider, let export, field(&rest) == nil,
      export.starts(with: "EXPORT_"), let crc = crc(version)
    else {
      throw ELFError(
        .malformed(
          "'\(line[within: 0..<Swift.min(line.count, 256)].text)' is not a line of Module.symvers"),
        .file, at: line.fileOffset)
    }
    // EXPORT_SYMBOL, EXPORT_SYMBOL_GPL and, with `KernelChange.futureExports`, EXPORT_UNUSED_… and
    // EXPORT_SYMBOL_GPL_FUTURE.
    let isGPLOnly =
      export.equals("EXPORT_SYMBOL_GPL") || export.equals("EXPORT_UNUSED_SYMBOL_GPL")
    return ExportedSymbol(
      name: name, crc: crc, provider: provider, isGPLOnly: isGPLOnly, namespace: namespace)
  }

  /// What is before the next tab; `nil` when nothing is left, not even an empty field.
  private static func field(_ rest: inout ByteSlice?) -> ByteSlice? {
    guard let line = rest else { return nil }
    guard let tab = line.firstIndex(of: UInt8(ascii: "\t")) else {
      rest = nil
      return line
    }
    rest = line.suffix(from: tab + 1)
    return line[within: 0..<tab]
  }

  /// `0x` and up to eight digits of base 16.
  private static func crc(_ text: ByteSlice) -> UInt32? {
    guard text.starts(with: "0x"), (3...10).contains(text.count) else { return nil }
    var value: UInt32 = 0
    for position in 2..<text.count {
      guard let digit = text[position].hexadecimalDigit else { return nil }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}
