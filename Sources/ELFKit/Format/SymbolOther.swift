// `st_other`: visibility in the lower two bits. What processors keep in the others, their descriptions
// in Machines/ say.

extension SymbolRecord {
  /// The name of the visibility (`DEFAULT`).
  public static func visibilityName(_ other: UInt8) -> String {
    switch other & 3 {
    case 1: "INTERNAL"
    case 2: "HIDDEN"
    case 3: "PROTECTED"
    default: "DEFAULT"
    }
  }
}
