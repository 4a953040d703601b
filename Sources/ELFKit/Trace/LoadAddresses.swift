// Where a module was in memory, as far as a log proves it: from there other addresses of the log have names.

/// What lies at an address of a log.
public struct AddressedPlace: Hashable, Sendable {
  /// The name that kallsyms has for it.
  public let place: ModuleCode.Place
  /// How far behind the beginning of the name it is.
  public let offset: UInt64
}

/// Where the two parts of a module with code were: that which stays, and that which is freed. Nothing is known
/// of its data: newer kernels allocate that by itself (``KernelChange/memoryKinds``).
struct LoadAddresses: Sendable {
  private enum Base {
    case unknown
    case known(UInt64)
    /// The log tells of two, as after a module was loaded again.
    case several
  }

  private var bases = [Base.unknown, .unknown]

  /// Memory of modules is made of whole pages, of which the smallest have so many bytes.
  private static let page: UInt64 = 4096

  /// Takes into account that `address` was `distance` behind the beginning of a part.
  mutating func add(_ address: UInt64, _ distance: UInt64, isInit: Bool) {
    let part = isInit ? 1 : 0
    // An address that is a secret of its own kernel's (%p) is another number.
    guard address > distance, (address - distance) & (Self.page - 1) == 0 else { return }
    switch bases[part] {
    case .unknown: bases[part] = .known(address - distance)
    case .known(let base): if base != address - distance { bases[part] = .several }
    case .several: return
    }
  }

  /// Whether anything is known.
  var isEmpty: Bool { base(isInit: false) == nil && base(isInit: true) == nil }

  /// Where a part begins.
  private func base(isInit: Bool) -> UInt64? {
    if case .known(let base) = bases[isInit ? 1 : 0] { base } else { nil }
  }

  /// What lies at `address` of `code`; `nil` when that is not the module's, or not known.
  func place(at address: UInt64, in code: ModuleCode) -> AddressedPlace? {
    for isInit in [false, true] {
      guard let base = base(isInit: isInit), address >= base,
        let found = code.place(at: address - base, isInit: isInit)
      else { continue }
      return found
    }
    return nil
  }
}

extension ModuleCode {
  /// How far behind the beginning of its part of memory a place is; `nil` behind what the loader makes.
  func distance(to place: Place) -> UInt64? {
    regions[place.isInit ? 1 : 0].grownAt.contains { $0 <= place.address } ? nil : place.address
  }

  /// The name of what is so far behind the beginning of a part of memory.
  func place(at distance: UInt64, isInit: Bool) -> AddressedPlace? {
    let part = isInit ? 1 : 0
    let region = regions[part]
    guard distance < region.size, !region.grownAt.contains(where: { $0 <= distance }) else {
      return nil
    }
    let next = Halving.firstIndex(region.heads.count) { region.heads[$0].address > distance }
    guard next > 0 else { return nil }
    let place = place(part, region.heads[next - 1])
    let offset = distance - place.address
    // Between two sections there is nothing.
    let (end, overflow) = place.start.addingReportingOverflow(offset)
    guard !overflow, end < sectionSize(place.section) else { return nil }
    return AddressedPlace(place: place, offset: offset)
  }
}

/// A line of /proc/modules (kernel/module/procfs.c, `m_show`).
public struct ListedModule: Hashable, Sendable {
  /// Its name.
  public let name: ByteSlice
  /// The bytes that it takes.
  public let size: UInt64
  /// Where its code begins.
  public let address: UInt64

  /// The words behind the module's dependencies.
  public static let mark = " Live 0x"

  /// What `line` says: `NAME SIZE REFERENCES DEPENDENCIES Live 0xADDRESS`; `nil` for other lines, and for
  /// addresses that are kept secret, which are 0.
  public init?(_ line: ByteSlice) {
    guard let start = line.firstPosition(of: Self.mark) else { return nil }
    let rest = line.suffix(from: start + Self.mark.utf8.count)
    let words = line[within: 0..<start].words.suffix(4)
    guard words.count == 4, let name = words.first,
      let (size, end) = TraceSymbol.decimal(words[words.startIndex + 1], from: 0),
      end == words[words.startIndex + 1].count,
      let (address, _) = TraceSymbol.hexadecimal(rest, from: 0), address != 0
    else { return nil }
    self.name = name
    self.size = size
    self.address = address
  }
}

extension TraceLine {
  /// Numbers of base 16 in `line` that may be addresses, each once: whole words of 8 to 16 digits, with or
  /// without `0x`.
  public static func addresses(in line: ByteSlice) -> [UInt64] {
    var found: [UInt64] = []
    var position = 0
    let end = Swift.min(line.count, longest)
    while position < end {
      guard line[position].hexadecimalDigit != nil, line.beginsWord(at: position) else {
        position += 1
        continue
      }
      var start = position
      if line[position] == UInt8(ascii: "0"), position + 1 < end,
        line[position + 1] == UInt8(ascii: "x")
      {
        start += 2
      }
      position = start
      while position < end, line[position].hexadecimalDigit != nil { position += 1 }
      let isWhole = position == line.count || !TraceSymbol.isNameByte(line[position])
      guard isWhole, (8...16).contains(position - start),
        let (value, _) = TraceSymbol.hexadecimal(line[within: start..<position], from: 0),
        !found.contains(value), found.count < 64
      else {
        position = Swift.max(position, start + 1)
        continue
      }
      found.append(value)
    }
    return found
  }
}
