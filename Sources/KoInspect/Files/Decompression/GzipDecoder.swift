// gzip, and zlib's own format, by the system's zlib (zlib.h of 1.2 and later).

import ELFKit
import Glibc

/// Decodes gzip members.
@safe
final class GzipDecoder: StreamDecoder {
  private typealias Initialize =
    @convention(c) (UnsafeMutableRawPointer, Int32, UnsafePointer<CChar>, Int32) -> Int32
  private typealias Inflate = @convention(c) (UnsafeMutableRawPointer, Int32) -> Int32
  private typealias Reset = @convention(c) (UnsafeMutableRawPointer) -> Int32
  private typealias Version = @convention(c) () -> UnsafePointer<CChar>

  private static let library = DynamicLibrary(Compression.gzip.library)

  /// `zlibVersion()`
  static var version: String? {
    guard let version = unsafe library?.function("zlibVersion", as: Version.self)
    else { return nil }
    return unsafe String(cString: version())
  }

  /// `z_stream`: 112 bytes on 64-bit systems, all zero at first.
  private enum Field {
    static let nextIn = 0
    static let availableIn = 8
    static let nextOut = 24
    static let availableOut = 32
    static let size = 112
  }

  /// The largest window; 16 more is gzip's header and nothing else.
  private static let windowBits: Int32 = 15

  private let stream: UnsafeMutableRawPointer
  private let inflate: Inflate
  private let reset: Reset
  private let end: Reset

  /// A decoder, or `nil` when the library is not there; `isPlain` for zlib's own format.
  init?(isPlain: Bool = false) {
    guard let library = Self.library,
      let version = unsafe library.function("zlibVersion", as: Version.self),
      let initialize = unsafe library.function("inflateInit2_", as: Initialize.self),
      let inflate = unsafe library.function("inflate", as: Inflate.self),
      let reset = unsafe library.function("inflateReset", as: Reset.self),
      let end = unsafe library.function("inflateEnd", as: Reset.self)
    else { return nil }
    unsafe (self.inflate, self.reset, self.end) = (inflate, reset, end)
    unsafe stream = .allocate(byteCount: Field.size, alignment: 16)
    unsafe stream.initializeMemory(as: UInt8.self, repeating: 0, count: Field.size)
    // It can only fail for want of memory, and then inflate says so.
    _ = unsafe initialize(
      stream, Self.windowBits + (isPlain ? 0 : 16), version(), Int32(Field.size))
  }

  deinit {
    _ = unsafe end(stream)
    unsafe stream.deallocate()
  }

  func decode(_ input: ByteSlice, into output: inout [UInt8]) -> DecodingStep {
    let (result, consumed, produced) = unsafe withBuffers(input, &output) { source, target in
      // Both counts are 32-bit.
      let givenIn = UInt32(clamping: source.count)
      let givenOut = UInt32(clamping: target.count)
      unsafe stream.storeBytes(
        of: source.baseAddress, toByteOffset: Field.nextIn, as: UnsafeRawPointer?.self)
      unsafe stream.storeBytes(of: givenIn, toByteOffset: Field.availableIn, as: UInt32.self)
      unsafe stream.storeBytes(
        of: target.baseAddress, toByteOffset: Field.nextOut,
        as: UnsafeMutableRawPointer?.self)
      unsafe stream.storeBytes(of: givenOut, toByteOffset: Field.availableOut, as: UInt32.self)
      let result = unsafe inflate(stream, 0)
      let leftIn = unsafe stream.load(fromByteOffset: Field.availableIn, as: UInt32.self)
      let leftOut = unsafe stream.load(fromByteOffset: Field.availableOut, as: UInt32.self)
      return (result, Int(givenIn - leftIn), Int(givenOut - leftOut))
    }
    // Z_OK 0, Z_STREAM_END 1, Z_BUF_ERROR -5 (no progress), Z_MEM_ERROR -4, Z_DATA_ERROR -3.
    let outcome: DecodingStep.Outcome =
      switch result {
      case 0: .more
      case 1: next(input.suffix(from: consumed))
      case -5: .truncated
      case -4: .memory
      default: .damaged
      }
    return DecodingStep(consumed: consumed, produced: produced, outcome: outcome)
  }

  /// What follows a member: nothing, or another one.
  private func next(_ rest: ByteSlice) -> DecodingStep.Outcome {
    guard !rest.isEmpty else { return .end }
    guard Compression(magic: rest) == .gzip, unsafe reset(stream) == 0 else { return .trailing }
    return .more
  }
}
