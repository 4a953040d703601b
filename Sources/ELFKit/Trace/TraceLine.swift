// One line of a kernel's log, understood as far as it tells of modules. Whatever stands before the text
// of the kernel (time, level, journal, quotes) does not matter: what is looked for is known by its shape.

/// A module in `Modules linked in:`.
public struct LinkedModule: Hashable, Sendable {
  /// Its name.
  public let name: ByteSlice
  /// Its taints, and `+` while it is loaded or `-` while it is unloaded; empty for none.
  public let flags: ByteSlice
}

/// Where a WARN or BUG stands in the source, as the kernel took it from `__bug_table`.
public struct BugSite: Hashable, Sendable {
  /// The file, as the compiler was told.
  public let file: ByteSlice
  /// The line.
  public let line: UInt64

  /// A place in the source.
  public init(file: ByteSlice, line: UInt64) {
    self.file = file
    self.line = line
  }
}

/// What a line tells.
public struct TraceLine: Sendable {
  /// Who printed it, when it says so: `T905` or `C1` (`CONFIG_PRINTK_CALLER`). Lines of several of them
  /// may alternate.
  public private(set) var caller: ByteSlice?
  /// The places in it.
  public private(set) var mentions: [TraceMention] = []
  /// The release of the kernel that printed it.
  public private(set) var release: ByteSlice?
  /// The number of the CPU.
  public private(set) var cpu: UInt64?
  /// The bytes of a `Code:` line.
  public private(set) var code: CodeListing?
  /// The address of a `Code:` line that has no bytes: `Unable to access opcode bytes at …`.
  public private(set) var unreadableCode: UInt64?
  /// Whether it tells where something ran of which no symbol is known: a program, or nothing.
  public private(set) var hasForeignPC = false
  /// The numbers of two registers on one line: where something ran, and where that would have returned to.
  public private(set) var registers: (pc: UInt64, lr: UInt64)?
  /// Whether a trace begins or ends here (include/asm-generic/bug.h, `CUT_HERE`; kernel/panic.c).
  public private(set) var isCut = false
  /// The source of a WARN or BUG.
  public private(set) var site: BugSite?
  /// The modules that were loaded.
  public private(set) var linked: [LinkedModule] = []

  /// A kernel's line has a kilobyte at most (kernel/printk/internal.h, `PRINTKRB_RECORD_MAX`); of a longer
  /// one the beginning is read.
  static let longest = 8192

  /// What `line`, without its newline, tells.
  public init(_ line: ByteSlice) {
    // What stands before a place is looked at again for each: it must not be endless.
    let line = line[within: 0..<Swift.min(line.count, Self.longest)]
    let found = TraceSymbol.all(in: line)
    var limit = 0
    for (symbol, range) in found {
      mentions.append(TraceMention(symbol, at: range, in: line, notBefore: limit))
      limit = range.upperBound
    }
    isCut = line.contains("[ end trace ") || line.contains("[ cut here ]")
    // What follows has a colon in it, and most lines of most logs have no more than that of their time.
    guard
      line.firstIndex(of: UInt8(ascii: ":")) != nil || line.firstIndex(of: UInt8(ascii: "!")) != nil
    else { return }
    caller = Self.caller(of: line)
    for form in LineForm.all {
      guard let start = form.position(in: line) else { continue }
      read(form.content, line.suffix(from: start + form.words.utf8.count))
    }
    if mentions.contains(where: { $0.kind == .pc }) { hasForeignPC = false }
  }

  private mutating func read(_ content: LineForm.Content, _ rest: ByteSlice) {
    switch content {
    case .code: readCode(rest)
    case .pc:
      hasForeignPC = true
      registers = Self.registers(rest)
    case .cpu:
      cpu =
        TraceSymbol.decimal(rest, from: rest.count > 0 && rest[0] == UInt8(ascii: " ") ? 1 : 0)?
        .value
      release = Self.release(rest) ?? release
    case .site: site = Self.site(rest) ?? site
    case .linked: linked = Self.modules(rest)
    }
  }

  private mutating func readCode(_ rest: ByteSlice) {
    code = CodeListing(rest)
    guard code == nil, let start = rest.firstPosition(of: "opcode bytes at ") else { return }
    let address = rest.suffix(from: start + 16)
    guard let number = address.firstPosition(of: "0x") else { return }
    unreadableCode = TraceSymbol.hexadecimal(address, from: number + 2)?.value
  }

