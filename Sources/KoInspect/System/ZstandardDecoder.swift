// Zstandard by the system's libzstd (zstd.h of 1.4 and later).

import ELFKit
import Glibc

/// Decodes Zstandard frames.
@safe
final class ZstandardDecoder: StreamDecoder {
  private typealias Create = @convention(c) () -> UnsafeMutableRawPointer?
  private typealias Free = @convention(c) (UnsafeMutableRawPointer) -> Int
  private typealias Decompress =
    @convention(c) (
      UnsafeMutableRawPointer, UnsafeMutableRawPointer, UnsafeMutableRawPointer
    ) -> Int
  private typealias IsError = @convention(c) (Int) -> UInt32
  private typealias ErrorCode = @convention(c) (Int) -> UInt32
  private typealias Version = @convention(c) () -> UnsafePointer<CChar>

  private static let library = DynamicLibrary(Compression.zstd.library)

  /// `ZSTD_versionString()`
  static var version: String? {
    guard let version = unsafe library?.function("ZSTD_versionString", as: Version.self)
    else { return nil }
    return unsafe String(cString: version())
  }

  /// `ZSTD_inBuffer` and `ZSTD_outBuffer`: address, size, position.
  @safe
  private struct Buffer {
    var address: UnsafeRawPointer?
    var size: Int
    var position = 0
  }

  private let context: UnsafeMutableRawPointer
  private let decompress: Decompress
  private let isError: IsError
  private let errorCode: ErrorCode
  private let free: Free

  /// A decoder, or `nil` when the library is not there.
  init?() {
    guard let library = Self.library,
      let create = unsafe library.function("ZSTD_createDStream", as: Create.self),
      let free = unsafe library.function("ZSTD_freeDStream", as: Free.self),
      let decompress = unsafe library.function("ZSTD_decompressStream", as: Decompress.self),
      let isError = unsafe library.function("ZSTD_isError", as: IsError.self),
      let errorCode = unsafe library.function("ZSTD_getErrorCode", as: ErrorCode.self),
      let context = unsafe create()
    else { return nil }
    unsafe (self.decompress, self.free, self.context) = (decompress, free, context)
    (self.isError, self.errorCode) = (isError, errorCode)
  }

  deinit { _ = unsafe free(context) }

  func decode(
    _ input: ByteSlice, into output: inout [UInt8]
  ) throws(DecodingProblem) -> DecodingStep {
    let (result, consumed, produced) = unsafe withBuffers(input, &output) { source, target in
      var from = unsafe Buffer(address: source.baseAddress, size: source.count)
      var to = unsafe Buffer(address: UnsafeRawPointer(target.baseAddress), size: target.count)
      let result = unsafe decompress(context, &to, &from)
      return (result, from.position, to.position)
    }
    guard isError(result) == 0 else {
      // ZSTD_ErrorCode: 10 no frame begins here, 16 and 64 memory (the window is too large).
      switch errorCode(result) {
      case 10: throw .trailing
      case 16, 64: throw .memory
      default: throw .damaged
      }
    }
    // 0 says that a frame has ended; then another one may follow.
    let rest = input.suffix(from: consumed)
    guard result == 0, !rest.isEmpty else {
      return DecodingStep(consumed: consumed, produced: produced, isEnd: result == 0)
    }
    guard Compression(magic: rest) == .zstd || Self.isSkippable(rest) else { throw .trailing }
    return DecodingStep(consumed: consumed, produced: produced, isEnd: false)
  }

  /// Whether a skippable frame begins here (RFC 8878 §3.1.2): 0x184d2a5?, little-endian.
  private static func isSkippable(_ bytes: ByteSlice) -> Bool {
    bytes.count >= 4 && bytes[0] & 0xf0 == 0x50 && bytes[1] == 0x2a && bytes[2] == 0x4d
      && bytes[3] == 0x18
  }
}
