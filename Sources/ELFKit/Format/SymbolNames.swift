// Names of symbol types and bindings (gABI, elf.h).

extension SymbolType {
  /// The names that all machines have; those of one machine are in its description.
  static let names: NameTable = [
    0: "NOTYPE", 1: "OBJECT", 2: "FUNC", 3: "SECTION", 4: "FILE", 5: "COMMON", 6: "TLS",
    8: "RELC", 9: "SRELC",
  ]
}

extension SymbolBinding {
  /// The name (`GLOBAL`), or `nil` when it is unknown on this system.
  public func name(_ osABI: OSABI) -> String? {
    switch rawValue {
    case 0: "LOCAL"
    case 1: "GLOBAL"
    case 2: "WEAK"
    case 10 where osABI == .gnu: "UNIQUE"
    default: nil
    }
  }
}
