// Which values a machine's loader takes for a field, and what is known of addresses before the kernel
// has chosen them.

/// What a relocation's value is counted from.
enum ValueBase: Sendable {
  /// Nothing: symbol and addend.
  case absolute
  /// The place that is changed.
  case place
  /// The page of 4 KiB that the place is in, as the symbol's page.
  case page
}

/// The values that a field takes, where the loader looks.
struct ValueRange: Equatable, Sendable {
  let base: ValueBase
  let values: ClosedRange<Int64>
  /// Whether only what is surely too far away is refused: for the rest there is another way, such as a
  /// table of far jumps.
  var isLoose = false
  /// Whether nothing is too far away: there is a table of far jumps for all of them.
  var hasTable = false

  /// Whether some values outside fit as well.
  var isPartial = false

  /// A field of so many bits with a sign.
  static func signed(_ bits: Int, from base: ValueBase, isLoose: Bool = false) -> Self {
    let limit = Int64(1) << Int64(bits - 1)
    return Self(base: base, values: -limit...limit - 1, isLoose: isLoose)
  }

  /// A branch of so many bits, with a table of far jumps.
  static func branch(_ bits: Int) -> Self {
    var field = signed(bits, from: .place)
    field.hasTable = true
    return field
  }

  /// A field of so many bits, 63 at most, without a sign.
  static func unsigned(_ bits: Int, from base: ValueBase = .absolute) -> Self {
    Self(base: base, values: 0...Int64.max >> Int64(63 - bits))
  }

  /// Whether it takes the distance of any two places of kernel and modules that lie within `reach`.
  func takesAll(within reach: Int64) -> Bool {
    hasTable
      || base != .absolute && values.lowerBound <= -reach && values.upperBound >= reach - 1
  }
}

/// Where kernel and modules are, as far as that is known before they are there.
struct AddressRanges: Sendable {
  /// One row: addresses as numbers with a sign, when an option has one of these values.
  struct Row: Sendable {
    let option: KernelOption?
    let values: [String]
    let addresses: ClosedRange<Int64>

    init(
      _ addresses: ClosedRange<Int64>, when option: KernelOption? = nil, is values: [String] = []
    ) {
      self.option = option
      self.values = values
      self.addresses = addresses
    }
  }

  /// The rows: the first that fits counts, and the last fits all kernels.
  let rows: [Row]
  /// What two places of a module are not further away from each other.
  let reach: Int64
  /// What places of the kernel and of other modules are not further away.
  let kernelReach: Int64

  init(rows: [Row], reach: Int64, kernelReach: Int64? = nil) {
    self.rows = rows
    self.reach = reach
    self.kernelReach = kernelReach ?? reach
  }
}

/// What a loader says of a value that does not fit.
struct OverflowWords: Sendable {
  /// The types; `nil` for all.
  let types: ClosedRange<UInt32>?
  /// The change that brought these words; `nil` when they were always said.
  let since: KernelChange?
  /// The line: `%n` stands for the module, `%t` for the type, `%s` for the symbol, `%v` for the
  /// value of base 16, `%d` of base 10; `%i` for the section with the relocation, `%r` for its number,
  /// `%p` for the place that is changed and `%a` for the symbol's own value.
  private let line: String

  init(_ line: String, of types: ClosedRange<UInt32>? = nil, since: KernelChange? = nil) {
    self.line = line
    self.types = types
    self.since = since
  }

  /// Where a value that does not fit was to go.
  struct Place {
    /// The number of the section with the relocation.
    let section: Int
    /// The number of the relocation.
    let index: Int
    /// The address that is changed.
    let address: UInt64
    /// The symbol's value.
    let symbol: UInt64
  }

  /// The line about a value.
  func line(
    _ name: ByteSlice, _ type: UInt32, _ symbol: ByteSlice, _ value: UInt64, _ place: Place
  ) -> ByteText {
    var text: [UInt8] = []
    var isMark = false
    for byte in line.utf8 {
      if isMark {
        switch byte {
        case UInt8(ascii: "n"): text += name.bytes
        case UInt8(ascii: "t"): text += Array("\(type)".utf8)
        case UInt8(ascii: "s"): text += symbol.bytes
        case UInt8(ascii: "i"): text += Array("\(place.section)".utf8)
        case UInt8(ascii: "r"): text += Array("\(place.index)".utf8)
        case UInt8(ascii: "p"): text += Array(String(place.address, radix: 16).utf8)
        case UInt8(ascii: "a"): text += Array(String(place.symbol, radix: 16).utf8)
        case UInt8(ascii: "d"): text += Array("\(Int64(bitPattern: value))".utf8)
        default: text += Array(String(value, radix: 16).utf8)
        }
        isMark = false
      } else if byte == UInt8(ascii: "%") {
        isMark = true
      } else {
        text.append(byte)
      }
    }
    return ByteText(bytes: text)
  }
}
