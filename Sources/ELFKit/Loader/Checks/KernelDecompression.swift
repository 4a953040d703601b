// What the kernel's own decompressors do not take (kernel/module/decompress.c; lib/xz/xz_dec_stream.c,
// xz_dec_bcj.c; lib/zstd), as far as the beginning of a compressed file tells.

/// A format that kernels may be built to decompress.
struct CompressedFormat {
  let option: KernelOption
  let magic: [UInt8]
  let article: String

  static let all = [
    Self(option: .compressGzip, magic: [0x1f, 0x8b, 0x08], article: "a gzip"),
    Self(option: .compressXZ, magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], article: "an xz"),
    Self(option: .compressZstd, magic: [0x28, 0xb5, 0x2f, 0xfd], article: "a zstd"),
  ]

  /// The format that `head` begins like, or `nil`.
  static func of(_ head: ByteSlice) -> Self? {
    all.first { format in
      format.magic.count <= head.count
        && format.magic.indices.allSatisfy { format.magic[$0] == head[$0] }
    }
  }
}

/// Why the kernel cannot decompress a file that other tools can.
struct DecompressionObstacle {
  /// What is wrong, in words for a person.
  let reason: ByteText
  /// What to do about it.
  let remedy: ByteText
  /// What the kernel prints; `nil` when that depends on the bytes behind.
  let line: ByteText?

  /// The number of bytes that tell: an xz header and the first block's, which has 1024 at most.
  static let headSize = 1040

  /// What `kernel` minds about a file of `format` that begins with `head`; `nil` when that is nothing.
  init?(
    _ format: CompressedFormat, _ head: ByteSlice, _ kernel: Kernel, _ config: KernelConfig?
  ) {
    let found: Self?
    switch format.option {
    case .compressXZ: found = Self.xz(head, kernel, config)
    case .compressGzip: found = Self.gzip(head)
    default: found = Self.zstd(head)
    }
    guard let found else { return nil }
    self = found
  }

  private init(_ reason: ByteText, remedy: ByteText, line: ByteText?) {
    (self.reason, self.remedy, self.line) = (reason, remedy, line)
  }

  /// `XZ_OPTIONS_ERROR`: six.
  private static func options(_ reason: ByteText, _ remedy: ByteText) -> Self {
    Self(reason, remedy: remedy, line: "decompression failed with status 6")
  }

  /// Integrity checks (xz file format §2.1.1.2) that the kernel's xz does not have.
  private static let checks: KeyValuePairs<UInt8, String> = [4: "CRC64", 10: "SHA-256"]

  /// Filters before LZMA2 (xz file format §5.3.2): the option that brings each, and since or until when.
  private struct Filter {
    let id: UInt8
    let name: String
    let option: KernelOption
    var with: KernelChange?
    var without: KernelChange?

    static let all = [
      Self(id: 4, name: "x86", option: .xzX86),
      Self(id: 5, name: "powerpc", option: .xzPowerPC),
      Self(id: 6, name: "ia64", option: .xzIA64, without: .noXZIA64),
      Self(id: 7, name: "arm", option: .xzARM),
      Self(id: 8, name: "armthumb", option: .xzARMThumb),
      Self(id: 9, name: "sparc", option: .xzSPARC),
      Self(id: 10, name: "arm64", option: .xzARM64, with: .newXZFilters),
      Self(id: 11, name: "riscv", option: .xzRISCV, with: .newXZFilters),
    ]
  }

  private static let plain: ByteText =
    "compress it as the kernel's build does: xz --check=crc32 --lzma2=dict=1MiB"

  private static func xz(
    _ head: ByteSlice, _ kernel: Kernel, _ config: KernelConfig?
  ) -> Self? {
    guard head.count > 14 else { return nil }
    if head[7] > 1 {
      let name = checks.first { $0.key == head[7] }?.value ?? "number \(head[7])"
      return options(
        "the integrity check of the xz data is \(name), and the kernel's xz knows CRC32 only",
        "compress it with xz --check=crc32")
    }
    // A block's header: its size, flags, two numbers that may be there, the filters.
    guard head[12] != 0 else { return nil }
    let flags = head[13]
    guard flags & 0x3e == 0 else {
      return options("the xz data have more than two filters, or unknown flags", plain)
    }
    var position = 14
    for flag in [0x40, 0x80] as [UInt8] where flags & flag != 0 {
      while position < head.count, head[position] & 0x80 != 0 { position += 1 }
      position += 1
    }
    if flags & 1 != 0 {
      guard position + 1 < head.count else { return nil }
      if let obstacle = filter(head[position], kernel, config) { return obstacle }
      guard head[position + 1] == 0 else {
        return options(
          "the xz filter has a start offset, which the kernel's xz does not take", plain)
      }
      position += 2
    }
    guard position + 2 < head.count else { return nil }
    guard head[position] == 0x21 else {
      return options("the last filter of the xz data is not LZMA2", plain)
    }
    guard head[position + 2] <= 39 else {
      return options("the dictionary of the xz data has more than 3 GiB", plain)
    }
    return nil
  }

  private static func filter(
    _ id: UInt8, _ kernel: Kernel, _ config: KernelConfig?
  ) -> Self? {
    guard let filter = Filter.all.first(where: { $0.id == id }) else {
      let name = id == 3 ? "delta" : "number \(id)"
      return options("no kernel's xz knows the filter \(name)", plain)
    }
    if let change = filter.with, !kernel.has(change) {
      return options("the xz filter \(filter.name) is known since \(change) only", plain)
    }
    if let change = filter.without, kernel.has(change) {
      return options("the xz filter \(filter.name) is not known any more since \(change)", plain)
    }
    // Kernels that were saved by older versions of this tool do not tell.
    if let config, config.values[.xz] != nil, !config[filter.option] {
      return options(
        "the kernel was built without the xz filter \(filter.name) (CONFIG_\(filter.option.rawValue))",
        plain)
    }
    return nil
  }

  /// `module_gzip_header_len` knows the name of a file in the header, and takes the rest of it as data.
  private static func gzip(_ head: ByteSlice) -> Self? {
    guard head.count > 3, head[3] & 0x16 != 0 else { return nil }
    return Self(
      "the gzip header has more than the name of a file, which the kernel takes as data",
      remedy: "compress it with gzip -n", line: nil)
  }

  /// `ZSTD_WINDOWLOG_MAX` is 31 for 64 bits (include/linux/zstd_lib.h); the frame's header (RFC 8878
  /// §3.1.1.1.2) has the exponent.
  private static func zstd(_ head: ByteSlice) -> Self? {
    guard head.count > 5, head[4] & 0x20 == 0, head[5] >> 3 > 21 else { return nil }
    return Self(
      "the window of the zstd data is larger than 2 GiB",
      remedy: "compress it with zstd -19 and without --long",
      line: "ZSTD-compressed data has an incomplete frame header")
  }
}
