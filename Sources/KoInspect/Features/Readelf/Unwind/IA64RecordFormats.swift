// The kinds of records of IA-64 that say how functions save registers and build their frames, and the names of what they
// are about (Itanium Software Conventions and Runtime Architecture Guide, 11.4: R1 to R3 begin regions, P1 to P10 are
// about prologues, B1 to B4 about bodies, X1 to X4 about both).

/// How a kind of record begins, and what follows its first byte.
struct IA64RecordFormat {
  enum Kind: String {
    case r1 = "R1"
    case r2 = "R2"
    case r3 = "R3"
    case p1 = "P1"
    case p2 = "P2"
    case p3 = "P3"
    case p4 = "P4"
    case p5 = "P5"
    case p6 = "P6"
    case p7 = "P7"
    case p8 = "P8"
    case p9 = "P9"
    case p10 = "P10"
    case b1 = "B1"
    case b2 = "B2"
    case b3 = "B3"
    case b4 = "B4"
    case x1 = "X1"
    case x2 = "X2"
    case x3 = "X3"
    case x4 = "X4"
  }

  let kind: Kind
  /// The bits of the first byte that tell the kind, and what they are.
  let mask: UInt8
  let value: UInt8
  /// How many bytes follow, and how many numbers in LEB128 behind these.
  let bytes: Int
  let numbers: Int

  init(_ kind: Kind, _ mask: UInt8, _ value: UInt8, bytes: Int = 0, numbers: Int = 0) {
    (self.kind, self.mask, self.value) = (kind, mask, value)
    (self.bytes, self.numbers) = (bytes, numbers)
  }

  static let prologue = [
    IA64RecordFormat(.r1, 0xc0, 0x00), IA64RecordFormat(.r2, 0xe0, 0x40, bytes: 1, numbers: 1),
    IA64RecordFormat(.r3, 0xe0, 0x60, numbers: 1), IA64RecordFormat(.p1, 0xe0, 0x80),
    IA64RecordFormat(.p2, 0xf0, 0xa0, bytes: 1), IA64RecordFormat(.p3, 0xf8, 0xb0, bytes: 1),
    IA64RecordFormat(.p4, 0xff, 0xb8), IA64RecordFormat(.p5, 0xff, 0xb9, bytes: 3),
    IA64RecordFormat(.p6, 0xe0, 0xc0), IA64RecordFormat(.p7, 0xff, 0xe0, numbers: 2),
    IA64RecordFormat(.p7, 0xf0, 0xe0, numbers: 1),
    IA64RecordFormat(.p8, 0xff, 0xf0, bytes: 1, numbers: 1),
    IA64RecordFormat(.p9, 0xff, 0xf1, bytes: 2), IA64RecordFormat(.p10, 0xff, 0xff, bytes: 2),
    IA64RecordFormat(.x1, 0xff, 0xf9, bytes: 1, numbers: 2),
    IA64RecordFormat(.x2, 0xff, 0xfa, bytes: 2, numbers: 1),
    IA64RecordFormat(.x3, 0xff, 0xfb, bytes: 2, numbers: 2),
    IA64RecordFormat(.x4, 0xff, 0xfc, bytes: 3, numbers: 1),
  ]

  /// In bodies one bit of those with an X, which must be 1, means nothing to GNU readelf.
  static let body = [
    IA64RecordFormat(.r1, 0xc0, 0x00), IA64RecordFormat(.r2, 0xe0, 0x40, bytes: 1, numbers: 1),
    IA64RecordFormat(.r3, 0xe0, 0x60, numbers: 1), IA64RecordFormat(.b1, 0xc0, 0x80),
    IA64RecordFormat(.b2, 0xe0, 0xc0, numbers: 1), IA64RecordFormat(.b3, 0xf0, 0xe0, numbers: 2),
    IA64RecordFormat(.b4, 0xf7, 0xf0, numbers: 1),
    IA64RecordFormat(.x1, 0xf7, 0xf1, bytes: 1, numbers: 2),
    IA64RecordFormat(.x2, 0xf7, 0xf2, bytes: 2, numbers: 1),
    IA64RecordFormat(.x3, 0xf7, 0xf3, bytes: 2, numbers: 2),
    IA64RecordFormat(.x4, 0xf7, 0xf4, bytes: 3, numbers: 1),
  ]
}

/// What the number of a record counts; 0x10 bytes above the previous stack pointer are scratch.
enum IA64RecordNumber {
  case time
  case stackOffset
  case previousStackOffset
  case timeAndSize

