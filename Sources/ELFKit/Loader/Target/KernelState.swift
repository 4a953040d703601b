// What earlier events left in a running kernel: taints, and modules that are loaded.

/// A module that is loaded.
public struct LoadedModule: Sendable {
  /// Its name.
  public let name: ByteSlice
  /// What it has tainted itself with.
  public let taints: TaintMask
  /// What it offers, by name; `nil` when only the kernel's `Module.symvers` tells.
  public let exports: [ByteSlice: ExportedSymbol]?

  /// A module with these facts.
  public init(name: ByteSlice, taints: TaintMask, exports: [ByteSlice: ExportedSymbol]?) {
    self.name = name
    self.taints = taints
    self.exports = exports
  }

  /// Whether who uses its symbols inherits the taint of a non-free module.
  var isProprietary: Bool { taints.contains(.proprietaryModule) }
}

/// The state of a kernel between two loads.
public struct KernelState: Sendable {
  /// The taints.
  public var taints = TaintMask(rawValue: 0)
  /// The modules that are loaded, in the order in which they were.
  public var modules: [LoadedModule] = []

  /// A kernel that has just been started.
  public init() {}

  /// Whether lock debugging has been switched off: it is said once, by the first taint that makes
  /// the kernel's locks unreliable (kernel/panic.c, `add_taint`).
  var isLockDebuggingOff: Bool {
    let letters: [Character] = ["P", "F", "R", "M", "B", "D"]
    return taints.taints.contains { letters.contains($0.letter) }
  }
}

extension TaintMask {
  /// Whether `taint` is set.
  public func contains(_ taint: Taint) -> Bool { rawValue >> UInt64(taint.bit) & 1 != 0 }

  /// Sets all taints of `other`.
  public mutating func formUnion(_ other: TaintMask) { rawValue |= other.rawValue }

  /// Sets `taint`.
  public mutating func insert(_ taint: Taint) { rawValue |= 1 << UInt64(taint.bit) }
}
