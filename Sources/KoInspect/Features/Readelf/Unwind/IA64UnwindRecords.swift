// The records of IA-64 that say how functions save registers and build their frames, as GNU readelf writes them
// (Itanium Software Conventions and Runtime Architecture Guide, 11.4: R1 to R3 begin regions, P1 to P10 are about
// prologues, B1 to B4 about bodies, X1 to X4 about both).

import ELFKit

/// How a kind of record begins, and what follows its first byte.
private struct RecordFormat {
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
    RecordFormat(.r1, 0xc0, 0x00), RecordFormat(.r2, 0xe0, 0x40, bytes: 1, numbers: 1),
    RecordFormat(.r3, 0xe0, 0x60, numbers: 1), RecordFormat(.p1, 0xe0, 0x80),
    RecordFormat(.p2, 0xf0, 0xa0, bytes: 1), RecordFormat(.p3, 0xf8, 0xb0, bytes: 1),
    RecordFormat(.p4, 0xff, 0xb8), RecordFormat(.p5, 0xff, 0xb9, bytes: 3),
    RecordFormat(.p6, 0xe0, 0xc0), RecordFormat(.p7, 0xff, 0xe0, numbers: 2),
    RecordFormat(.p7, 0xf0, 0xe0, numbers: 1), RecordFormat(.p8, 0xff, 0xf0, bytes: 1, numbers: 1),
    RecordFormat(.p9, 0xff, 0xf1, bytes: 2), RecordFormat(.p10, 0xff, 0xff, bytes: 2),
    RecordFormat(.x1, 0xff, 0xf9, bytes: 1, numbers: 2),
    RecordFormat(.x2, 0xff, 0xfa, bytes: 2, numbers: 1),
    RecordFormat(.x3, 0xff, 0xfb, bytes: 2, numbers: 2),
    RecordFormat(.x4, 0xff, 0xfc, bytes: 3, numbers: 1),
  ]

  /// In bodies one bit of those with an X, which must be 1, means nothing to GNU readelf.
  static let body = [
    RecordFormat(.r1, 0xc0, 0x00), RecordFormat(.r2, 0xe0, 0x40, bytes: 1, numbers: 1),
    RecordFormat(.r3, 0xe0, 0x60, numbers: 1), RecordFormat(.b1, 0xc0, 0x80),
    RecordFormat(.b2, 0xe0, 0xc0, numbers: 1), RecordFormat(.b3, 0xf0, 0xe0, numbers: 2),
    RecordFormat(.b4, 0xf7, 0xf0, numbers: 1),
    RecordFormat(.x1, 0xf7, 0xf1, bytes: 1, numbers: 2),
    RecordFormat(.x2, 0xf7, 0xf2, bytes: 2, numbers: 1),
    RecordFormat(.x3, 0xf7, 0xf3, bytes: 2, numbers: 2),
    RecordFormat(.x4, 0xf7, 0xf4, bytes: 3, numbers: 1),
  ]
}

/// What the number of a record counts; 0x10 bytes above the previous stack pointer are scratch.
private enum RecordNumber {
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
private enum RecordNames {
  typealias Row = (name: String, number: RecordNumber)

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

/// Writes the records of one function after the other.
struct IA64UnwindRecords {
  private var bytes = ByteSlice.empty(at: 0)
  private var position = 0
  private var end = 0
  private var isInBody = false
  /// How many instructions the region has. Like GNU readelf, a function that begins without a region takes that
  /// of the one before.
  private var length: UInt64 = 0

  /// The records within `range` of `bytes`.
  mutating func write(_ range: Range<Int>, of bytes: ByteSlice, _ console: inout Console) {
    self.bytes = bytes
    (position, end) = (range.lowerBound, range.upperBound)
    isInBody = false
    while position < end, !console.isOverLimit { writeRecord(&console) }
  }

