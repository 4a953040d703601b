import ELFKit
import Foundation
import TestSupport
import Testing

@testable import KoInspect

/// The same small module (320 bytes) as gzip, xz and zstd wrote it.
func compressed(_ format: Compression) -> [UInt8] {
  let text =
    switch format {
    case .gzip:
      """
      H4sIAAAAAAACA6t39XFjYmRkgAFGBjsGBA8BGpDYDlCSmYGJISczOTWvONXWPcCHIS8xN9W2JDOvkqEstSg3MT0z2d\
      ZMz1DPQCHYN4CBQS83PyUzLy2fQa84o7ikqCQxiYEKgBGKmdDEHaC0Jhb1yIALiJmx6M+E0iIE9AMAQV3hjkABAAA=
      """
    case .xz:
      """
      /Td6WFoAAAFpIt42AgAhARwAAAAQz1jM4AE/AG9dAD+RRYRoPYmm2pymrC4ry8yOI8Hx6kR26wNcS5kEl+sUOXHJEf\
      NkzSQmtG54yODyUQk7wS+E+3l4rm50uLu/4txiw5J2XFscLvv33EToEGFzWMDdFVCz088xyyRuDAWABDmtFr4BeFQE\
      08tEqaseAAAAQV3hjgABhwHAAgAAZeNJiD4wDYsCAAAAAAFZWg==
      """
    case .zstd:
      """
      KLUv/WRAAMUDAOJFFRlgdw4dM0wYs0SbZgC+r1Y+HnEKBApKGlumQgP/AyaSx4/kza61LDxG1Z4wCv/HgYYCGvCIUl\
      eSZlP7VvvGSWV98zBx2jqlvv4OJO/OR85nfkujcAENIMBSYBYHmji7wxKdOgZdxuyWzp5JAEYmOgHG+0IULk2T1sc=
      """
    }
  return [UInt8](Data(base64Encoded: text) ?? Data())
}

/// A mebibyte of zero bytes.
private let bomb = [UInt8](
  Data(base64Encoded: "KLUv/aQAABAATAAACAABAPz/ORACAgAQAAIAEAACABAAAgAQAAIAEAACABAAAwAQAPE+FuE=")
    ?? Data())

@Suite("Compressed modules")
struct CompressionTests {
  /// Those whose library this machine has.
  static let formats = Compression.allCases.filter { $0.libraryVersion != nil }

  private static func decompress(
    _ bytes: [UInt8], _ format: Compression, _ limits: Input.Limits = Input.Limits()
  ) throws -> [UInt8] {
    try format.decompress(ByteSlice(bytes), limits)
  }

  @Test("What comes out is the module", arguments: formats)
  func whole(format: Compression) throws {
    let bytes = compressed(format)
    expect(Compression(magic: ByteSlice(bytes)), is: format)
    let module = try Self.decompress(bytes, format)
    expect(module.count, is: 320)
    try expect(ELFImage(module).moduleInfo()?.first("name")?.text, is: "tiny")
  }

  @Test("Formats are known by their first bytes, not by less")
  func magic() {
    for format in Compression.allCases {
      expect(Compression(magic: ByteSlice(Array(compressed(format).prefix(1)))), is: nil)
    }
    expect(Compression(magic: ByteSlice([0x7f, 0x45, 0x4c, 0x46, 2, 1])), is: nil)
    expect(Compression(magic: ByteSlice([])), is: nil)
  }

