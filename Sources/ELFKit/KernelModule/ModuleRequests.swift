// What code asks for while it runs: modules (include/linux/kmod.h `request_module`) and firmware.

/// A place in a module's code that asks the kernel for a module or for firmware.
public struct ModuleRequest: Hashable, Sendable {
  /// What is asked for.
  public enum Kind: Hashable, Sendable {
    /// A module, by name or alias.
    case module
    /// A file of firmware.
    case firmware
  }

  /// What is asked for.
  public let kind: Kind
  /// The function that is called.
  public let function: ByteSlice
  /// The name; where the code fills something in, `*` stands for that. `nil` when the code before the
  /// call does not show it, so that nobody knows.
  public let name: ByteSlice?
  /// Whether something is filled in.
  public let isPattern: Bool

  /// The same in memory of its own.
  func copied() -> Self {
    Self(
      kind: kind, function: ByteSlice(function.bytes), name: name.map { ByteSlice($0.bytes) },
      isPattern: isPattern)
  }
}

extension KernelModule {
  /// What the code asks for, each once, in the order of the file. Empty where the machine's instructions are
  /// not known.
  ///
  /// Reads code only when a function that asks is imported.
  public func requests() throws(ELFError) -> [ModuleRequest] {
    let symbols = try image.symbols()
    let sites = try callSites(
      of: Self.firmwareRequests + Self.moduleRequests.map { $0.parameter }, writers: Self.writers,
      symbols)
    var seen: Set<ModuleRequest> = []
    return sites.flatMap { site -> [ModuleRequest] in
      let row = Self.moduleRequests.first { site.function.equals($0.parameter.function) }
      let names = site.texts.compactMap { text -> (ByteSlice, Bool)? in
        let (name, isPattern) =
          site.isFormat ? RequestedName.pattern(text, site.following) : (text, false)
        // `%s` alone is any name.
        guard !isPattern || name.contains(where: RequestedName.isLetter) else { return nil }
        guard let row, !row.prefix.isEmpty else { return (name, isPattern) }
        return (ByteSlice(Array(row.prefix.utf8) + name.bytes), isPattern)
      }
      let kind = row == nil ? ModuleRequest.Kind.firmware : .module
      let requests =
        names.isEmpty
        ? [ModuleRequest(kind: kind, function: site.function, name: nil, isPattern: false)]
        : names.map {
          ModuleRequest(kind: kind, function: site.function, name: $0.0, isPattern: $0.1)
        }
      return requests.filter { seen.insert($0).inserted }
    }
  }

  /// Functions that write a name, often right before it is asked for (include/linux/kernel.h, sprintf.h).
  private static let writers = [
    TextParameter(function: "snprintf", position: 2, isFormat: true, buffer: 0),
    TextParameter(function: "scnprintf", position: 2, isFormat: true, buffer: 0),
    TextParameter(function: "sprintf", position: 1, isFormat: true, buffer: 0),
    TextParameter(function: "kasprintf", position: 1, isFormat: true),
    TextParameter(function: "devm_kasprintf", position: 2, isFormat: true),
    TextParameter(function: "strscpy", position: 1, buffer: 0),
    TextParameter(function: "sized_strscpy", position: 1, buffer: 0),
    TextParameter(function: "strlcpy", position: 1, buffer: 0),
    TextParameter(function: "strncpy", position: 1, buffer: 0),
    TextParameter(function: "strcpy", position: 1, buffer: 0),
  ]

  /// A function that asks for a module: where the text stands, and what the kernel puts before it.
  private struct ModuleRequestFunction {
    let parameter: TextParameter
    var prefix = ""
  }

  /// kernel/module/kmod.c; crypto/api.c `crypto_larval_lookup`; fs/filesystems.c `get_fs_type`; fs/nls/nls_base.c
  /// `load_nls`; lib/textsearch.c `textsearch_prepare`; include/media/dvbdev.h `dvb_module_probe`;
  /// drivers/media/v4l2-core/v4l2-i2c.c `v4l2_i2c_new_subdev`; net/netfilter/nf_tables_api.c.
  private static let moduleRequests: [ModuleRequestFunction] =
    [
      ModuleRequestFunction(
        parameter: TextParameter(function: "__request_module", position: 1, isFormat: true)),
      ModuleRequestFunction(
        parameter: TextParameter(function: "get_fs_type", position: 0), prefix: "fs-"),
      ModuleRequestFunction(
        parameter: TextParameter(function: "load_nls", position: 0), prefix: "nls_"),
      ModuleRequestFunction(
        parameter: TextParameter(function: "textsearch_prepare", position: 0), prefix: "ts_"),
      ModuleRequestFunction(parameter: TextParameter(function: "dvb_module_probe", position: 0)),
      ModuleRequestFunction(
        parameter: TextParameter(function: "v4l2_i2c_new_subdev", position: 2), prefix: "i2c:"),
      ModuleRequestFunction(
        parameter: TextParameter(function: "nft_request_module", position: 1, isFormat: true)),
    ]
    + [
      "crypto_alloc_shash", "crypto_alloc_ahash", "crypto_alloc_skcipher", "crypto_alloc_aead",
      "crypto_alloc_akcipher", "crypto_alloc_rng", "crypto_alloc_base", "crypto_alloc_kpp",
      "crypto_alloc_acomp", "crypto_alloc_sync_skcipher", "crypto_has_alg", "crypto_has_ahash",
      "crypto_has_shash", "crypto_has_skcipher", "crypto_has_kpp",
    ].map {
      ModuleRequestFunction(parameter: TextParameter(function: $0, position: 0), prefix: "crypto-")
    }
}

/// Formats of printf as patterns.
enum RequestedName {
  /// `format` with the literals of `following`, of which the first is filled in first, and with `*` for all
  /// else that is filled in (lib/vsprintf.c); and whether there is such a thing.
  static func pattern(_ format: ByteSlice, _ following: [ByteSlice?] = []) -> (ByteSlice, Bool) {
    var text: [UInt8] = []
    var isPattern = false
    var number = 0
    var position = 0
    while position < format.count {
      let byte = format[position]
      position += 1
      guard byte == UInt8(ascii: "%") else {
        text.append(byte)
        continue
      }
      // Flags, width, precision and length, then one letter.
      let start = position
      while position < format.count, "0123456789 +-#.*lhzjtqL".utf8.contains(format[position]) {
        if format[position] == UInt8(ascii: "*") { number += 1 }
        position += 1
      }
      guard position < format.count else { break }
      let letter = format[position]
      position += 1
      if letter == UInt8(ascii: "%") {
        text.append(letter)
        continue
      }
      // `%pI4` and its like go on.
      while letter == UInt8(ascii: "p"), position < format.count, isLetter(format[position]) {
        position += 1
      }
      let literal = number < following.count ? following[number] : nil
      number += 1
      if letter == UInt8(ascii: "s"), position == start + 1, let literal {
        text += literal.bytes
        continue
      }
      isPattern = true
      if text.last != 0x2a { text.append(0x2a) }
    }
    return (ByteSlice(text), isPattern)
  }

  static func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) || byte.isDigit
  }
}
