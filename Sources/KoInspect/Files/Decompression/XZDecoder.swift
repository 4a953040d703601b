// xz by the system's liblzma (lzma/base.h, lzma/container.h, since its 5.2).

import ELFKit
import Glibc

/// Decodes xz streams.
@safe
final class XZDecoder: StreamDecoder {
  private typealias Initialize =
    @convention(c) (UnsafeMutableRawPointer, UInt64, UInt32) -> Int32
  private typealias Code = @convention(c) (UnsafeMutableRawPointer, Int32) -> Int32
  private typealias End = @convention(c) (UnsafeMutableRawPointer) -> Void
  private typealias Version = @convention(c) () -> UnsafePointer<CChar>

  private static let library = DynamicLibrary(Compression.xz.library)

  /// `lzma_version_string()`
  static var version: String? {
    guard let version = unsafe library?.function("lzma_version_string", as: Version.self)
    else { return nil }
    return unsafe String(cString: version())
  }

  /// `lzma_stream`: 136 bytes on 64-bit systems, all zero at first.
  private enum Field {
    static let nextIn = 0
    static let availableIn = 8
    static let nextOut = 24
    static let availableOut = 32
    static let size = 136
  }

  /// Enough for every preset of xz (-9 needs 65 MiB); a stream may claim 4 GiB.
  private static let memoryLimit: UInt64 = 256 << 20
  /// `LZMA_FINISH`: all input there is has been given.
  private static let finish: Int32 = 3

  private let stream: UnsafeMutableRawPointer
  private let initialize: Initialize
  private let code: Code
  private let end: End

  /// A decoder, or `nil` when the library is not there.
  init?() {
    guard let library = Self.library,
      let initialize = unsafe library.function("lzma_stream_decoder", as: Initialize.self),
      let code = unsafe library.function("lzma_code", as: Code.self),
      let end = unsafe library.function("lzma_end", as: End.self)
    else { return nil }
    unsafe (self.initialize, self.code, self.end) = (initialize, code, end)
    unsafe stream = .allocate(byteCount: Field.size, alignment: 16)
    unsafe stream.initializeMemory(as: UInt8.self, repeating: 0, count: Field.size)
    // It can only fail for want of memory, and then lzma_code says so.
    _ = unsafe initialize(stream, Self.memoryLimit, 0)
  }

  deinit {
    unsafe end(stream)
    unsafe stream.deallocate()
  }

  func decode(_ input: ByteSlice, into output: inout [UInt8]) -> DecodingStep {
    let (result, consumed, produced) = unsafe withBuffers(input, &output) { source, target in
      unsafe stream.storeBytes(
        of: source.baseAddress, toByteOffset: Field.nextIn, as: UnsafeRawPointer?.self)
      unsafe stream.storeBytes(of: source.count, toByteOffset: Field.availableIn, as: Int.self)
      unsafe stream.storeBytes(
        of: target.baseAddress, toByteOffset: Field.nextOut,
        as: UnsafeMutableRawPointer?.self)
      unsafe stream.storeBytes(of: target.count, toByteOffset: Field.availableOut, as: Int.self)
      let result = unsafe code(stream, Self.finish)
      let leftIn = unsafe stream.load(fromByteOffset: Field.availableIn, as: Int.self)
      let leftOut = unsafe stream.load(fromByteOffset: Field.availableOut, as: Int.self)
      return (result, source.count - leftIn, target.count - leftOut)
    }
    // lzma_ret: 0 OK, 1 STREAM_END, 5 and 6 memory, 9 damage, 10 no progress.
    var padding = 0
    let outcome: DecodingStep.Outcome
    switch result {
    case 0: outcome = .more
    case 1: (outcome, padding) = next(input.suffix(from: consumed))
    case 5, 6: outcome = .memory
    case 10: outcome = .truncated
    default: outcome = .damaged
    }
    return DecodingStep(consumed: consumed + padding, produced: produced, outcome: outcome)
  }

  /// What follows a stream: perhaps zero bytes, four by four, and perhaps another stream.
  private func next(_ rest: ByteSlice) -> (DecodingStep.Outcome, padding: Int) {
    let zeros = rest.firstIndex { $0 != 0 } ?? rest.count
    let padding = zeros & ~3
    guard padding < rest.count else { return (.end, padding) }
    guard Compression(magic: rest.suffix(from: padding)) == .xz,
      unsafe initialize(stream, Self.memoryLimit, 0) == 0
    else { return (.trailing, padding) }
    return (.more, padding)
  }
}
