// The records of IA-64 that say how functions save registers and build their frames, as GNU readelf writes them.

import ELFKit

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
    let formats = isInBody ? IA64RecordFormat.body : IA64RecordFormat.prologue
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
    _ kind: IA64RecordFormat.Kind, _ code: UInt8, _ first: UInt8, _ number: UInt64
  ) -> String {
    length = kind == .r1 ? UInt64(code & 0x1f) : number
    isInBody = kind == .r1 ? code & 0x20 != 0 : kind == .r3 && code & 3 == 1
    guard kind == .r2 else { return "\(isInBody ? "body" : "prologue")(rlen=\(length)" }
    let mask = UInt32(code & 7) << 1 | UInt32(first >> 7)
    let saved = IA64RecordNames.list(mask, of: IA64RecordNames.saved).reversed().joined(
      separator: ",")
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
      console.out.append(byte: IA64RecordNames.spills[Int(bits >> 6)])
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
    of kind: IA64RecordFormat.Kind, _ code: UInt8, _ bytes: (UInt8, UInt8, UInt8),
    _ numbers: (UInt64, UInt64)
  ) -> String? {
    let number = numbers.0
    let low = bytes.0 & 0x7f
    switch kind {
    case .p1:
      return "br_mem(brmask=[\(IA64RecordNames.text(UInt32(code), of: IA64RecordNames.branch))]"
    case .p2:
      let mask = UInt32(code & 0xf) << 1 | UInt32(bytes.0 >> 7)
      return "br_gr(brmask=[\(IA64RecordNames.text(mask, of: IA64RecordNames.branch))],gr=r\(low)"
    case .p3:
      let register = Int(copied(code, bytes.0))
      guard register < IA64RecordNames.copies.count else { return nil }
      return "\(IA64RecordNames.copies[register])\(low)"
    case .p5:
      let mask = UInt32(bytes.0 & 0xf) << 16 | UInt32(bytes.1) << 8 | UInt32(bytes.2)
      let general = IA64RecordNames.text(UInt32(bytes.0 >> 4), of: IA64RecordNames.general)
      return
        "frgr_mem(grmask=[\(general)],frmask=[\(IA64RecordNames.text(mask, of: IA64RecordNames.float))]"
    case .p6:
      let mask = UInt32(code & 0xf)
      return code & 0x10 != 0
        ? "gr_mem(grmask=[\(IA64RecordNames.text(mask, of: IA64RecordNames.general))]"
        : "fr_mem(frmask=[\(IA64RecordNames.text(mask, of: IA64RecordNames.float))]"
    case .p7:
      let row = IA64RecordNames.short[Int(code & 0xf)]
      return "\(row.name)(\(row.number.text(numbers))"
    case .p8:
      let row = Int(bytes.0) - 1
      guard IA64RecordNames.long.indices.contains(row) else { return nil }
      return "\(IA64RecordNames.long[row].name)(\(IA64RecordNames.long[row].number.text(numbers))"
    case .p9:
      let names = IA64RecordNames.text(UInt32(bytes.0), of: IA64RecordNames.general)
      return "gr_gr(grmask=[\(names)],r\(bytes.1 & 0x7f)"
    case .p10:
      let system = Int(bytes.0)
      let isNamed = system < IA64RecordNames.systems.count
      let context = "\(bytes.1 < 0x10 ? "0" : "")\(hexText(bytes.1))"
      return "unwabi(abi=\(isNamed ? IA64RecordNames.systems[system] : "0x\(hexText(system))"),"
        + "context=0x\(context)"
    case .b1: return label(isCopy: code & 0x20 != 0, UInt64(code & 0x1f))
    case .b2: return "epilogue(t=\(number),ecount=\(code & 0x1f)"
    case .b3: return "epilogue(t=\(number),ecount=\(numbers.1)"
    case .b4: return label(isCopy: code & 0x08 != 0, number)
    case .x1:
      let (name, offset) = spill(bytes.0, numbers.1)
      return "\(name)(reg=\(IA64RecordNames.register(low)),t=\(number),\(offset)"
    case .x2: return move(bytes.0, bytes.1, number, predicate: nil)
    case .x3:
      let (name, offset) = spill(bytes.0, numbers.1)
      return "\(name)_p(qp=p\(bytes.0 & 0x3f),t=\(number),"
        + "reg=\(IA64RecordNames.register(bytes.1 & 0x7f)),\(offset)"
    case .x4: return move(bytes.1, bytes.2, number, predicate: bytes.0 & 0x3f)
    case .r1, .r2, .r3, .p4: return nil
    }
  }

  private static func label(isCopy: Bool, _ label: UInt64) -> String {
    "\(isCopy ? "copy" : "label")_state(label=\(label)"
  }

  /// A register that is saved on the stack: by which pointer, and where.
  private static func spill(_ byte: UInt8, _ offset: UInt64) -> (name: String, offset: String) {
    let number = byte & 0x80 != 0 ? IA64RecordNumber.stackOffset : .previousStackOffset
    return (byte & 0x80 != 0 ? "spill_sprel" : "spill_psprel", number.text((offset, 0)))
  }

  /// A register that is saved in another one; in r0, it has its old value again.
  private static func move(
    _ byte: UInt8, _ target: UInt8, _ time: UInt64, predicate: UInt8?
  ) -> String {
    let isRestored = byte & 0x80 == 0 && target == 0
    let name = "\(isRestored ? "restore" : "spill_reg")\(predicate == nil ? "" : "_p")"
    let condition = predicate.map { "qp=p\($0)," } ?? ""
    let register = "reg=\(IA64RecordNames.register(byte & 0x7f))"
    let place = isRestored ? "" : ",treg=\(IA64RecordNames.target(byte, target))"
    return "\(name)(\(condition)t=\(time),\(register)\(place)"
  }
}
