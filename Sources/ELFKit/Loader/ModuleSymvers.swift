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
}

/// The content of a `Module.symvers`.
public struct ModuleSymvers: Sendable {
  /// The lines, in file order.
  public let symbols: [ExportedSymbol]
  private let positions: [ByteSlice: Int]

  /// Reads `bytes`; the cost grows with their number.
  ///
  /// Throws `malformed` for the first line that is not one of modpost's: a list of symbols that
  /// lacks some would make every answer about the rest doubtful.
  public init(_ bytes: ByteSlice) throws(ELFError) {
    var symbols: [ExportedSymbol] = []
    var positions: [ByteSlice: Int] = [:]
    var start = 0
    while start < bytes.count {
      let end = bytes.firstIndex(of: 0x0a, from: start) ?? bytes.count
      if end > start {
        let symbol = try Self.symbol(in: bytes[within: start..<end])
        // modpost refuses to export a name twice; of repeats the first counts.
        if positions[symbol.name] == nil { positions[symbol.name] = symbols.count }
        symbols.append(symbol)
      }
      start = end + 1
    }
    self.symbols = symbols
    self.positions = positions
  }

  /// The symbol named `name`, or `nil` when nobody offers it.
  public subscript(_ name: ByteSlice) -> ExportedSymbol? {
    positions[name].map { symbols[$0] }
  }

  private static func symbol(in line: ByteSlice) throws(ELFError) -> ExportedSymbol {
    var fields: [ByteSlice] = []
    var start = 0
    while start <= line.count, fields.count < 6 {
      let end = line.firstIndex(of: 0x09, from: start) ?? line.count
      fields.append(line[within: start..<end])
      start = end + 1
    }
    // Before 5.4 there was no namespace, and later kernels write the field even when it is empty.
    guard fields.count == 4 || fields.count == 5, fields[3].starts(with: "EXPORT_"),
      fields[0].starts(with: "0x"),
      let crc = UInt32(fields[0].suffix(from: 2).text, radix: 16)
    else {
      throw ELFError(
        .malformed("'\(line.text)' is not a line of Module.symvers"), .file, at: line.fileOffset)
    }
    // EXPORT_SYMBOL, EXPORT_SYMBOL_GPL and, up to 5.11, EXPORT_UNUSED_… and EXPORT_SYMBOL_GPL_FUTURE.
    let isGPLOnly =
      fields[3].equals("EXPORT_SYMBOL_GPL") || fields[3].equals("EXPORT_UNUSED_SYMBOL_GPL")
    return ExportedSymbol(
      name: fields[1], crc: crc, provider: fields[2], isGPLOnly: isGPLOnly,
      namespace: fields.count == 5 ? fields[4] : ByteSlice.empty(at: line.fileOffset))
  }
}
