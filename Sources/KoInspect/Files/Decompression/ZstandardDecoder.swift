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

  func decode(_ input: ByteSlice, into output: inout [UInt8]) -> DecodingStep {
    let (result, consumed, produced) = unsafe withBuffers(input, &output) { source, target in
      var from = unsafe Buffer(address: source.baseAddress, size: source.count)
      var to = unsafe Buffer(address: UnsafeRawPointer(target.baseAddress), size: target.count)
      let result = unsafe decompress(context, &to, &from)
      return (result, from.position, to.position)
    }
    let outcome: DecodingStep.Outcome
    if isError(result) != 0 {
      // ZSTD_ErrorCode: 16 and 64 memory (the window is too large).
      outcome = [16, 64].contains(errorCode(result)) ? .memory : .damaged
    } else if result == 0 {
      outcome = Self.next(input.suffix(from: consumed))
    } else {
      outcome = .more
    }
    return DecodingStep(consumed: consumed, produced: produced, outcome: outcome)
  }

  /// What follows a frame: nothing, or another one.
  private static func next(_ rest: ByteSlice) -> DecodingStep.Outcome {
    guard !rest.isEmpty else { return .end }
    return Compression(magic: rest) == .zstd || isSkippable(rest) ? .more : .trailing
  }

  /// Whether a skippable frame begins here (RFC 8878 §3.1.2): 0x184d2a5?, little-endian.
  private static func isSkippable(_ bytes: ByteSlice) -> Bool {
    bytes.count >= 4 && bytes[0] & 0xf0 == 0x50 && bytes[1] == 0x2a && bytes[2] == 0x4d
      && bytes[3] == 0x18
  }
}
