import TestSupport
import Testing

@testable import ELFKit

@Suite("What the kernel's own decompressors do not take")
struct KernelDecompressionTests {
  /// A stream header with this check, and a block header with these filters (their bytes).
  private static func xz(check: UInt8, flags: UInt8, _ filters: [UInt8]) -> [UInt8] {
    [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, check, 1, 2, 3, 4, 4, flags] + filters
      + [UInt8](repeating: 0, count: 16)
  }

  private static let lzma2: [UInt8] = [0x21, 1, 0x16]

  private static func reason(
    _ head: [UInt8], _ release: String = "6.12.0", _ options: [KernelOption] = []
  ) throws -> String? {
    let bytes = ByteSlice(head)
    let format = try #require(CompressedFormat.of(bytes))
    let kernel = try #require(Kernel(release: ByteSlice(Array(release.utf8))))
    var config = KernelConfig()
    for option in options { config.set(option, "y") }
    return DecompressionObstacle(format, bytes, kernel, options.isEmpty ? nil : config)?.reason.text
  }

  @Test("xz: checks, filters, dictionaries")
  func xz() throws {
    try expect(Self.reason(Self.xz(check: 1, flags: 0, Self.lzma2)), is: nil)
    try expect(Self.reason(Self.xz(check: 0, flags: 0, Self.lzma2)), is: nil)
    try expect(Self.reason(Self.xz(check: 4, flags: 0, Self.lzma2))?.contains("CRC64"), is: true)
    try expect(Self.reason(Self.xz(check: 10, flags: 0, Self.lzma2))?.contains("SHA-256"), is: true)
    // Sizes that may be told before the filters.
    let sized = Self.xz(check: 1, flags: 0xc0, [0x81, 0x01, 0x85, 0x02] + Self.lzma2)
    try expect(Self.reason(sized), is: nil)
    let x86 = Self.xz(check: 1, flags: 1, [4, 0] + Self.lzma2)
    try expect(Self.reason(x86), is: nil)
    try expect(Self.reason(x86, "6.12.0", [.xz, .xzX86]), is: nil)
    try expect(Self.reason(x86, "6.12.0", [.xz])?.contains("CONFIG_XZ_DEC_X86"), is: true)
    // A kernel that was saved before these options were.
    try expect(Self.reason(x86, "6.12.0", [.smp]), is: nil)
    let arm64 = Self.xz(check: 1, flags: 1, [10, 0] + Self.lzma2)
    try expect(Self.reason(arm64), is: nil)
    try expect(Self.reason(arm64, "6.1.0")?.contains("since 6.12 only"), is: true)
    let ia64 = Self.xz(check: 1, flags: 1, [6, 0] + Self.lzma2)
    try expect(Self.reason(ia64, "6.1.0"), is: nil)
    try expect(Self.reason(ia64) != nil)
    let delta = Self.xz(check: 1, flags: 1, [3, 1, 0] + Self.lzma2)
    try expect(Self.reason(delta)?.contains("delta"), is: true)
    let three = Self.xz(check: 1, flags: 2, [4, 0, 4, 0] + Self.lzma2)
    try expect(Self.reason(three) != nil)
    let start = Self.xz(check: 1, flags: 1, [4, 4, 0, 0, 0, 0] + Self.lzma2)
    try expect(Self.reason(start)?.contains("start offset"), is: true)
    try expect(Self.reason(Self.xz(check: 1, flags: 0, [0x21, 1, 39])), is: nil)
    try expect(
      Self.reason(Self.xz(check: 1, flags: 0, [0x21, 1, 40]))?.contains("3 GiB"), is: true)
  }

  @Test("gzip: a header with a name only; zstd: windows")
  func others() throws {
    let gzip: [UInt8] = [0x1f, 0x8b, 8]
    try expect(Self.reason(gzip + [8, 0, 0, 0, 0]), is: nil)
    for flag in [2, 4, 16] as [UInt8] {
      try expect(Self.reason(gzip + [flag, 0, 0, 0, 0]) != nil)
    }
    let zstd: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd]
    try expect(Self.reason(zstd + [0, 21 << 3, 0]), is: nil)
    try expect(Self.reason(zstd + [0, 22 << 3, 0]) != nil)
    // A single segment has no window.
    try expect(Self.reason(zstd + [0x20, 22 << 3, 0]), is: nil)
  }

  @Test("No beginning of a file is read past its end")
  func short() throws {
    let kernel = try #require(Kernel(release: "6.12.0"))
    let full = Self.xz(check: 1, flags: 0xc1, [0xff, 0xff, 0xff])
    for count in 0...full.count {
      let head = ByteSlice(Array(full.prefix(count)))
      guard let format = CompressedFormat.of(head) else { continue }
      _ = DecompressionObstacle(format, head, kernel, nil)
    }
  }
}