  @Test("Every truncation is one clear error", arguments: formats)
  func truncations(format: Compression) {
    let bytes = compressed(format)
    for count in 0..<bytes.count {
      #expect {
        try Self.decompress(Array(bytes.prefix(count)), format)
      } throws: { error in
        (error as? SystemError)?.message
          == "the \(format.rawValue) data end too early: the file may be truncated"
      }
    }
  }

  @Test("Every damaged byte ends in a result or one clear error", arguments: formats)
  func damage(format: Compression) {
    let bytes = compressed(format)
    var refused = 0
    for position in bytes.indices {
      var changed = bytes
      changed[position] ^= 0x41
      do {
        _ = try Self.decompress(changed, format, Input.Limits(maxSize: 1 << 20))
      } catch {
        refused += 1
        expect((error as? SystemError)?.message.contains("\n"), is: false)
      }
    }
    expect(refused > bytes.count / 2)
  }

  @Test("Bytes behind the data are an error that says where", arguments: formats)
  func trailing(format: Compression) {
    let bytes = compressed(format)
    for garbage in [[1], Array("garbage, and more of it".utf8)] as [[UInt8]] {
      #expect {
        try Self.decompress(bytes + garbage, format)
      } throws: { error in
        (error as? SystemError)?.message
          == "bytes follow the \(format.rawValue) data (offset 0x\(String(bytes.count, radix: 16)))"
      }
    }
  }

  @Test("Streams one after the other are joined", arguments: formats)
  func joined(format: Compression) throws {
    let bytes = compressed(format)
    let once = try Self.decompress(bytes, format)
    try expect(Self.decompress(bytes + bytes, format), is: once + once)
  }

  @Test("xz streams may be padded by four zero bytes, not by three")
  func padding() throws {
    guard Self.formats.contains(.xz) else { return }
    let bytes = compressed(.xz)
    try expect(Self.decompress(bytes + [0, 0, 0, 0], .xz).count, is: 320)
    try expect(Self.decompress(bytes + [0, 0, 0, 0] + bytes, .xz).count, is: 640)
    #expect(throws: SystemError.self) { try Self.decompress(bytes + [0, 0, 0], .xz) }
  }

  @Test("The size that comes out is limited, whatever goes in")
  func limit() throws {
    let limits = Input.Limits(maxSize: 1000)
    for format in Self.formats {
      let many = [[UInt8]](repeating: compressed(format), count: 4).flatMap { $0 }
      #expect(throws: SystemError.self) { try Self.decompress(many, format, limits) }
      try expect(Self.decompress(compressed(format), format, limits).count, is: 320)
    }
    guard Self.formats.contains(.zstd) else { return }
    try expect(Self.decompress(bomb, .zstd).count, is: 1 << 20)
    #expect(throws: SystemError.self) { try Self.decompress(bomb, .zstd, limits) }
  }

  @Test("A megabyte is always allowed, then 256 times the size, but no more than the limit")
  func expansion() {
    let usual = Input.Limits()
    for (count, most) in [(0, 1 << 20), (4096, 1 << 20), (4097, 4097 << 8), (1 << 30, 1 << 30)] {
      expect(usual.decompressing(count).maxSize, is: UInt64(most))
    }
    expect(Input.Limits(maxSize: 1000).decompressing(4096).maxSize, is: 1000)
    // Who names a size means it.
    expect(Input.Limits(Array("3M".utf8))?.decompressing(1).maxSize, is: 3 << 20)
  }

  @Test("Every command reads them, whatever their name", arguments: formats)
  func commands(format: Compression) throws {
    let file = try TemporaryFile(compressed(format), name: "tiny.ko")
    try expect(
      Run(["show", "--json", file.path]).json().first?["compression"] as? String,
      is: format.rawValue)
    expect(Run(["modinfo", "-F", "vermagic", file.path]).output, is: "6.1.0 SMP\n")
    expect(Run(["readelf", "-h", file.path]).output.contains("REL (Relocatable file)"))
    for command in ["params", "symbols", "check"] {
      expect(Run([command, file.path]).status < 2, "\(command)")
    }
  }

  @Test("A damaged one is one line on standard error, status 2; modinfo's is 1")
  func damagedFile() throws {
    guard let format = Self.formats.first else { return }
    let file = try TemporaryFile(Array(compressed(format).dropLast(20)), name: "tiny.ko")
    let problem = "the \(format.rawValue) data end too early: the file may be truncated\n"
    let run = Run(["show", file.path])
    expect(run.status, is: 2)
    expect(run.errors, is: "koinspect: \(file.path): \(problem)")
    let drop = Run(["modinfo", file.path])
    expect(drop.status, is: 1)
    expect(drop.errors, is: "modinfo: ERROR: could not get modinfo from 'tiny': \(problem)")
  }
}
