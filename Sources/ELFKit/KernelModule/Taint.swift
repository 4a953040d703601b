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

  /// A non-free module (`TAINT_PROPRIETARY_MODULE`).
  public static let proprietaryModule = Taint(bit: 0, letter: "P", name: "PROPRIETARY_MODULE")
  /// A module that was forced (`TAINT_FORCED_MODULE`).
  public static let forcedModule = Taint(bit: 1, letter: "F", name: "FORCED_MODULE")
  /// A module from the staging tree (`TAINT_CRAP`).
  public static let staging = Taint(bit: 10, letter: "C", name: "CRAP")
  /// A module built outside the kernel's tree (`TAINT_OOT_MODULE`).
  public static let outOfTree = Taint(bit: 12, letter: "O", name: "OOT_MODULE")
  /// A module without a valid signature (`TAINT_UNSIGNED_MODULE`).
  public static let unsigned = Taint(bit: 13, letter: "E", name: "UNSIGNED_MODULE")
  /// A live patch (`TAINT_LIVEPATCH`).
  public static let livepatch = Taint(bit: 15, letter: "K", name: "LIVEPATCH")
  /// A test module (`TAINT_TEST`, from 6.1 on).
  public static let test = Taint(bit: 18, letter: "N", name: "TEST")
}

/// A taint that a module would cause, and why.
public struct ModuleTaint: Sendable {
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
    var taints: [ModuleTaint] = []
    if let reason = try proprietaryReason(info) { taints.append(reason) }
    if info.contains("staging") {
      taints.append(
        ModuleTaint(taint: .staging, reason: "it is tagged 'staging'", subject: nil))
    }
    if !info.contains("intree") {
      taints.append(
        ModuleTaint(
          taint: .outOfTree, reason: "built out of tree: no 'intree' tag", subject: nil))
    }
    if try signature() == nil {
      taints.append(
        ModuleTaint(taint: .unsigned, reason: "no signature is appended", subject: nil))
    }
    if info.contains("livepatch") {
      taints.append(
        ModuleTaint(taint: .livepatch, reason: "it is a live patch", subject: nil))
    }
    if info.contains("test") {
      taints.append(
        ModuleTaint(
          taint: .test, reason: "it is tagged 'test' (from Linux 6.1 on)", subject: nil))
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
