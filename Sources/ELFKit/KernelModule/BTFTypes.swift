// The types in `.BTF` as the kernel walks over them before it takes any (kernel/bpf/btf.c,
// `btf_check_all_metas`): that each is of a kind, has a name that can be, and is all there. What a type means,
// and whether those that it is a difference to are the kernel's, only the kernel sees.

/// The records of types (include/uapi/linux/btf.h, `struct btf_type`).
enum BTFTypes {
  /// What follows a type of one kind: some bytes, and some for each of its members.
  private struct Kind {
    let fixed: Int
    let each: Int
    /// The most that may stand where others have the number of their members.
    let mostCount: UInt32

    init(_ fixed: Int, _ each: Int = 0, mostCount: UInt32 = 0) {
      (self.fixed, self.each) = (fixed, each)
      self.mostCount = each > 0 ? .max : mostCount
    }
  }

  /// The kinds, from `BTF_KIND_INT` = 1 on.
  private static let kinds = [
    // INT, PTR, ARRAY
    Kind(4), Kind(0), Kind(12),
    // STRUCT, UNION, ENUM, FWD
    Kind(0, 12), Kind(0, 12), Kind(0, 8), Kind(0),
    // TYPEDEF, VOLATILE, CONST, RESTRICT
    Kind(0), Kind(0), Kind(0), Kind(0),
    // FUNC, which says there who sees it, FUNC_PROTO, VAR, DATASEC
    Kind(0, mostCount: 2), Kind(0, 8), Kind(4), Kind(0, 12),
    // FLOAT, DECL_TAG, TYPE_TAG, ENUM64
    Kind(0), Kind(4), Kind(0), Kind(0, 12),
  ]

  /// What the kernel says of the types behind `header`, and where in the file; `nil` when it walks over them.
  /// `isWide` tells that numbers of members and kinds have the bits of ``KernelChange/wideTypes``. Of types
  /// that are differences to others, `baseNames` is the size of the names before their own; `nil` where
  /// those are the kernel's, of a size that only the kernel knows.
  static func problem(
    _ header: BTFHeader, isWide: Bool, baseNames: UInt32?
  ) -> (text: String, offset: UInt64)? {
    let types = header.content(of: .types)
    let names = header.place(.strings).size
    let bytes = types.storage.span
    let encoding = header.encoding
    let kinds = kinds
    var place = types.range.lowerBound
    let end = types.range.upperBound
    while place < end {
      let left = end - place - 12
      let offset = types.fileOffset + UInt64(place - types.range.lowerBound)
      guard left >= 0 else { return ("meta_left:\(left + 12) meta_needed:12", offset) }
      let name = bytes.u32(place, encoding)
      let info = bytes.u32(place + 4, encoding)
      if !isWide, info & ~0x9f00_ffff != 0 {
        return ("Invalid btf_info:\(String(info, radix: 16))", offset)
      }
      let number = Int(info >> 24 & 0x7f)
      guard number > 0, number <= kinds.count else { return ("Invalid kind:\(number)", offset) }
      guard isName(name, names, baseNames) else { return ("Invalid name_offset:\(name)", offset) }
      let kind = kinds[number - 1]
      let count = info & 0xff_ffff
      let needed = kind.fixed + kind.each * Int(count)
      guard left >= needed else { return ("meta_left:\(left) meta_needed:\(needed)", offset) }
      guard count <= kind.mostCount else {
        return (kind.mostCount == 0 ? "vlen != 0" : "Invalid func linkage", offset)
      }
      place += 12 + needed
    }
    return nil
  }

  /// Whether a name can begin at `offset`. Where the names begin that a file brings is known with those that
  /// its own are added to.
  private static func isName(_ offset: UInt32, _ own: UInt32, _ base: UInt32?) -> Bool {
    guard offset <= BTFHeader.longestNameOffset else { return false }
    guard let base, offset >= base else { return true }
    return offset - base < own
  }
}