  private mutating func writeRecord(_ console: inout Console) {
    let code = byte()
    let formats = isInBody ? RecordFormat.body : RecordFormat.prologue
    guard let format = formats.first(where: { code & $0.mask == $0.value }) else {
      console.out.append(Self.unknown(code))
      return
    }
    guard format.bytes == 0 || end - position >= format.bytes + format.numbers else {
      console.out.append("\t<corrupt \(format.kind.rawValue)>\n")
      position = end
      return
    }
    let first = format.bytes > 0 ? byte() : 0
    let second = format.bytes > 1 ? byte() : 0
    let third = format.bytes > 2 ? byte() : 0
    var numbers: (UInt64, UInt64) = (0, 0)
    if format.numbers > 0 { numbers.0 = number(&console.out) }
    if format.numbers > 1 { numbers.1 = number(&console.out) }
    switch format.kind {
    case .r1, .r2, .r3:
      console.out.append("    \(format.kind.rawValue):")
      console.out.append(region(format.kind, code, first, numbers.0))
    case .p4:
      writeSpillMask(&console)
      return
    default:
      guard let text = Self.text(of: format.kind, code, (first, second, third), numbers) else {
        // The numbers of registers that no record is about.
        let register = format.kind == .p3 ? Self.copied(code, first) : first
        console.out.append(Self.unknown(register))
        return
      }
      console.out.append("\t\(format.kind.rawValue):\(text)")
    }
    console.out.append(")\n")
  }

  private static func unknown(_ code: UInt8) -> String {
    "Unknown code 0x\(code < 0x10 ? "0" : "")\(hexText(code))\n"
  }

  /// The next byte; 0 behind the last.
  private mutating func byte() -> UInt8 {
    guard position < bytes.count else { return 0 }
    defer { position += 1 }
    return bytes[position]
  }

  /// A number in LEB128; what is wrong with it is said before the record that it belongs to.
  private mutating func number(_ out: inout TextBuffer) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    var isGood = true
    var isComplete = false
    while position < end, !isComplete {
      let byte = byte()
      let bits = UInt64(byte & 0x7f)
      if shift < 64 {
        value |= bits << shift
        if value >> shift != bits { isGood = false }
        shift += 7
      } else if bits != 0 {
        isGood = false
      }
      isComplete = byte & 0x80 == 0
    }
    if !isGood || !isComplete { out.append("Bad uleb128\n") }
    return value
  }

  /// A region begins.
  private mutating func region(
    _ kind: RecordFormat.Kind, _ code: UInt8, _ first: UInt8, _ number: UInt64
  ) -> String {
    length = kind == .r1 ? UInt64(code & 0x1f) : number
    isInBody = kind == .r1 ? code & 0x20 != 0 : kind == .r3 && code & 3 == 1
    guard kind == .r2 else { return "\(isInBody ? "body" : "prologue")(rlen=\(length)" }
    let mask = UInt32(code & 7) << 1 | UInt32(first >> 7)
    let saved = RecordNames.list(mask, of: RecordNames.saved).reversed().joined(separator: ",")
    return "prologue_gr(mask=[\(saved)],grsave=r\(first & 0x7f),rlen=\(length)"
  }

  /// P4: two bits for each instruction of the region.
  private mutating func writeSpillMask(_ console: inout Console) {
    let count = UInt64(end - position)
    guard length / 4 <= count else {
      console.out.append("\nERROR: unwind length too long (0x\(hexText(length / 4)) > ")
      console.out.append("0x\(hexText(count)))\n\n")
      return
    }
    console.out.append("\tP4:spill_mask(imask=[")
    var bits: UInt8 = 0
    var instruction: UInt64 = 0
    while instruction < length, !console.isOverLimit {
      if instruction % 4 == 0 { bits = byte() }
      if instruction > 0, instruction % 3 == 0 { console.out.append(byte: UInt8(ascii: ",")) }
      console.out.append(byte: RecordNames.spills[Int(bits >> 6)])
      bits <<= 2
      instruction += 1
    }
    console.out.append("])\n")
  }

  /// The number of the register of P3.
  private static func copied(_ code: UInt8, _ first: UInt8) -> UInt8 {
    (code & 7) << 1 | first >> 7
  }

