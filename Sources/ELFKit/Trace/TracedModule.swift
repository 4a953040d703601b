// Whether a file is the module that a log tells of, and where the places of the log are in it.

/// Whether a file is the build that ran.
public enum BuildVerdict: String, Hashable, Sendable {
  /// The log has the file's build id.
  case same
  /// What the log shows is the same code: this build, or another with the same functions.
  case consistent
  /// Something that the log shows is not so in the file.
  case different
  /// The log shows nothing that tells.
  case unknown

  /// How willingly one of several files is believed.
  private var rank: Int {
    switch self {
    case .same: 3
    case .consistent: 2
    case .unknown: 1
    case .different: 0
    }
  }

  /// Whether a file with this verdict is to be believed rather than one with the other.
  public func isBetter(than other: Self) -> Bool { rank > other.rank }
}

/// A module's file that places of a log are looked up in.
public struct TracedModule: Sendable {
  /// The module.
  public let module: KernelModule
  /// Its code as kallsyms knows it.
  public let code: ModuleCode
  /// Its build id.
  public let buildID: ByteSlice?

  /// Functions whose printed sizes are those of the file.
  private var sizes: Set<ByteSlice> = []
  /// Whether the log has the file's build id.
  private var hasBuildID = false
  /// The first thing of the log that is not so in the file.
  public private(set) var contradiction: ByteText?

  /// `module`, run by `kernel` when that is known.
  public init(_ module: KernelModule, in kernel: Kernel? = nil) throws(ELFError) {
    self.module = module
    code = try ModuleCode(module, in: kernel)
    buildID = module.buildNotes().buildID
  }

  /// The places that `symbol` may be, or why there is none.
  public func places(_ symbol: TraceSymbol) -> Places {
    let named = code.places(named: symbol.function)
    guard let first = named.first else { return .none("it has no function \(symbol.function)") }
    guard let size = symbol.size else {
      let reached = named.filter { $0.isAlias || $0.extent.reaches(symbol.offset) }
      guard reached.isEmpty else { return .some(reached) }
      return .none("\(symbol.function) is not so long: \(first.extent.words)")
    }
    guard symbol.offset <= size else {
      return .none("the place lies behind the end of \(symbol.function)")
    }
    let fitting = named.filter { $0.extent.allows(size) }
    guard fitting.isEmpty else { return .some(fitting) }
    return .none(
      "\(symbol.function) has size \(hex: size) in the log, \(first.extent.words) in the file")
  }

  /// What came of looking for a place.
  public enum Places: Sendable {
    /// Where it may be; more than one when functions of one name have one size.
    case some([ModuleCode.Place])
    /// Why it is nowhere.
    case none(ByteText)
  }

  /// Takes a place of the log into account.
  public mutating func add(_ mention: TraceMention) {
    let symbol = mention.symbol
    if let printed = symbol.buildID, let buildID {
      if Self.isEqual(printed, buildID) {
        hasBuildID = true
      } else {
        contradict("the log has build id \(printed)")
      }
    }
    // What lies on the stack by chance proves nothing; its name and size do, since they were looked up.
    switch places(symbol) {
    case .some(let places):
      if symbol.size != nil, places.allSatisfy({ $0.extent.isKnown }) {
        sizes.insert(symbol.function)
      }
    case .none(let reason): contradict(reason)
    }
  }

  /// Remembers a contradiction; the first counts.
  mutating func contradict(_ reason: ByteText) {
    if contradiction == nil { contradiction = reason }
  }

  private static func isEqual(_ digits: ByteSlice, _ bytes: ByteSlice) -> Bool {
    guard digits.count == 2 * bytes.count else { return false }
    for (position, byte) in bytes.enumerated() {
      guard let high = TraceSymbol.digit(digits[2 * position]),
        let low = TraceSymbol.digit(digits[2 * position + 1]), UInt64(byte) == high << 4 | low
      else { return false }
    }
    return true
  }

  /// Whether the file is the build that ran, as far as the log shows.
  public var verdict: BuildVerdict {
    if contradiction != nil { return .different }
    if hasBuildID { return .same }
    return sizes.isEmpty ? .unknown : .consistent
  }

  /// What the verdict rests on.
  public var evidence: [ByteText] {
    if let contradiction { return [contradiction] }
    var evidence: [ByteText] = hasBuildID ? ["the log has its build id"] : []
    if !sizes.isEmpty {
      evidence.append(sizes.count == 1 ? "1 size" : "\(sizes.count) sizes")
    }
    return evidence
  }
}

extension ModuleCode.Extent {
  /// Whether the file alone tells the size.
  var isKnown: Bool {
    if case .atLeast = self { false } else { true }
  }

  /// Whether `offset` lies within what is there, or may.
  func reaches(_ offset: UInt64) -> Bool {
    if case .exact(let bytes) = self { offset <= bytes } else { offset < 1 << 32 }
  }

  /// The size, as it is printed.
  var words: ByteText {
    switch self {
    case .exact(let bytes): "\(hex: bytes)"
    case .atLeast(let least): "at least \(hex: least)"
    case .toPage(let least, let start, let page):
      "\(hex: ((start &+ least &+ page &- 1) & ~(page &- 1)) &- start)"
    }
  }
}
