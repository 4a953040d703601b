// Sections with `SHF_COMPRESSED` (gABI, "Section Compression"), unpacked by the libraries that unpack
// modules.

import ELFKit

extension Compression {
  /// Unpacks debug sections within `limits`.
  static func sectionUnpacker(_ limits: Input.Limits) -> SectionUnpacker {
    { method, packed, size in
      guard size <= limits.maxSize, let decoder = sectionDecoder(method),
        let format = sectionFormat(method),
        let bytes = try? format.decompress(packed, limits, decoder)
      else { return nil }
      return ByteSlice(bytes)
    }
  }

  private static func sectionFormat(_ method: UInt32) -> Compression? {
    switch method {
    case CompressionHeader.zlib: .gzip
    case CompressionHeader.zstandard: .zstd
    default: nil
    }
  }

  /// zlib's own format has another header than gzip's.
  private static func sectionDecoder(_ method: UInt32) -> (any StreamDecoder)? {
    switch method {
    case CompressionHeader.zlib: GzipDecoder(isPlain: true)
    case CompressionHeader.zstandard: ZstandardDecoder()
    default: nil
    }
  }
}