  /// What a record says that begins no region, without the closing parenthesis; `nil` for registers that are none.
  private static func text(
    of kind: RecordFormat.Kind, _ code: UInt8, _ bytes: (UInt8, UInt8, UInt8),
    _ numbers: (UInt64, UInt64)
  ) -> String? {
    let number = numbers.0
    let low = bytes.0 & 0x7f
    switch kind {
    case .p1: return "br_mem(brmask=[\(RecordNames.text(UInt32(code), of: RecordNames.branch))]"
    case .p2:
      let mask = UInt32(code & 0xf) << 1 | UInt32(bytes.0 >> 7)
      return "br_gr(brmask=[\(RecordNames.text(mask, of: RecordNames.branch))],gr=r\(low)"
    case .p3:
      let register = Int(copied(code, bytes.0))
      guard register < RecordNames.copies.count else { return nil }
      return "\(RecordNames.copies[register])\(low)"
    case .p5:
      let mask = UInt32(bytes.0 & 0xf) << 16 | UInt32(bytes.1) << 8 | UInt32(bytes.2)
      let general = RecordNames.text(UInt32(bytes.0 >> 4), of: RecordNames.general)
      return
        "frgr_mem(grmask=[\(general)],frmask=[\(RecordNames.text(mask, of: RecordNames.float))]"
    case .p6:
      let mask = UInt32(code & 0xf)
      return code & 0x10 != 0
        ? "gr_mem(grmask=[\(RecordNames.text(mask, of: RecordNames.general))]"
        : "fr_mem(frmask=[\(RecordNames.text(mask, of: RecordNames.float))]"
    case .p7:
      let row = RecordNames.short[Int(code & 0xf)]
      return "\(row.name)(\(row.number.text(numbers))"
    case .p8:
      let row = Int(bytes.0) - 1
      guard RecordNames.long.indices.contains(row) else { return nil }
      return "\(RecordNames.long[row].name)(\(RecordNames.long[row].number.text(numbers))"
    case .p9:
      let names = RecordNames.text(UInt32(bytes.0), of: RecordNames.general)
      return "gr_gr(grmask=[\(names)],r\(bytes.1 & 0x7f)"
    case .p10:
      let system = Int(bytes.0)
      let isNamed = system < RecordNames.systems.count
      let context = "\(bytes.1 < 0x10 ? "0" : "")\(hexText(bytes.1))"
      return "unwabi(abi=\(isNamed ? RecordNames.systems[system] : "0x\(hexText(system))"),"
        + "context=0x\(context)"
    case .b1: return label(isCopy: code & 0x20 != 0, UInt64(code & 0x1f))
    case .b2: return "epilogue(t=\(number),ecount=\(code & 0x1f)"
    case .b3: return "epilogue(t=\(number),ecount=\(numbers.1)"
    case .b4: return label(isCopy: code & 0x08 != 0, number)
    case .x1:
      let (name, offset) = spill(bytes.0, numbers.1)
      return "\(name)(reg=\(RecordNames.register(low)),t=\(number),\(offset)"
    case .x2: return move(bytes.0, bytes.1, number, predicate: nil)
    case .x3:
      let (name, offset) = spill(bytes.0, numbers.1)
      return "\(name)_p(qp=p\(bytes.0 & 0x3f),t=\(number),"
        + "reg=\(RecordNames.register(bytes.1 & 0x7f)),\(offset)"
    case .x4: return move(bytes.1, bytes.2, number, predicate: bytes.0 & 0x3f)
    case .r1, .r2, .r3, .p4: return nil
    }
  }

  private static func label(isCopy: Bool, _ label: UInt64) -> String {
    "\(isCopy ? "copy" : "label")_state(label=\(label)"
  }

  /// A register that is saved on the stack: by which pointer, and where.
  private static func spill(_ byte: UInt8, _ offset: UInt64) -> (name: String, offset: String) {
    let number = byte & 0x80 != 0 ? RecordNumber.stackOffset : .previousStackOffset
    return (byte & 0x80 != 0 ? "spill_sprel" : "spill_psprel", number.text((offset, 0)))
  }

  /// A register that is saved in another one; in r0, it has its old value again.
  private static func move(
    _ byte: UInt8, _ target: UInt8, _ time: UInt64, predicate: UInt8?
  ) -> String {
    let isRestored = byte & 0x80 == 0 && target == 0
    let name = "\(isRestored ? "restore" : "spill_reg")\(predicate == nil ? "" : "_p")"
    let condition = predicate.map { "qp=p\($0)," } ?? ""
    let register = "reg=\(RecordNames.register(byte & 0x7f))"
    let place = isRestored ? "" : ",treg=\(RecordNames.target(byte, target))"
    return "\(name)(\(condition)t=\(time),\(register)\(place)"
  }
}
