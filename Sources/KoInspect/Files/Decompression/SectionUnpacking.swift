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

  /// ELFCOMPRESS_ZLIB, ELFCOMPRESS_ZSTD
  private static func sectionFormat(_ method: UInt32) -> Compression? {
    switch method {
    case 1: .gzip
    case 2: .zstd
    default: nil
    }
  }

  /// zlib's own format has another header than gzip's.
  private static func sectionDecoder(_ method: UInt32) -> (any StreamDecoder)? {
    switch method {
    case 1: GzipDecoder(isPlain: true)
    case 2: ZstandardDecoder()
    default: nil
    }
  }
}
