// The build options that decide what the loader does (init/Kconfig, kernel/module/Kconfig and those
// of the machines).

/// A build option, by its name without `CONFIG_`.
public enum KernelOption: String, CaseIterable, Sendable {
  // What is loaded, and how strictly.
  /// Modules can be loaded at all.
  case modules = "MODULES"
  /// Modules can be unloaded.
  case moduleUnload = "MODULE_UNLOAD"
  /// Symbols have versions (CRCs).
  case modversions = "MODVERSIONS"
  /// What is missing may be overlooked, at the price of taint F.
  case moduleForceLoad = "MODULE_FORCE_LOAD"
  /// A missing import of a namespace is only warned of.
  case allowMissingNamespaceImports = "MODULE_ALLOW_MISSING_NAMESPACE_IMPORTS"
  /// Exports for nobody any more.
  case unusedSymbols = "UNUSED_SYMBOLS"
  /// Only what the kernel's own modules use is exported, and what a list keeps.
  case trimUnusedSymbols = "TRIM_UNUSED_KSYMS"
  /// Live patches.
  case livepatch = "LIVEPATCH"
  /// No memory of a module is writable and executable.
  case strictModuleRWX = "STRICT_MODULE_RWX"
  /// Constructors are run.
  case constructors = "CONSTRUCTORS"
  /// A text that makes build IDs differ; Debian puts the release there.
  case buildSalt = "BUILD_SALT"
  /// The compiler, as it tells itself.
  case compilerText = "CC_VERSION_TEXT"
  // Signatures.
  /// Signatures are looked at.
  case moduleSignature = "MODULE_SIG"
  /// Only modules with a good signature are loaded.
  case moduleSignatureForce = "MODULE_SIG_FORCE"
  /// Android: modules without a good signature may use only some symbols.
  case moduleSignatureProtect = "MODULE_SIG_PROTECT"
  /// RSA: every kernel that looks at signatures has it.
  case rsa = "CRYPTO_RSA"
  /// Elliptic curves.
  case ecdsa = "CRYPTO_ECDSA"
  /// MD4.
  case md4 = "CRYPTO_MD4"
  /// MD5.
  case md5 = "CRYPTO_MD5"
  /// SHA-1.
  case sha1 = "CRYPTO_SHA1"
  /// SHA-224 and SHA-256.
  case sha256 = "CRYPTO_SHA256"
  /// SHA-384 and SHA-512.
  case sha512 = "CRYPTO_SHA512"
  /// SHA-3.
  case sha3 = "CRYPTO_SHA3"
  /// The kernel can be locked down.
  case lockdown = "SECURITY_LOCKDOWN_LSM"
  /// It is locked down from the start, to keep its integrity.
  case lockdownForceIntegrity = "LOCK_DOWN_KERNEL_FORCE_INTEGRITY"
  /// It is locked down from the start, to keep its secrets.
  case lockdownForceConfidentiality = "LOCK_DOWN_KERNEL_FORCE_CONFIDENTIALITY"
  // Compressed modules.
  /// The kernel decompresses modules itself.
  case decompress = "MODULE_DECOMPRESS"
  /// Its modules are compressed with gzip.
  case compressGzip = "MODULE_COMPRESS_GZIP"
  /// Its modules are compressed with xz.
  case compressXZ = "MODULE_COMPRESS_XZ"
  /// Its modules are compressed with zstd.
  case compressZstd = "MODULE_COMPRESS_ZSTD"
  /// xz is known, whoever wants it.
  case xz = "XZ_DEC"
  /// xz: the filter for x86.
  case xzX86 = "XZ_DEC_X86"
  /// xz: the filter for PowerPC.
  case xzPowerPC = "XZ_DEC_POWERPC"
  /// xz: the filter for IA-64.
  case xzIA64 = "XZ_DEC_IA64"
  /// xz: the filter for ARM.
  case xzARM = "XZ_DEC_ARM"
  /// xz: the filter for ARM's short instructions.
  case xzARMThumb = "XZ_DEC_ARMTHUMB"
  /// xz: the filter for SPARC.
  case xzSPARC = "XZ_DEC_SPARC"
  /// xz: the filter for AArch64.
  case xzARM64 = "XZ_DEC_ARM64"
  /// xz: the filter for RISC-V.
  case xzRISCV = "XZ_DEC_RISCV"
  // Types.
  /// Modules bring types (BTF).
  case btfModules = "DEBUG_INFO_BTF_MODULES"
  /// Types that do not fit are only warned of.
  case allowBTFMismatch = "MODULE_ALLOW_BTF_MISMATCH"
  // What goes into the version magic.
  /// More than one processor.
  case smp = "SMP"
  /// Preemption, perhaps chosen at boot.
  case preemptBuild = "PREEMPT_BUILD"
  /// Preemption.
  case preempt = "PREEMPT"
  /// Real time.
  case preemptRT = "PREEMPT_RT"
  /// Structures are laid out at random.
  case randstruct = "RANDSTRUCT"
  /// PowerPC: functions are traced the newer way.
  case mprofileKernel = "MPROFILE_KERNEL"
  /// PowerPC: the kernel can be moved.
  case relocatable = "RELOCATABLE"
  // Machines.
  /// x86-64.
  case amd64 = "X86_64"
  /// AArch64.
  case arm64 = "ARM64"
  /// RISC-V.
  case riscv = "RISCV"
  /// s390.
  case s390 = "S390"
  /// 64-bit PowerPC.
  case powerPC64 = "PPC64"
  /// LoongArch.
  case loongArch = "LOONGARCH"
  /// MIPS.
  case mips = "MIPS"
  /// 32-bit x86.
  case i386 = "X86_32"
  /// 32-bit ARM.
  case arm = "ARM"
  /// 32-bit PowerPC.
  case powerPC = "PPC32"
  /// 64-bit SPARC.
  case sparc64 = "SPARC64"
  /// 32-bit SPARC.
  case sparc32 = "SPARC32"
  /// Alpha.
  case alpha = "ALPHA"
  /// IA-64.
  case ia64 = "IA64"
  /// PA-RISC.
  case paRISC = "PARISC"
  /// MIPS64 release 2.
  case mips64Release2 = "CPU_MIPS64_R2"
  /// The most significant byte comes first.
  case bigEndian = "CPU_BIG_ENDIAN"
  /// Indirect jumps are guarded against Spectre V2.
  case retpoline = "RETPOLINE"
  /// The same in newer kernels.
  case mitigationRetpoline = "MITIGATION_RETPOLINE"
  /// x86: indirect calls arrive at endbr64 only.
  case kernelIBT = "X86_KERNEL_IBT"
  /// AArch64: indirect calls arrive at bti only.
  case kernelBTI = "ARM64_BTI_KERNEL"
  /// Indirect calls arrive at functions of their type only (clang).
  case cfiClang = "CFI_CLANG"
  /// The same in newer kernels.
  case cfi = "CFI"
  /// Calls of another type are only warned of.
  case cfiPermissive = "CFI_PERMISSIVE"
  /// Addresses are chosen at boot.
  case randomizeBase = "RANDOMIZE_BASE"
  /// AArch64: the width of virtual addresses.
  case arm64AddressBits = "ARM64_VA_BITS"
  /// AArch64: far calls go through tables.
  case arm64PLTs = "ARM64_MODULE_PLTS"
  /// ARM: where the kernel's part of addresses begins.
  case pageOffset = "PAGE_OFFSET"
  /// ARM: far calls go through tables.
  case armPLTs = "ARM_MODULE_PLTS"
  /// RISC-V: modules have such tables.
  case moduleSections = "MODULE_SECTIONS"
}
