// Features of processors that modules ask for (MODULE_DEVICE_TABLE(x86cpu, …), module_cpu_feature_match), by the
// numbers that kernels give them. Features that only Linux has a number for mean something else from kernel to kernel,
// and have no name here.

extension Machine {
  /// What the feature with this number is called; `nil` when that is not known. The table is made when it is
  /// first asked for.
  public func featureName(_ number: UInt16) -> String? {
    Self.features.first { $0.machines.contains(self) }?.names[number]
  }

  private static let features: [(machines: [Machine], names: [UInt16: String])] = [
    ([.amd64, .i386], x86), ([.aarch64], arm64), ([.arm], arm32),
  ]

  /// 32 times the word, and the bit that CPUID has for it (arch/x86/include/asm/cpufeatures.h).
  private static let x86: [UInt16: String] = [
    0x004: "time stamp counter", 0x005: "MSRs", 0x013: "CLFLUSH", 0x016: "thermal control MSRs",
    0x017: "MMX", 0x019: "SSE", 0x01a: "SSE2",
    0x080: "SSE3", 0x081: "PCLMULQDQ", 0x083: "MONITOR/MWAIT", 0x085: "VMX", 0x086: "SMX",
    0x087: "enhanced SpeedStep", 0x089: "SSSE3", 0x08c: "FMA", 0x093: "SSE4.1", 0x094: "SSE4.2",
    0x096: "MOVBE", 0x097: "POPCNT", 0x099: "AES-NI", 0x09c: "AVX", 0x09e: "RDRAND",
    0x0a2: "VIA's random numbers", 0x0a6: "VIA PadLock ACE", 0x0aa: "VIA PadLock hashes",
    0x0c2: "SVM", 0x123: "BMI1", 0x125: "AVX2", 0x128: "BMI2", 0x130: "AVX-512F", 0x132: "RDSEED",
    0x13d: "SHA-NI", 0x13e: "AVX-512BW", 0x13f: "AVX-512VL",
    0x1c0: "digital thermal sensor", 0x1c6: "package thermal status",
    0x208: "GFNI", 0x209: "VAES", 0x20a: "VPCLMULQDQ",
  ]

  /// Bits of HWCAP (arch/arm64/include/uapi/asm/hwcap.h).
  private static let arm64: [UInt16: String] = [
    0: "FP", 1: "ASIMD", 2: "EVTSTRM", 3: "AES", 4: "PMULL", 5: "SHA1", 6: "SHA2", 7: "CRC32",
    8: "ATOMICS", 9: "FPHP", 10: "ASIMDHP", 17: "SHA3", 18: "SM3", 19: "SM4", 20: "ASIMDDP",
    21: "SHA512", 22: "SVE",
  ]

  /// Bits of HWCAP, then of HWCAP2 (arch/arm/include/uapi/asm/hwcap.h).
  private static let arm32: [UInt16: String] = [
    12: "NEON", 32: "AES", 33: "PMULL", 34: "SHA1", 35: "SHA2", 36: "CRC32",
  ]
}
