import ELFKit
import TestSupport
import Testing

@Suite("Name tables")
struct NameTableTests {
  static let relocationRows: [(Machine, UInt32, String?)] = [
    (.amd64, 1, "R_X86_64_64"), (.amd64, 42, "R_X86_64_REX_GOTPCRELX"), (.amd64, 200, nil),
    (.aarch64, 275, "R_AARCH64_ADR_PREL_PG_HI21"), (.riscv, 61, "R_RISCV_SUB_ULEB128"),
    (.s390, 19, "R_390_PC32DBL"), (.powerPC64, 38, "R_PPC64_ADDR64"),
    (.loongArch, 66, "R_LARCH_B26"), (.mips, 18, "R_MIPS_64"), (.sparcV9, 32, "R_SPARC_64"),
    (.alpha, 4, "R_ALPHA_LITERAL"), (.ia64, 0x27, "R_IA64_DIR64LSB"),
    (.paRISC, 80, "R_PARISC_DIR64"), (.arm, 43, "R_ARM_MOVW_ABS_NC"), (.i386, 4, "R_386_PLT32"),
    (.powerPC, 6, "R_PPC_ADDR16_HA"), (.sparc, 23, "R_SPARC_UA32"), (.s390Old, 4, "R_390_32"),
    (Machine(rawValue: 9999), 1, nil),
  ]

  @Test("Relocation types have the names of their ABI documents", arguments: relocationRows)
  func relocationNames(machine: Machine, type: UInt32, name: String?) {
    expect(machine.relocationName(type), is: name)
  }

  @Test("Relocations that change data are known, those of instructions are not")
  func relocationEffects() {
    expect(Machine.amd64.relocationEffects[1], is: .absolute(8))
    expect(Machine.amd64.relocationEffects[4], is: nil)
    expect(Machine.aarch64.relocationEffects[261], is: .relative(4))
    expect(Machine.riscv.relocationEffects[52], is: .subtractSixBits)
    expect(Machine(rawValue: 9999).relocationEffects[0], is: RelocationEffect.none)
  }

  @Test("Section types of processors are told apart by machine")
  func sectionTypes() {
    let type = SectionType(rawValue: 0x7000_0003)
    expect(type.name(on: .aarch64), is: "AARCH64_ATTRIBUTES")
    expect(type.name(on: .riscv), is: "RISCV_ATTRIBUTES")
    expect(type.name(on: .mips), is: "MIPS_GPTAB")
    expect(type.name(on: .amd64), is: nil)
    expect(SectionType.symtab.name(on: .ia64), is: "SYMTAB")
    expect(SectionType(rawValue: 0x6fff_fff5).name(on: .ia64), is: nil)
  }

  @Test("Symbol types, bindings and special indices depend on machine and system")
  func symbols() {
    expect(SymbolType.indirectFunction.name(on: .amd64, .none), is: nil)
    expect(SymbolType.indirectFunction.name(on: .amd64, .gnu), is: "IFUNC")
    expect(SymbolType(rawValue: 13).name(on: .sparcV9, .none), is: "REGISTER")
    expect(SymbolBinding(rawValue: 10).name(.gnu), is: "UNIQUE")
    expect(SymbolBinding(rawValue: 10).name(.freeBSD), is: nil)
    expect(SectionIndex(rawValue: 0xff02).name(on: .amd64, .none), is: "LARGE_COM")
    expect(SectionIndex(rawValue: 0xff02).name(on: .aarch64, .none), is: nil)
    let hpUX = OSABI(rawValue: 1)
    expect(SectionIndex(rawValue: 0xff00).name(on: .ia64, hpUX), is: "ANSI_COM")
    expect(SectionIndex(rawValue: 0xff00).name(on: .ia64, .none), is: nil)
    expect(SectionIndex(rawValue: 0xfff1).name(on: .ia64, .none), is: "ABS")
    expect(OSABI(rawValue: 97).name(on: .arm), is: "ARM")
    expect(OSABI(rawValue: 97).name(on: .amd64), is: nil)
  }

  @Test("st_other has its words on some machines")
  func other() {
    expect(SymbolRecord.otherText(2, on: .amd64, .none), is: nil)
    expect(SymbolRecord.otherText(0x60, on: .powerPC64, .none), is: "<localentry>: 8")
    expect(SymbolRecord.otherText(0xe0, on: .powerPC64, .none), is: "<other>: e0")
    expect(SymbolRecord.otherText(0x84, on: .aarch64, .none), is: "VARIANT_PCS | 4")
    expect(SymbolRecord.otherText(0x80, on: .riscv, .none), is: "VARIANT_CC")
    expect(SymbolRecord.otherText(0xf0, on: .mips, .none), is: "MIPS16")
    expect(SymbolRecord.otherText(0xc0, on: .ia64, OSABI(rawValue: 13)), is: "LNK")
    expect(SymbolRecord.otherText(0xc0, on: .ia64, .none), is: "<other>: c0")
  }

  @Test("e_flags are words in a fixed order; unknown bits are left out")
  func flags() {
    func words(
      _ machine: Machine, _ flags: UInt32, _ system: UInt8 = 0, version: UInt8 = 0
    ) -> [String] {
      machine.flagTexts(flags, .system(system, version: version))
    }
    expect(words(.riscv, 0xffff_ffff), is: ["RVC", "RVE", "TSO", "quad-float ABI"])
    expect(words(.mips, 0x6000_5000), is: ["unknown ABI", "mips64"])
    expect(words(.powerPC64, 2), is: ["abiv2"])
    expect(words(.amd64, 7), is: [])
    expect(words(.mips, 0x7000_1001), is: ["noreorder", "o32", "mips32r2"])
    expect(words(.arm, 0x580_0400), is: ["Version5 EABI", "hard-float ABI", "BE8"])
    expect(words(.arm, 0x4c0_0000), is: ["Version4 EABI", "LE8", "BE8"])
    expect(words(.powerPC, 0x1_8000), is: ["relocatable", "relocatable-lib"])
    expect(words(.ia64, 0x11), is: ["64-bit"])
    expect(words(.ia64, 0x11, 13), is: ["64-bit", "warning"])
    let m68k = Machine(rawValue: 4)
    expect(words(m68k, 0x0100_0000), is: ["m68000"])
    expect(words(m68k, 0x8061), is: ["cf", "isa A", "nodiv", "float", "emac"])
    let amdgpu = Machine(rawValue: 224)
    expect(words(amdgpu, 0x13f, 64, version: 0), is: [])
    expect(words(amdgpu, 0x33f, 64, version: 1), is: ["gfx90a", "xnack on", "sramecc on"])
    expect(words(amdgpu, 0xe3f, 64, version: 2), is: ["gfx90a", "xnack off", "sramecc on"])
    expect(words(amdgpu, 0x101, 65), is: ["<unknown AMDGPU GPU type: 0x1>", "xnack on"])
  }
}
