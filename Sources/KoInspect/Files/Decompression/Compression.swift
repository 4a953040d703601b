// Compressed files: recognised by content, unpacked by the system's libraries.

import ELFKit

/// A format that modules are compressed with.
enum Compression: String, CaseIterable, Sendable {
  case gzip
  case xz
  case zstd

  /// The format that begins like `bytes`, or `nil`.
  init?(magic bytes: ByteSlice) {
    let found = Self.allCases.first { format in
      let magic = format.magic
      return bytes.count >= magic.count && magic.indices.allSatisfy { bytes[$0] == magic[$0] }
    }
    guard let found else { return nil }
    self = found
  }

  /// The number of bytes that tell.
  static let magicSize = 6
  /// The number of bytes that tell what the kernel's own decompressors think of a file.
  static let headSize = 1040

  private var magic: [UInt8] {
    switch self {
    case .gzip: [0x1f, 0x8b]
    case .xz: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]
    case .zstd: [0x28, 0xb5, 0x2f, 0xfd]
    }
  }

  /// The file name of the library that unpacks it.
  var library: String {
    switch self {
    case .gzip: "libz.so.1"
    case .xz: "liblzma.so.5"
    case .zstd: "libzstd.so.1"
    }
  }

  /// The packages that bring the library: Debian's and Fedora's names.
  private var packages: String {
    switch self {
    case .gzip: "zlib1g or zlib"
    case .xz: "liblzma5 or xz-libs"
    case .zstd: "libzstd1 or libzstd"
    }
  }

  /// A decoder, or an error that says what to install.
  private func decoder() throws(SystemError) -> any StreamDecoder {
    let decoder: (any StreamDecoder)? =
      switch self {
      case .gzip: GzipDecoder()
      case .xz: XZDecoder()
      case .zstd: ZstandardDecoder()
      }
    guard let decoder else {
      throw SystemError(
        "compressed with \(rawValue), and \(library) is not there to read it: "
          + "install \(packages)")
    }
    return decoder
  }

  /// The library's version, or `nil` when it is not there.
  var libraryVersion: String? {
    switch self {
    case .gzip: GzipDecoder.version
    case .xz: XZDecoder.version
    case .zstd: ZstandardDecoder.version
    }
  }

  /// What `bytes` hold. All of them must belong to it; several streams one after the other are
  /// joined, as the formats' own tools do.
  ///
  /// Memory grows with what really comes out, never by what the stream claims.
  func decompress(
    _ bytes: ByteSlice, _ limits: Input.Limits
  ) throws(SystemError) -> [UInt8] {
    try decompress(bytes, limits, try decoder())
  }

  /// The same by a decoder that has been made.
  func decompress(
    _ bytes: ByteSlice, _ limits: Input.Limits, _ decoder: any StreamDecoder
  ) throws(SystemError) -> [UInt8] {
    let limits = limits.decompressing(bytes.count)
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 17)
    var position = 0
    while true {
      let step = decoder.decode(bytes.suffix(from: position), into: &chunk)
      position += step.consumed
      try limits.check(UInt64(output.count + step.produced))
      output += chunk[..<step.produced]
      let isStuck = step.consumed == 0 && step.produced == 0
      switch step.outcome {
      case .end: return output
      case .more where !isStuck: continue
      case .more: throw SystemError(message(for: .truncated, at: position))
      default: throw SystemError(message(for: step.outcome, at: position))
      }
    }
  }

  private func message(for outcome: DecodingStep.Outcome, at position: Int) -> String {
    let place = "offset 0x\(String(position, radix: 16))"
    return switch outcome {
    case .more, .end, .truncated: "the \(rawValue) data end too early: the file may be truncated"
    case .damaged where position == 0: "damaged \(rawValue) data"
    case .damaged: "damaged \(rawValue) data (near \(place))"
    case .trailing: "bytes follow the \(rawValue) data (\(place))"
    case .memory: "\(rawValue) data that need too much memory to decompress"
    }
  }
}

/// What one call of a decoder did.
struct DecodingStep {
  enum Outcome {
    /// There is more to do, unless nothing was done.
    case more
    /// Everything has been decoded.
    case end
    case truncated
    case damaged
    /// The bytes that follow do not belong to the stream.
    case trailing
    /// More memory is needed than a module may cost.
    case memory
  }

  /// The number of bytes it took.
  let consumed: Int
  /// The number of bytes it gave.
  let produced: Int
  let outcome: Outcome
}

/// A decoder of one stream of bytes.
protocol StreamDecoder: AnyObject {
  /// Decodes from the beginning of `input`, all that is left of the stream, into `output`.
  func decode(_ input: ByteSlice, into output: inout [UInt8]) -> DecodingStep
}

extension StreamDecoder {
  /// Lends both ranges to a C function.
  @unsafe
  func withBuffers<Result>(
    _ input: ByteSlice, _ output: inout [UInt8],
    _ body: (UnsafeRawBufferPointer, UnsafeMutableRawBufferPointer) -> Result
  ) -> Result {
    unsafe input.storage.withUnsafeBytes { all in
      unsafe output.withUnsafeMutableBytes { target in
        unsafe body(UnsafeRawBufferPointer(rebasing: all[input.range]), target)
      }
    }
  }
}
