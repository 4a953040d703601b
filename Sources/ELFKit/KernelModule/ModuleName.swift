// Names of modules, made comparable: the build makes `snd_hda` of `snd-hda.ko` (scripts/Makefile.lib,
// `name-fix`), and modprobe takes either.

/// How names of modules are compared: `-` and `_` are the same. The only place that knows it.
public enum ModuleName {
  /// The byte that stands for `byte` where names are compared.
  public static func folded(_ byte: UInt8) -> UInt8 {
    byte == UInt8(ascii: "-") ? UInt8(ascii: "_") : byte
  }

  /// `name` with underscores for dashes.
  public static func folded(_ name: some Sequence<UInt8>) -> [UInt8] { name.map { folded($0) } }

  /// `name` with underscores for dashes; the same bytes where there is no dash.
  public static func folded(_ name: ByteSlice) -> ByteSlice {
    guard name.firstIndex(of: UInt8(ascii: "-")) != nil else { return name }
    return ByteSlice(folded(name.bytes), fileOffset: name.fileOffset)
  }

  /// A name with underscores for dashes, up to its first dot.
  public static func normalized(name: some Sequence<UInt8>) -> [UInt8] {
    name.prefix { $0 != UInt8(ascii: ".") }.map { folded($0) }
  }

  /// An alias or pattern with underscores for dashes, except within brackets; `nil` when a bracket
  /// has no counterpart.
  public static func normalized(alias: some Collection<UInt8>) -> [UInt8]? {
    var isInside = false
    var result: [UInt8] = []
    result.reserveCapacity(alias.count)
    for byte in alias {
      if byte == UInt8(ascii: "]") {
        guard isInside else { return nil }
        isInside = false
      } else if byte == UInt8(ascii: "[") {
        isInside = true
      }
      result.append(isInside ? byte : folded(byte))
    }
    return isInside ? nil : result
  }

  /// The name of the module in the file at `path`: its last part, up to the first dot.
  public static func ofFile(at path: [UInt8]) -> [UInt8] {
    normalized(name: path[((path.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)...])
  }

  /// The same for a path that is a part of a file, such as a provider in `Module.symvers`; nothing is
  /// copied where there is no dash.
  public static func ofFile(at path: ByteSlice) -> ByteSlice {
    let start = path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
    let file = path.suffix(from: start)
    return folded(file[within: 0..<(file.firstIndex(of: UInt8(ascii: ".")) ?? file.count)])
  }
}
