// The `.config` in which a kernel's build says its options.

/// What a kernel's `.config` says about the options that matter here.
public struct KernelConfig: Sendable {
  /// The values of the options that are set: `y`, `m`, a number or a text without its quotes.
  public private(set) var values: [KernelOption: ByteSlice] = [:]

  /// The version in the comment at the beginning, or `nil`.
  public private(set) var version: KernelVersion?

  /// Nothing is set.
  public init() {}

  /// Reads the lines `CONFIG_NAME=value`; others are not set. Costs one look at each byte.
  ///
  /// Throws `malformed` when there is no such line: the file is something else.
  public init(_ bytes: ByteSlice) throws(ELFError) {
    let prefix = "CONFIG_"
    var start = 0
    var hasOptions = false
    while start < bytes.count {
      let end = bytes.firstIndex(of: UInt8(ascii: "\n"), from: start) ?? bytes.count
      let line = bytes[within: start..<end]
      start = end + 1
      if line.starts(with: prefix), let equals = line.firstIndex(of: UInt8(ascii: "=")) {
        hasOptions = true
        let name = line[within: prefix.utf8.count..<Swift.max(equals, prefix.utf8.count)]
        if let option = Self.options[name] {
          values[option] = Self.unquoted(line.suffix(from: equals + 1))
        }
      } else if version == nil, line.starts(with: "# Linux/") {
        version = line.firstIndex(of: UInt8(ascii: " "), from: 2).flatMap {
          KernelVersion(release: line.suffix(from: $0 + 1))
        }
      } else if line.starts(with: "# CONFIG_") {
        hasOptions = true
        // The only option that has to be known as not set: a few lines of a configuration lack it, too.
        if line.equals("# CONFIG_MODULES is not set") { values[.modules] = "n" }
      }
    }
    guard hasOptions else {
      throw ELFError(.malformed("no line of it is one of a kernel's .config"), .file, at: 0)
    }
  }

  private static let options = Dictionary(
    uniqueKeysWithValues: KernelOption.allCases.map { (ByteSlice(Array($0.rawValue.utf8)), $0) })

  private static func unquoted(_ value: ByteSlice) -> ByteSlice {
    guard value.count >= 2, value[0] == UInt8(ascii: "\""),
      value[value.count - 1] == UInt8(ascii: "\"")
    else { return value }
    return value[within: 1..<value.count - 1]
  }

  /// Sets an option.
  public mutating func set(_ option: KernelOption, _ value: ByteSlice) { values[option] = value }

  /// Whether the option is built in or a module.
  public subscript(_ option: KernelOption) -> Bool {
    guard let value = values[option] else { return false }
    return value.equals("y") || value.equals("m")
  }

  /// The machine that the kernel is built for, or `nil`.
  public var machine: Machine? { description?.machine }

  /// What is known of that machine.
  var description: MachineDescription? {
    MachineDescription.first { $0.kernel.option.map { self[$0] } ?? false }
  }

  /// The byte order of the kernel.
  public var byteOrder: ByteOrder {
    self[.bigEndian] ? .big : description?.kernel.byteOrder ?? .little
  }
}
