// The forms in which the kernel tells its taints (kernel/panic.c, `print_tainted`;
// kernel/module/main.c, `module_flags`).

/// A set of taints.
public struct TaintMask: Hashable, Sendable {
  /// The number in `/proc/sys/kernel/tainted`; bits without a name are kept.
  public var rawValue: UInt64

  /// Any number.
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// The taints that are set, in the order of their bits.
  public var taints: [Taint] { Taint.all.filter { rawValue >> UInt64($0.bit) & 1 != 0 } }

  /// The bits that are set and have no name.
  public var unknownBits: [Int] {
    let known = Taint.all.reduce(UInt64(0)) { $0 | 1 << UInt64($1.bit) }
    return (0..<64).filter { (rawValue & ~known) >> UInt64($0) & 1 != 0 }
  }

  /// The letters in the order of their bits: `POE`.
  public var letters: String { String(taints.map { $0.letter }) }

  /// What an oops says after `Tainted: `: one character a taint that the kernel knows: 18 in 5.10,
  /// 19 in 6.1 and 6.12, 20 in 7.2; the first is `G` when no non-free module was loaded.
  public func fixedText(width: Int) -> String {
    String(
      Taint.all.prefix(width).map { taint -> Character in
        if rawValue >> UInt64(taint.bit) & 1 != 0 { return taint.letter }
        return taint.bit == 0 ? "G" : " "
      })
  }

  /// What an oops of newer kernels (``KernelChange/verboseTaints``) says in words, on a line of its own: `[P]=PROPRIETARY_MODULE, [O]=OOT_MODULE`.
  public var verboseText: String {
    taints.map { "[\($0.letter)]=\($0.name)" }.joined(separator: ", ")
  }
}

extension TaintMask {
  /// The taints that a number (`4097`, `0x1001`) or letters (`PO`, `(POE)`) name; `nil` for
  /// another text. Letters of `vendor` are its own.
  public init?(_ text: ByteSlice, _ vendor: KernelVendor? = nil) {
    var word = text.text.filter { $0 != " " && $0 != "\n" && $0 != "\t" }
    if word.hasPrefix("("), word.hasSuffix(")") { word = String(word.dropFirst().dropLast()) }
    guard !word.isEmpty else { return nil }
    if let number = UInt64(word) {
      self.init(rawValue: number)
    } else if word.hasPrefix("0x"), let number = UInt64(word.dropFirst(2), radix: 16) {
      self.init(rawValue: number)
    } else {
      var mask: UInt64 = 0
      for letter in word where letter != "G" {
        // Modules that come or go have these signs behind their letters.
        if letter == "+" || letter == "-" { continue }
        let bit = Self.bit(letter, of: vendor) ?? Taint.all.first { $0.letter == letter }?.bit
        guard let bit else { return nil }
        mask |= 1 << UInt64(bit)
      }
      self.init(rawValue: mask)
    }
  }

  /// The taints that a line of an oops tells, in its fixed or its verbose form; empty for `Not
  /// tainted`, `nil` for a line that tells nothing.
  public init?(oopsLine line: ByteSlice) {
    let marker = "Tainted: "
    if line.contains("Not tainted") {
      self.init(rawValue: 0)
      return
    }
    guard let start = line.firstPosition(of: marker) else { return nil }
    let rest = line.suffix(from: start + marker.utf8.count)
    var mask: UInt64 = 0
    if rest.starts(with: "[") {
      for taint in Taint.all where rest.contains("[\(taint.letter)]=\(taint.name)") {
        mask |= 1 << UInt64(taint.bit)
      }
      self.init(rawValue: mask)
      return
    }
    // Each taint has its place; what stands there otherwise belongs to what follows.
    for (position, taint) in Taint.all.enumerated() where position < rest.count {
      let byte = rest[position]
      if byte == taint.letter.asciiValue {
        mask |= 1 << UInt64(taint.bit)
      } else if byte != UInt8(ascii: " "), !(position == 0 && byte == UInt8(ascii: "G")) {
        break
      }
    }
    self.init(rawValue: mask)
  }
}

extension TaintMask {
  /// The taints of `vendor` whose letters stand where no letter of everybody's does.
  public static func vendorTaints(oopsLine line: ByteSlice, _ vendor: KernelVendor) -> Self {
    let bits = unknownFlags(oopsLine: line).compactMap { flag in
      flag.count == 1 ? flag.first.flatMap { bit($0, of: vendor) } : nil
    }
    return Self(rawValue: bits.reduce(0) { $0 | 1 << UInt64($1) })
  }

  /// The flags of a line of an oops that no taint known here has: a newer kernel's, or a vendor's.
  /// None in a line that tells nothing.
  public static func unknownFlags(oopsLine line: ByteSlice) -> [String] {
    let marker = "Tainted: "
    guard let start = line.firstPosition(of: marker) else { return [] }
    let rest = line.suffix(from: start + marker.utf8.count)
    var flags: [String] = []
    if rest.starts(with: "[") {
      for part in rest.bytes.split(separator: UInt8(ascii: ",")) {
        let text = ByteSlice(Array(part.drop { $0 == UInt8(ascii: " ") }))
        // `[X]=WORD`, up to the blank before whatever follows.
        guard text.count > 3, text[0] == UInt8(ascii: "["), text[2] == UInt8(ascii: "]"),
          text[3] == UInt8(ascii: "=")
        else { continue }
        let word = text[within: 0..<(text.firstIndex(of: UInt8(ascii: " ")) ?? text.count)].text
        let isKnown = Taint.all.contains { word == "[\($0.letter)]=\($0.name)" }
        if !isKnown { flags.append(word) }
      }
      return flags
    }
    // A letter in a place that is another's, or after the last: nothing else there is upper case, as
    // a release begins with a digit.
    for position in 0..<Swift.min(rest.count, 32) {
      let byte = rest[position]
      let expected = position < Taint.all.count ? Taint.all[position].letter.asciiValue : nil
      if byte == UInt8(ascii: " ") || byte == expected || position == 0 && byte == UInt8(ascii: "G")
      {
        continue
      }
      guard (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) else { break }
      flags.append(String(Unicode.Scalar(byte)))
    }
    return flags
  }
}

/// A module in the list of an oops, and the taints it has caused.
public struct TaintingModule: Sendable {
  /// Its name.
  public let name: ByteSlice
  /// Its taints.
  public let taints: TaintMask

  /// The modules with taints in a line `Modules linked in: a(OE) b c(P)`; none in another line. Letters
  /// of `vendor` are its own.
  public static func all(in line: ByteSlice, _ vendor: KernelVendor? = nil) -> [Self] {
    let marker = "Modules linked in:"
    guard let start = line.firstPosition(of: marker) else { return [] }
    let words = line.suffix(from: start + marker.utf8.count)
    var modules: [Self] = []
    var position = 0
    while position < words.count {
      let end = words.firstIndex(of: UInt8(ascii: " "), from: position) ?? words.count
      let word = words[within: position..<end]
      if let open = word.firstIndex(of: UInt8(ascii: "(")),
        let taints = TaintMask(word.suffix(from: open), vendor)
      {
        modules.append(Self(name: word[within: 0..<open], taints: taints))
      }
      position = end + 1
    }
    return modules.filter { $0.taints.rawValue != 0 }
  }
}
