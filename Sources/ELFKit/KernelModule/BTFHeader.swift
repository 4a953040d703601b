// What a kernel looks at in the types of a module before it takes them (kernel/bpf/btf.c).

/// The header of `.BTF` (include/uapi/linux/btf.h, `struct btf_header`).
enum BTFHeader {
  /// What `btf_parse_hdr` and `btf_check_sec_info` say of it; `nil` when they say nothing.
  static func problem(_ bytes: ByteSlice, _ encoding: Encoding) -> String? {
    // Up to and with `hdr_len`.
    guard bytes.count >= 8 else { return "hdr_len not found" }
    let span = bytes.storage.span
    let base = bytes.range.lowerBound
    let length = span.u32(base + 4, encoding)
    guard UInt64(length) <= UInt64(bytes.count) else { return "btf_header not found" }
    guard span.u16(base, encoding) == 0xeb9f else { return "Invalid magic" }
    guard bytes[2] == 1 else { return "Unsupported version" }
    guard bytes[3] == 0 else { return "Unsupported flags" }
    guard length >= 24 else { return "Invalid header size" }
    let room = UInt64(bytes.count) - UInt64(length)
    let parts = [8, 16].map { offset in
      (UInt64(span.u32(base + offset, encoding)), UInt64(span.u32(base + offset + 4, encoding)))
    }.sorted { $0 < $1 }
    var total: UInt64 = 0
    for (offset, size) in parts {
      if offset > room { return "Invalid section offset" }
      if total < offset { return "Unsupported section found" }
      if total > offset { return "Section overlap found" }
      if room - total < size { return "Total section length too long" }
      total += size
    }
    return total < room ? "Unsupported section found" : nil
  }
}
