package import ELFKit

extension Identification {
  /// That of a file for a system, with a version of its ABI.
  package static func system(_ number: UInt8, version: UInt8 = 0) -> Self {
    var bytes = [UInt8](repeating: 0, count: byteCount)
    (bytes[7], bytes[8]) = (number, version)
    return Self(decoding: bytes.span, at: 0)
  }

  /// That of a file for no system that is named.
  package static var none: Self { system(0) }
}
