import TestSupport
import Testing

@testable import ELFKit

@Suite("Target kernels")
struct TargetKernelTests {
  private func slice(_ text: String) -> ByteSlice { ByteSlice(Array(text.utf8)) }

  @Test(
    "What differs between two version magics is said word by word",
    arguments: [
      (
        "6.1.0-50-amd64 SMP preempt mod_unload ", "6.1.0-56-amd64 SMP preempt mod_unload ",
        "it has '6.1.0-50-amd64' where the kernel has '6.1.0-56-amd64'"
      ),
      (
        "6.1.0 SMP preempt_rt mod_unload ", "6.1.0 SMP mod_unload ",
        "it has 'preempt_rt', which the kernel has not"
      ),
      (
        "6.1.0 mod_unload ", "6.1.0 SMP preempt mod_unload ",
        "it lacks 'SMP' 'preempt', which the kernel has"
      ),
      (
        "6.1.0 SMP", "6.1.0 SMP ",
        "the words are the same, their order or the blanks between them are not"
      ), ("", "6.1.0", "it lacks '6.1.0', which the kernel has"),
    ])
  func difference(own: String, kernel: String, words: String) {
    expect(Vermagic.difference(slice(own), slice(kernel)).text, is: words)
  }

  @Test(
    "The version magic is made of release and build options",
    arguments: [
      (
        "5.10.0-32-amd64", "X86_64 SMP PREEMPT_VOLUNTARY MODULE_UNLOAD MODVERSIONS",
        "5.10.0-32-amd64 SMP mod_unload modversions "
      ),
      (
        "6.1.0-56-amd64", "X86_64 SMP PREEMPT_BUILD MODULE_UNLOAD MODVERSIONS",
        "6.1.0-56-amd64 SMP preempt mod_unload modversions "
      ),
      (
        "6.1.0-50-arm64", "ARM64 SMP MODULE_UNLOAD MODVERSIONS",
        "6.1.0-50-arm64 SMP mod_unload modversions aarch64"
      ),
      (
        "6.12.107+deb13-riscv64", "RISCV SMP MODULE_UNLOAD MODVERSIONS",
        "6.12.107+deb13-riscv64 SMP mod_unload modversions riscv"
      ),
      (
        "7.2.13+deb14-powerpc64le", "PPC64 SMP PREEMPT_BUILD MODULE_UNLOAD RELOCATABLE",
        "7.2.13+deb14-powerpc64le SMP preempt mod_unload patchable-function-entry relocatable "
      ),
      ("6.1.0-rt", "X86_64 SMP PREEMPT_RT PREEMPT_BUILD", "6.1.0-rt SMP preempt "),
      ("7.2.0-rt", "X86_64 SMP PREEMPT_RT PREEMPT_BUILD", "7.2.0-rt SMP preempt_rt "),
      ("6.1.0", "X86_64 RANDSTRUCT", nil), ("6.1.0", "SPARC64", nil),
    ] as [(String, String, String?)])
  func vermagic(release: String, options: String, expected: String?) throws {
    let lines = options.split(separator: " ").map { "CONFIG_\($0)=y\n" }.joined()
    var kernel = TargetKernel()
    kernel.release = slice(release)
    kernel.config = try KernelConfig(slice(lines))
    expect(kernel.expectedVermagic?.text, is: expected)
  }

  @Test("A .config tells options, machine, byte order and version; another file is refused")
  func config() throws {
    let text = """
      #
      # Linux/s390 6.12.107 Kernel Configuration
      CONFIG_S390=y
      CONFIG_BUILD_SALT="a b"
      # CONFIG_MODVERSIONS is not set
      CONFIG_LIVEPATCH=m
      CONFIG_=y
      """
    let config = try KernelConfig(slice(text))
    expect(config.version, is: KernelVersion(6, 12))
    expect(config.machine, is: .s390)
    expect(config.byteOrder, is: .big)
    expect(config[.livepatch])
    expect(!config[.modversions])
    expect(config.values[.buildSalt]?.text, is: "a b")
    #expect(throws: ELFError.self) { try KernelConfig(slice("0x1\tx\tvmlinux\tEXPORT_SYMBOL\t\n")) }
  }

  @Test(
    "Debian's kernels and old ones refuse a missing version, others warn",
    arguments: [
      ("6.1.0-56-amd64", true), ("6.12.107+deb13-riscv64", true), ("6.8.0-31-generic", false),
      ("6.1.0", false), ("4.4.0", true), ("3.10.0-1160.el7.x86_64", true), ("4.19.157-perf", false),
    ])
  func missingVersions(release: String, refuses: Bool) {
    var kernel = TargetKernel()
    kernel.release = slice(release)
    expect(kernel.refusesMissingVersions, is: refuses)
  }
}