  /// `[<c030f48c>]    lr : [<c030f104>]` of ARM, `ffffffff01586022 ra : ffffffff01586018` of RISC-V.
  private static func registers(_ rest: ByteSlice) -> (pc: UInt64, lr: UInt64)? {
    let words = Array(rest.words.prefix(4))
    guard words.count == 4, words[1].equals("lr") || words[1].equals("ra"), words[2].equals(":"),
      let pc = number(words[0]), let lr = number(words[3])
    else { return nil }
    return (pc, lr)
  }

  private static func number(_ word: ByteSlice) -> UInt64? {
    var word = word
    if word.starts(with: "[<"), word.count > 4 { word = word[within: 2..<word.count - 2] }
    guard let (value, end) = TraceSymbol.hexadecimal(word, from: 0), end == word.count else {
      return nil
    }
    return value
  }

  /// The last `[T905]` or `[  C1]` before the text.
  private static func caller(of line: ByteSlice) -> ByteSlice? {
    var start = 0
    while let open = line.firstIndex(of: UInt8(ascii: "["), from: start),
      let close = line.firstIndex(of: UInt8(ascii: "]"), from: open)
    {
      var from = open + 1
      while from < close, line[from] == UInt8(ascii: " ") { from += 1 }
      if close - from >= 2, close - from < 12, "TC".utf8.contains(line[from]),
        line[within: from + 1..<close].allSatisfy({ $0.isDigit })
      {
        return line[within: from..<close]
      }
      start = close + 1
    }
    return nil
  }

  /// The word before ` #1`: `CPU: 0 PID: 79 Comm: init Tainted: G OE 6.1.0-56-amd64 #1 Debian …`.
  private static func release(_ rest: ByteSlice) -> ByteSlice? {
    var start = 0
    while let hash = rest.firstIndex(of: UInt8(ascii: "#"), from: start) {
      start = hash + 1
      guard hash > 1, rest[hash - 1] == UInt8(ascii: " "), start < rest.count, rest[start].isDigit
      else { continue }
      let head = rest[within: 0..<hash - 1]
      let word = head.suffix(from: (head.lastIndex(of: UInt8(ascii: " ")) ?? -1) + 1)
      if let first = word.first, first.isDigit, word.contains(UInt8(ascii: ".")) { return word }
    }
    return nil
  }

  /// The first word that is `FILE:LINE`, to which `!`, `,` or nothing is added.
  private static func site(_ rest: ByteSlice) -> BugSite? {
    for word in rest.words.prefix(10) {
      guard let colon = word.lastIndex(of: UInt8(ascii: ":")), colon > 0,
        word[within: 0..<colon].contains(UInt8(ascii: ".")),
        let (line, end) = TraceSymbol.decimal(word, from: colon + 1),
        word.suffix(from: end).allSatisfy({ "!,\r".utf8.contains($0) })
      else { continue }
      return BugSite(file: word[within: 0..<colon], line: line)
    }
    return nil
  }

  /// `a(OE) b c(+) [last unloaded: d(OE)]`
  private static func modules(_ rest: ByteSlice) -> [LinkedModule] {
    var modules: [LinkedModule] = []
    for word in rest.words {
      if word.first == UInt8(ascii: "[") { break }
      let open = word.firstIndex(of: UInt8(ascii: "(")) ?? word.count
      let flags = word.suffix(from: open + 1)
      let close = flags.firstIndex(of: UInt8(ascii: ")")) ?? flags.count
      modules.append(
        LinkedModule(name: word[within: 0..<open], flags: flags[within: 0..<close]))
    }
    return modules
  }
}

/// Words by which a line is known that tells something else than places.
private struct LineForm: Sendable {
  enum Content: Sendable {
    case code
    case pc
    case cpu
    case site
    case linked
  }

  let words: String
  let content: Content

  static let all: [LineForm] = [
    LineForm(words: "Code:", content: .code),
    // Where something ran; with a symbol it is a mention as well.
    LineForm(words: "RIP:", content: .pc), LineForm(words: "EIP:", content: .pc),
    LineForm(words: "PC is at", content: .pc), LineForm(words: "Krnl PSW :", content: .pc),
    LineForm(words: "User PSW :", content: .pc), LineForm(words: "pc :", content: .pc),
    LineForm(words: "epc :", content: .pc), LineForm(words: "NIP:", content: .pc),
    LineForm(words: "CPU:", content: .cpu),
    LineForm(words: "WARNING:", content: .site), LineForm(words: "kernel BUG at", content: .site),
    LineForm(words: "Modules linked in:", content: .linked),
  ]

  /// Where the words stand in `line`, no letter being before them.
  func position(in line: ByteSlice) -> Int? {
    guard let position = line.firstPosition(of: words) else { return nil }
    return line.beginsWord(at: position) ? position : nil
  }
}
