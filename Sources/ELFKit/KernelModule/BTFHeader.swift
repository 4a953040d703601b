// The frame of a module's types as the kernel looks at it (kernel/bpf/btf.c): the header, and what it says of
// the sections behind it. The types themselves are those of BTFTypes.swift.

/// What a kernel finds wrong with `.BTF`.
struct BTFProblem: Equatable {
  /// Its words.
  let text: String
  /// The error with which it refuses them.
  var errno = Errno.invalid
}

/// The header of `.BTF` (include/uapi/linux/btf.h, `struct btf_header`), as far as the file has it: what is
/// behind ``length`` is zero.
struct BTFHeader {
  /// The sections, by where the header says their offset, behind the header, and their size.
  enum Part: Int {
    case types = 8
    case strings = 16
    case layout = 24
  }

  /// The longest offset of a name (`BTF_MAX_NAME_OFFSET`).
  static let longestNameOffset: UInt32 = 0xffffff

  let bytes: ByteSlice
  let encoding: Encoding
  /// The size that the header says it has.
  let length: Int
  /// The size that the kernel knows.
  let knownSize: Int
  /// Whether the types stand for themselves, as those of `.BTF.base` do, and are no differences to others.
  let isBase: Bool

  /// The header at the start of `bytes`; `nil` where there is none. And what `btf_parse_hdr`,
  /// `btf_check_sec_info` and `btf_parse_str_sec` say of it; `nil` when they say nothing.
  static func read(
    _ bytes: ByteSlice, _ encoding: Encoding, hasLayout: Bool, isBase: Bool = false
  ) -> (header: Self?, problem: BTFProblem?) {
    // Up to and with `hdr_len`.
    guard bytes.count >= 8 else { return (nil, BTFProblem(text: "hdr_len not found")) }
    let length = bytes.storage.span.u32(bytes.range.lowerBound + 4, encoding)
    guard UInt64(length) <= UInt64(bytes.count) else {
      return (nil, BTFProblem(text: "btf_header not found"))
    }
    let header = Self(
      bytes: bytes, encoding: encoding, length: Int(length), knownSize: hasLayout ? 32 : 24,
      isBase: isBase)
    return (header, header.problem())
  }

  private func problem() -> BTFProblem? {
    if length > knownSize, bytes[within: knownSize..<length].contains(where: { $0 != 0 }) {
      return BTFProblem(text: "Unsupported btf_header", errno: .tooBig)
    }
    if number(0, bytes: 2) != 0xeb9f { return BTFProblem(text: "Invalid magic") }
    if byte(2) != 1 { return BTFProblem(text: "Unsupported version", errno: .notSupportedInside) }
    if byte(3) != 0 { return BTFProblem(text: "Unsupported flags", errno: .notSupportedInside) }
    if isBase, bytes.count == length { return BTFProblem(text: "No data") }
    return (sectionProblem() ?? stringProblem()).map { BTFProblem(text: $0) }
  }

  /// Whether the kernel looks at the layout of types that the header has.
  private var hasWholeHeader: Bool { knownSize >= 32 && length >= 32 }

  private func sectionProblem() -> String? {
    var parts = [place(.types), place(.strings)]
    let layout = place(.layout)
    if hasWholeHeader, layout.size != 0 { parts.append(layout) }
    // The kernel takes the difference of two for a number with a sign (`btf_sec_info_cmp`).
    parts.sort { left, right in
      left.offset == right.offset
        ? Int32(bitPattern: left.size &- right.size) < 0
        : Int32(bitPattern: left.offset &- right.offset) < 0
    }
    let room = UInt64(bytes.count - length)
    var total: UInt64 = 0
    for (offset, size) in parts {
      if offset > room { return "Invalid section offset" }
      if total < offset { return "Unsupported section found" }
      if total > offset { return "Section overlap found" }
      if room - total < size { return "Total section length too long" }
      total += UInt64(size)
    }
    return total < room ? "Unsupported section found" : nil
  }

  /// Only types that are differences to others may do without names of their own.
  private func stringProblem() -> String? {
    let (offset, size) = place(.strings)
    if !hasWholeHeader, UInt64(offset) + UInt64(size) != UInt64(bytes.count - length) {
      return "String section is not at the end"
    }
    if !isBase, size == 0 { return nil }
    let names = content(of: .strings)
    let isSound =
      size > 0 && size - 1 <= Self.longestNameOffset && names.last == 0
      && !(isBase && names.first != 0)
    return isSound ? nil : "Invalid string section"
  }

  /// Where a section is, behind the header, and its size, as the header says it.
  func place(_ part: Part) -> (offset: UInt32, size: UInt32) {
    (number(part.rawValue, bytes: 4), number(part.rawValue + 4, bytes: 4))
  }

  /// The bytes of a section; none where it is not in the file.
  func content(of part: Part) -> ByteSlice {
    let (offset, size) = place(part)
    return (try? bytes.suffix(from: length).slice(UInt64(offset), UInt64(size), in: .file))
      ?? .empty(at: bytes.fileOffset)
  }

  /// The number at `offset` of the header.
  private func number(_ offset: Int, bytes count: Int) -> UInt32 {
    (0..<count).reduce(0) { number, index in
      let position = encoding.byteOrder == .little ? count - 1 - index : index
      return number << 8 | UInt32(byte(offset + position))
    }
  }

  private func byte(_ offset: Int) -> UInt8 {
    offset < min(length, knownSize) ? bytes[offset] : 0
  }
}
