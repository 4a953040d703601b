// The options about what is read. Every command but the drop-in modes has them.

/// A command's names for these options.
protocol InputOptionName: Hashable, Sendable {
  static var filesFrom: Self { get }
  static var maxSize: Self { get }
}

/// Their rows in the command's table.
extension Option where Name: InputOptionName {
  static var filesFrom: Self {
    Self(
      .filesFrom, nil, "files-from", argument: .required("FILE"),
      help: "also read the paths in FILE ('-': standard input), ended by newline or NUL")
  }

  static var maxSize: Self {
    Self(
      .maxSize, nil, "max-size", argument: .required("SIZE"),
      help: "refuse files that are larger, decompressed (1G; units K, M, G)")
  }
}

extension ParsedArguments where Name: InputOptionName {
  /// The limits asked for; `nil` when the size given is none.
  var limits: Input.Limits? { Input.Limits(value(.maxSize)) }

  /// The same for commands whose other arguments are errors, too.
  var neededLimits: Input.Limits {
    get throws(SystemError) {
      guard let limits else {
        throw SystemError("--max-size is a number of bytes, with K, M or G for larger units")
      }
      return limits
    }
  }
}

extension Input.Limits {
  /// Limits with the size that `text` says, or the usual ones without: `1000`, `64K`, `1G`, bytes
  /// or powers of 1024 of them. `nil` when `text` is no size. Who names a size means it, also for what
  /// is compressed.
  init?(_ text: [UInt8]?) {
    self.init()
    hint = " (see --max-size)"
    guard let text else { return }
    let shift: UInt64? =
      switch text.last.map({ $0 & ~0x20 }) {
      case UInt8(ascii: "K"): 10
      case UInt8(ascii: "M"): 20
      case UInt8(ascii: "G"): 30
      default: nil
      }
    let digits = String(decoding: shift == nil ? text[...] : text.dropLast(), as: UTF8.self)
    guard let number = UInt64(digits), number <= .max >> (shift ?? 0) else { return nil }
    maxSize = number << (shift ?? 0)
    allowsBombs = true
  }
}
