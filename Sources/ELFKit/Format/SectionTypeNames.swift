// Names of section types (gABI, elf.h `SHT_*`), without the prefix.

extension SectionType {
  /// The names that all machines have; those of one machine are in its description.
  static let names: NameTable = [
    0: "NULL", 1: "PROGBITS", 2: "SYMTAB", 3: "STRTAB", 4: "RELA", 5: "HASH", 6: "DYNAMIC",
    7: "NOTE", 8: "NOBITS", 9: "REL", 10: "SHLIB", 11: "DYNSYM", 14: "INIT_ARRAY",
    15: "FINI_ARRAY", 16: "PREINIT_ARRAY", 17: "GROUP", 18: "SYMTAB SECTION INDICES",
    19: "RELR", 0x6fff_4700: "GNU_INCREMENTAL_INPUTS", 0x6fff_fff0: "VERSYM",
    0x6fff_fff5: "GNU_ATTRIBUTES", 0x6fff_fff6: "GNU_HASH", 0x6fff_fff7: "GNU_LIBLIST",
    0x6fff_fffc: "VERDEF", 0x6fff_fffd: "VERDEF", 0x6fff_fffe: "VERNEED",
    0x6fff_ffff: "VERSYM", 0x7fff_fffd: "AUXILIARY", 0x7fff_ffff: "FILTER",
  ]
}
