// Names of relocation types: one table a machine, each in a file of its own.

/// The tables. Numbers and names are those of each machine's ABI document and of elf.h.
enum RelocationNames {
  static func table(of machine: Machine) -> NameTable? {
    switch machine {
    case .amd64: amd64
    case .aarch64: aarch64
    case .riscv: riscv
    case .s390, .s390Old: s390
    case .powerPC64: powerPC64
    case .loongArch: loongArch
    case .mips: mips
    case .sparcV9, .sparcV9Old, .sparcV8Plus, .sparc: sparc
    case .alpha: alpha
    case .ia64: ia64
    case .paRISC: paRISC
    default: nil
    }
  }
}

extension Machine {
  /// The name of a relocation type of this machine (`R_X86_64_64`), or `nil` when it is unknown.
  ///
  /// `type` is one number of the machine's table: on MIPS64 one of the three that a relocation
  /// holds, on SPARC without the data in the upper bits.
  public func relocationName(_ type: UInt32) -> String? {
    RelocationNames.table(of: self)?[type]
  }
}
