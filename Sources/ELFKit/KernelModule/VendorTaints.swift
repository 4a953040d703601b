// Taints that vendors of kernels have added or use in a way of their own. Only what was read is here: a
// bit whose letter nobody has published has none.

/// A taint of one vendor's kernels.
public struct VendorTaint: Hashable, Sendable {
  /// The bit in `/proc/sys/kernel/tainted`.
  public let bit: Int
  /// The letter shown when it is set; `nil` when it is not known.
  public let letter: Character?
  /// The vendor's name for it, without `TAINT_`.
  public let name: String
  /// What has happened, in words.
  public let meaning: String
  /// Where that was read.
  public let source: String

  init(_ bit: Int, _ letter: Character?, _ name: String, _ meaning: String, source: String) {
    self.bit = bit
    self.letter = letter
    self.name = name
    self.meaning = meaning
    self.source = source
  }
}

extension KernelVendor {
  /// The taints of this vendor's own, in the order of their bits; empty when none are known.
  public var taints: [VendorTaint] {
    switch self {
    case .redHat: Self.redHatTaints
    case .suse: Self.suseTaints
    case .android, .debian, .ubuntu: []
    }
  }

  private static let redHatTaints = [
    VendorTaint(
      26, nil, "PARTNER_SUPPORTED", "a partner of the vendor supports what was loaded (RHEL 8)",
      source: "names of RHEL's bits in public crash analysers"),
    VendorTaint(
      27, nil, "SUPPORT_REMOVED", "hardware or a module is no longer supported (RHEL 8 and later)",
      source: "include/linux/panic.h of RHEL 9"),
    VendorTaint(
      28, "H", "HARDWARE_UNSUPPORTED", "the hardware is not supported (RHEL 6 and 7)",
      source: "include/linux/kernel.h of RHEL 6"),
    VendorTaint(
      29, "T", "TECH_PREVIEW", "a technology preview is used, which is not fully supported",
      source: "kernel/rh_taint.c, mark_tech_preview; include/linux/kernel.h of RHEL 6"),
    VendorTaint(
      30, nil, "UNPRIVILEGED_BPF", "users without privileges were allowed to use BPF (RHEL 8, 9)",
      source: "include/linux/panic.h of RHEL 9"),
  ]

  private static let suseTaints = [
    VendorTaint(
      16, "X", "AUX", "a module was loaded that others than SUSE support (supported=external)",
      source: "tag 'supported' of modules; 'X' beside such modules in public logs"),
    VendorTaint(
      31, "N", "NO_SUPPORT", "something was used that nobody supports",
      source: "TAINT_NO_SUPPORT, bit 31 (CONFIG_SUSE_KERNEL_SUPPORTED)"),
  ]
}

extension TaintMask {
  /// The taints of `vendor` that are set.
  public func taints(of vendor: KernelVendor) -> [VendorTaint] {
    vendor.taints.filter { rawValue >> UInt64($0.bit) & 1 != 0 }
  }

  /// The taint that `letter` stands for in kernels of `vendor`; `nil` when it stands for what it does
  /// everywhere, or for nothing.
  static func bit(_ letter: Character, of vendor: KernelVendor?) -> Int? {
    vendor?.taints.first { $0.letter == letter }?.bit
  }
}