  func text(_ numbers: (UInt64, UInt64)) -> String {
    switch self {
    case .time: "t=\(numbers.0)"
    case .stackOffset: "spoff=0x\(hexText(numbers.0 &* 4))"
    case .previousStackOffset: "pspoff=0x10-0x\(hexText(numbers.0 &* 4))"
    case .timeAndSize: "t=\(numbers.0),size=\(numbers.1 &* 16)"
    }
  }
}

/// The names of what records are about.
enum IA64RecordNames {
  typealias Row = (name: String, number: IA64RecordNumber)

  /// P3, by its register; the one of a branch register is not called after the other registers.
  static let copies = [
    "psp_gr(reg=r", "rp_gr(reg=r", "pfs_gr(reg=r", "pr_gr(reg=r", "unat_gr(reg=r", "lc_gr(reg=r",
    "rp_br(reg=b", "rnat_gr(reg=r", "bsp_gr(reg=r", "bspstore_gr(reg=r", "fpsr_gr(reg=r",
    "priunat_gr(reg=r",
  ]
  /// P7, by the lower half of its first byte.
  static let short: [Row] = [
    ("mem_stack_f", .timeAndSize), ("mem_stack_v", .time), ("spill_base", .previousStackOffset),
    ("psp_sprel", .stackOffset), ("rp_when", .time), ("rp_psprel", .previousStackOffset),
    ("pfs_when", .time), ("pfs_psprel", .previousStackOffset), ("pr_when", .time),
    ("pr_psprel", .previousStackOffset), ("lc_when", .time), ("lc_psprel", .previousStackOffset),
    ("unat_when", .time), ("unat_psprel", .previousStackOffset), ("fpsr_when", .time),
    ("fpsr_psprel", .previousStackOffset),
  ]
  /// P8, by its second byte from 1 on.
  static let long: [Row] = [
    ("rp_sprel", .stackOffset), ("pfs_sprel", .stackOffset), ("pr_sprel", .stackOffset),
    ("lc_sprel", .stackOffset), ("unat_sprel", .stackOffset), ("fpsr_sprel", .stackOffset),
    ("bsp_when", .time), ("bsp_psprel", .previousStackOffset), ("bsp_sprel", .stackOffset),
    ("bspstore_when", .time), ("bspstore_psprel", .previousStackOffset),
    ("bspstore_sprel", .stackOffset), ("rnat_when", .time), ("rnat_psprel", .previousStackOffset),
    ("rnat_sprel", .stackOffset), ("priunat_when_gr", .time),
    ("priunat_psprel", .previousStackOffset), ("priunat_sprel", .stackOffset),
    ("priunat_when_mem", .time),
  ]
  /// What masks name, from the lowest bit on.
  static let general = (4...7).map { "r\($0)" }
  static let float = (2...5).map { "f\($0)" } + (16...31).map { "f\($0)" }
  static let branch = (1...5).map { "b\($0)" }
  static let saved = ["pr", "psp", "ar.pfs", "rp"]
  /// Registers with names of their own.
  static let special = [
    "pr", "psp", "@priunat", "rp", "ar.bsp", "ar.bspstore", "ar.rnat", "ar.unat", "ar.fpsr",
    "ar.pfs", "ar.lc", "Unknown11", "Unknown12", "Unknown13", "Unknown14", "Unknown15",
  ]
  /// How numbered registers are called, by kind.
  static let kinds = ["r", "f", "b"]
  static let systems = ["@svr4", "@hpux", "@nt"]
  /// Where the mask of spills says that an instruction saves a register, of which kind.
  static let spills = Array("-frb".utf8)

  static func list(_ mask: UInt32, of names: [String]) -> [String] {
    names.indices.filter { mask >> UInt32($0) & 1 == 1 }.map { names[$0] }
  }

  static func text(_ mask: UInt32, of names: [String]) -> String {
    list(mask, of: names).joined(separator: ",")
  }

  /// A register that is saved: its kind, then its number.
  static func register(_ byte: UInt8) -> String {
    let kind = Int(byte >> 5 & 3)
    return kind < kinds.count ? "\(kinds[kind])\(byte & 0x1f)" : special[Int(byte & 0xf)]
  }

  /// A register that another one is saved in; the kind has a bit in two bytes.
  static func target(_ first: UInt8, _ byte: UInt8) -> String {
    let kind = Int((first >> 7) << 1 | byte >> 7)
    return kind < kinds.count ? "\(kinds[kind])\(byte & 0x1f)" : "invalid"
  }
}
