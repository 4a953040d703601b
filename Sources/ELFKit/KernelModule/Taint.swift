// Taints: include/linux/panic.h `TAINT_*`, kernel/panic.c `taint_flags`, and what of them a file
// alone decides (kernel/module/main.c).

/// A reason for which the kernel calls itself tainted.
public struct Taint: Hashable, Sendable {
  /// The bit in `/proc/sys/kernel/tainted`.
  public let bit: Int
  /// The letter shown when it is set.
  public let letter: Character
  /// The kernel's name for it, as in verbose oops lines, without `TAINT_`.
  public let name: String
  /// What has happened, in words.
  public let meaning: String
  /// Whether loading a module can set it.
  public let isByModule: Bool

  private init(
    _ bit: Int, _ letter: Character, _ name: String, _ meaning: String, isByModule: Bool = false
  ) {
    self.bit = bit
    self.letter = letter
    self.name = name
    self.meaning = meaning
    self.isByModule = isByModule
  }

  /// A non-free module (`TAINT_PROPRIETARY_MODULE`).
  public static let proprietaryModule = Taint(
    0, "P", "PROPRIETARY_MODULE", "a non-free module was loaded", isByModule: true)
  /// A module that was forced (`TAINT_FORCED_MODULE`).
  public static let forcedModule = Taint(
    1, "F", "FORCED_MODULE", "a module was loaded by force", isByModule: true)
  /// A module from the staging tree (`TAINT_CRAP`).
  public static let staging = Taint(
    10, "C", "CRAP", "a module of the staging tree was loaded", isByModule: true)
  /// A module built outside the kernel's tree (`TAINT_OOT_MODULE`).
  public static let outOfTree = Taint(
    12, "O", "OOT_MODULE", "a module built outside of the kernel's tree was loaded",
    isByModule: true)
  /// A module without a valid signature (`TAINT_UNSIGNED_MODULE`).
  public static let unsigned = Taint(
    13, "E", "UNSIGNED_MODULE", "a module without a valid signature was loaded", isByModule: true)
  /// A live patch (`TAINT_LIVEPATCH`).
  public static let livepatch = Taint(
    15, "K", "LIVEPATCH", "the kernel was patched while it ran", isByModule: true)
  /// A test module (`TAINT_TEST`, since ``KernelChange/testTaint``).
  public static let test = Taint(
    18, "N", "TEST", "a test was run, or a test module loaded", isByModule: true)

  /// All of them, in the order of their bits.
  public static let all: [Taint] = [
    proprietaryModule, forcedModule,
    Taint(2, "S", "CPU_OUT_OF_SPEC", "the processor runs out of its specification"),
    Taint(3, "R", "FORCED_RMMOD", "a module was unloaded by force"),
    Taint(4, "M", "MACHINE_CHECK", "the hardware reported an error"),
    Taint(5, "B", "BAD_PAGE", "a page of memory was found in a bad state"),
    Taint(
      6, "U", "USER", "a user asked for it, as by setting a dangerous parameter",
      isByModule: true),
    Taint(7, "D", "DIE", "the kernel died: an oops or a BUG"),
    Taint(8, "A", "OVERRIDDEN_ACPI_TABLE", "an ACPI table was overridden"),
    Taint(9, "W", "WARN", "the kernel has warned"),
    staging,
    Taint(11, "I", "FIRMWARE_WORKAROUND", "a bug of the firmware is worked around"),
    outOfTree, unsigned,
    Taint(14, "L", "SOFTLOCKUP", "a processor was locked up for a while"),
    livepatch,
    Taint(16, "X", "AUX", "the distribution says so"),
    Taint(17, "T", "RANDSTRUCT", "the kernel was built with randomised structures"),
    test,
    Taint(
      19, "J", "FWCTL",
      "a device's firmware was changed by fwctl (from \(KernelChange.fwctlTaint) on)"),
  ]
}

/// A taint that a module would cause, and why.
public struct ModuleTaint: Equatable, Sendable {
  /// The taint.
  public let taint: Taint
  /// Why, in plain words; names and values from the file are in ``subject``.
  public let reason: String
  /// The value the reason is about, as untrusted bytes, or `nil`.
  public let subject: ByteSlice?
}

extension KernelModule {
  /// The taints that the file alone decides, in the order of their bits.
  ///
  /// `E` is given when no signature is appended: a kernel without module signing never sets it,
  /// and one that does may also set it for a signature whose key it does not know.
  public func taints() throws(ELFError) -> [ModuleTaint] {
    let info = try info()
    // Those that the kernel for which it was built did not have yet are none.
    let kernel = info.release.flatMap { Kernel(release: $0) }
    func has(_ change: KernelChange) -> Bool { kernel.map { $0.has(change) } ?? true }
    var taints: [ModuleTaint] = []
    if let reason = try proprietaryReason(info) { taints.append(reason) }
    if info.contains("staging") {
      taints.append(
        ModuleTaint(taint: .staging, reason: "it is tagged 'staging'", subject: nil))
    }
    if !info.contains("intree"), has(.outOfTreeTaint) {
      taints.append(
        ModuleTaint(
          taint: .outOfTree, reason: "built out of tree: no 'intree' tag", subject: nil))
    }
    if has(.unsignedTaint) || kernel?.has(.unsignedForces) == true, try signature() == nil {
      taints.append(
        ModuleTaint(
          taint: has(.unsignedTaint) ? .unsigned : .forcedModule,
          reason: kernel?.has(.distributionSignatures) == true
            ? "no signature is appended"
            : "no signature is appended, which counts where CONFIG_MODULE_SIG is set", subject: nil)
      )
    }
    if info.contains("livepatch"), has(.livepatchTag) {
      taints.append(
        ModuleTaint(taint: .livepatch, reason: "it is a live patch", subject: nil))
    }
    if info.contains("test"), has(.testTaint) {
      taints.append(
        ModuleTaint(
          taint: .test, reason: "it is tagged 'test' (from Linux \(KernelChange.testTaint) on)",
          subject: nil))
    }
    return taints
  }

  /// Modules that the kernel calls non-free by name, whatever their licence says.
  private static let offenders = ["driverloader", "lve", "ndiswrapper"]

  /// Whether the kernel calls a module of this name non-free, whatever its licence says.
  static func isOffender(_ name: ByteSlice) -> Bool { offenders.contains { name.equals($0) } }

  private func proprietaryReason(_ info: ModuleInfo) throws(ELFError) -> ModuleTaint? {
    guard let license = info.first("license") else {
      return ModuleTaint(
        taint: .proprietaryModule, reason: "it declares no licence", subject: nil)
    }
    if !License.isGPLCompatible(license) {
      return ModuleTaint(
        taint: .proprietaryModule, reason: "the kernel does not accept its licence",
        subject: license)
    }
    if let name = try name(), Self.isOffender(name) {
      return ModuleTaint(
        taint: .proprietaryModule, reason: "the kernel lists this name as non-free", subject: name)
    }
    return nil
  }
}
