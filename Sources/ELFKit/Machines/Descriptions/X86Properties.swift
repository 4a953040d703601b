// The GNU properties of x86 programs (x86-64 psABI, "Program Property"): those of x86-64, 32-bit x86, L1OM and K1OM.

extension MachineDescription {
  static let x86Properties = [
    MachineProperty(0xc000_0000, "x86 ISA used", oldISA, none: ""),
    MachineProperty(0xc000_0001, "x86 ISA needed", oldISA, none: ""),
    MachineProperty(0xc000_0002, "x86 feature", ["IBT", "SHSTK", "LAM_U48", "LAM_U57"]),
    MachineProperty(0xc000_8000, "x86 ISA needed", isa),
    MachineProperty(0xc000_8001, "x86 feature needed", features),
    MachineProperty(0xc000_8002, "x86 ISA needed", levels, none: ""),
    MachineProperty(0xc001_0000, "x86 ISA used", isa),
    MachineProperty(0xc001_0001, "x86 feature used", features),
    MachineProperty(0xc001_0002, "x86 ISA used", levels, none: ""),
  ]

  private static let oldISA = [
    "i486", "586", "686", "SSE", "SSE2", "SSE3", "SSSE3", "SSE4_1", "SSE4_2", "AVX", "AVX2",
    "AVX512F", "AVX512CD", "AVX512ER", "AVX512PF", "AVX512VL", "AVX512DQ", "AVX512BW",
  ]

  private static let isa = [
    "CMOV", "SSE", "SSE2", "SSE3", "SSSE3", "SSE4_1", "SSE4_2", "AVX", "AVX2", "FMA", "AVX512F",
    "AVX512CD", "AVX512ER", "AVX512PF", "AVX512VL", "AVX512DQ", "AVX512BW", "AVX512_4FMAPS",
    "AVX512_4VNNIW", "AVX512_BITALG", "AVX512_IFMA", "AVX512_VBMI", "AVX512_VBMI2",
    "AVX512_VNNI", "AVX512_BF16",
  ]

  private static let features = [
    "x86", "x87", "MMX", "XMM", "YMM", "ZMM", "FXSR", "XSAVE", "XSAVEOPT", "XSAVEC", "TMM",
    "MASK",
  ]

  private static let levels = ["x86-64-baseline", "x86-64-v2", "x86-64-v3", "x86-64-v4"]
}
