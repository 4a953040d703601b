// What a relocation's value can be before addresses are known, as a range: exact between places of one
// section and for numbers, the width of the address space otherwise.

/// What is needed to tell the value of a relocation.
struct PossibleValues {
  /// Where kernel and modules are.
  let addresses: ClosedRange<Int64>
  /// How far from each other at most.
  let ranges: AddressRanges
  /// The number of the section that is changed.
  let target: Int
  /// Whether addresses have 32 bits and come around after the last.
  var isNarrow = false

  /// The values of `relocation` against `record`, which is in `section` or in none; `nil` when they
  /// leave 64 bits. `isNumber` says that the symbol's value is a number and no address.
  func range(
    _ relocation: Relocation, _ record: SymbolRecord, in section: UInt32?, isNumber: Bool,
    from base: ValueBase
  ) -> ClosedRange<Int64>? {
    let addend = relocation.addend ?? 0
    // The kernel puts the address of an undefined symbol where its value is.
    let isOwn = isNumber || section != nil
    var number = isOwn ? Int64(bitPattern: record.value) &+ addend : addend
    if isNarrow { number = Int64(Int32(truncatingIfNeeded: number)) }
    let offset = Int64(bitPattern: relocation.offset)
    switch base {
    case .absolute:
      return isNumber ? number...number : Self.shift(addresses, number)
    case .place, .page:
      let slack: Int64 = base == .page ? 4095 : 0
      let distance: ClosedRange<Int64>?
      if isNumber, isNarrow {
        // The place itself lies where modules do.
        return Self.shift(0 - addresses.upperBound...0 - addresses.lowerBound, number)
          .flatMap(Self.around)
      } else if isNumber {
        distance = Self.shift(0 - addresses.upperBound...0 - addresses.lowerBound, number)
          .flatMap { Self.shift($0, 0 &- offset) }
      } else if let section, Int(section) == target {
        let exact = number &- offset
        distance = exact...exact
      } else {
        let reach = section == nil ? ranges.kernelReach : ranges.reach
        distance = Self.shift(-reach...reach, number).flatMap { Self.shift($0, 0 &- offset) }
      }
      return distance.flatMap { Self.widen($0, slack) }
    }
  }

  private static func shift(_ range: ClosedRange<Int64>, _ by: Int64) -> ClosedRange<Int64>? {
    let (low, isLow) = range.lowerBound.addingReportingOverflow(by)
    let (high, isHigh) = range.upperBound.addingReportingOverflow(by)
    return isLow || isHigh ? nil : low...high
  }

  /// The same distances in 32 bits; `nil` when they are on both sides of the middle.
  private static func around(_ range: ClosedRange<Int64>) -> ClosedRange<Int64>? {
    let low = Int64(Int32(truncatingIfNeeded: range.lowerBound))
    let (high, isTooHigh) = low.addingReportingOverflow(range.upperBound &- range.lowerBound)
    return isTooHigh || high > Int64(Int32.max) ? nil : low...high
  }

  private static func widen(_ range: ClosedRange<Int64>, _ by: Int64) -> ClosedRange<Int64>? {
    let (low, isLow) = range.lowerBound.subtractingReportingOverflow(by)
    let (high, isHigh) = range.upperBound.addingReportingOverflow(by)
    return isLow || isHigh ? nil : low...high
  }
}

extension ValueRange {
  /// Whether it takes all of `possible`, none, or nobody knows.
  func takes(_ possible: ClosedRange<Int64>) -> Bool? {
    if values.upperBound < possible.lowerBound || possible.upperBound < values.lowerBound {
      return isPartial ? nil : false
    }
    let isInside =
      values.lowerBound <= possible.lowerBound && possible.upperBound <= values.upperBound
    return isInside || isLoose ? true : nil
  }
}

extension AddressRanges {
  /// Where they are with this configuration.
  func addresses(_ config: KernelConfig?) -> ClosedRange<Int64>? {
    rows.first { row in
      guard let option = row.option else { return true }
      guard let value = config?.values[option] else { return false }
      return row.values.contains { value.equals($0) }
    }?.addresses
  }
}
