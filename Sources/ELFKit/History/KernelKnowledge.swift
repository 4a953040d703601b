// Which kernels are known, and how. What they do, the rows of Changes/ say; here stands how far these
// can be trusted for one version of one vendor.

/// How one version of the kernel is known.
public struct KernelKnowledge: Hashable, Sendable {
  /// The version.
  public let version: KernelVersion
  /// Whose kernels are meant; `nil` for kernel.org's, and for those of vendors without a row.
  public let vendor: KernelVendor?
  /// How sure answers about it are.
  public let certainty: Certainty
  /// What was measured or read.
  public let source: String

  private init(
    _ major: Int, _ minor: Int, _ certainty: Certainty, _ source: String,
    of vendor: KernelVendor? = nil
  ) {
    version = KernelVersion(major, minor)
    self.vendor = vendor
    self.certainty = certainty
    self.source = source
  }

  /// The versions that most people have, oldest first.
  public static let all: [Self] = [
    Self(3, 10, .source, "kernel/module.c, as a phone has it; no machine's loader"),
    Self(
      3, 10, .nearest,
      "RHEL 7: kernel/module.c, kernel/params.c and x86's loader of late minor releases, as OpenVZ has them; the first ones differ",
      of: .redHat),
    Self(
      4, 4, .source,
      "kernel/module.c, of kernel.org and of a phone, which differ; no machine's loader"),
    Self(4, 14, .source, "kernel/module.c, as a phone has it; no machine's loader"),
    Self(
      4, 18, .source,
      "RHEL 8: kernel/module.c of one minor release; RHEL changes it within 4.18", of: .redHat),
    Self(4, 19, .source, "kernel/module.c"),
    Self(5, 4, .source, "kernel/module.c, as Android has it, later than 5.4.118"),
    Self(5, 10, .measured, "Debian's kernel in an emulator"),
    Self(
      5, 14, .source,
      "RHEL 9: kernel/module/main.c of one minor release; RHEL changes it within 5.14",
      of: .redHat),
    Self(5, 15, .nearest, "between 5.10 and 6.1, which were measured"),
    Self(6, 1, .measured, "Debian's kernel in an emulator"),
    Self(6, 6, .source, "kernel/module/main.c, as Android has it"),
    Self(6, 8, .nearest, "between 6.6, which was read, and 6.12, which was measured"),
    Self(6, 12, .measured, "Debian's kernel in an emulator"),
    Self(6, 18, .nearest, "between 6.12 and 7.2, which were measured"),
    Self(7, 2, .measured, "Debian's kernel in an emulator"),
  ]

  /// How `kernel` is known.
  static func of(_ kernel: Kernel) -> Self {
    let rows = all.filter { $0.version == kernel.version }
    if let row = rows.first(where: { $0.vendor == kernel.vendor }) { return row }
    let oldest = read[0]
    let newest = read[read.count - 1]
    guard oldest <= kernel.version, kernel.version <= newest else {
      return Self(
        kernel.version.major, kernel.version.minor, .unknown,
        "no source was read of what is older than \(oldest) or newer than \(newest)",
        of: kernel.vendor)
    }
    if let row = rows.first(where: { $0.vendor == nil }) {
      // Debian's are what was measured, and kernel.org's differ in a row or two; others add their own.
      guard let vendor = kernel.vendor, vendor != .debian, row.certainty > .nearest else {
        return row
      }
      return Self(
        row.version.major, row.version.minor, .nearest,
        "as kernel.org's; what \(vendor.rawValue) added is not asked about", of: vendor)
    }
    let below = read.last { $0 < kernel.version } ?? oldest
    let above = read.first { kernel.version < $0 } ?? newest
    return Self(
      kernel.version.major, kernel.version.minor, .nearest, "between \(below) and \(above)",
      of: kernel.vendor)
  }

  /// The versions of kernel.org that were measured or whose source was read, oldest first.
  private static let read = all.filter { $0.certainty > .nearest && $0.vendor == nil }.map {
    $0.version
  }
}

extension Kernel {
  /// How it is known.
  public var knowledge: KernelKnowledge { .of(self) }
}

extension Certainty {
  /// What it means for answers about a kernel, in words.
  public var words: String {
    switch self {
    case .measured: "measured"
    case .source: "not measured, but read in its source"
    case .nearest: "not measured: taken over from the nearest kernels that are known"
    case .unknown: "not known"
    }
  }
}
