import ELFKit
import TestSupport
import Testing

@Suite("Ranges from files")
struct ByteSliceTests {
  /// Offset and count against four bytes: 0, 1, max, and just over the end.
  static let outside: [(UInt64, UInt64)] = [
    (0, 5), (1, 4), (4, 1), (5, 0), (1, .max), (.max, 1), (.max, .max), (.max, 0), (0, .max),
    (1 << 63, 1 << 63),
  ]
  static let inside: [(UInt64, UInt64)] = [(0, 0), (0, 4), (4, 0), (3, 1), (1, 2)]

  @Test("A range outside the bytes names its offset and part", arguments: outside)
  func refused(offset: UInt64, count: UInt64) {
    #expect(throws: ELFError(.outOfBounds(count), .section(3), at: 100 &+ offset)) {
      try ByteSlice([1, 2, 3, 4], fileOffset: 100).slice(offset, count, in: .section(3))
    }
  }

  @Test("A range inside the bytes is given", arguments: inside)
  func given(offset: UInt64, count: UInt64) throws {
    let slice = try ByteSlice([1, 2, 3, 4], fileOffset: 100).slice(offset, count, in: .file)
    expect(slice.count, is: Int(count))
    expect(slice.fileOffset, is: 100 + offset)
    expect(slice.bytes, is: Array([1, 2, 3, 4][Int(offset)..<Int(offset + count)]))
  }

  @Test("A slice of a slice counts from its own beginning and keeps the file offset")
  func nested() throws {
    let outer = try ByteSlice([1, 2, 3, 4, 5]).slice(1, 4, in: .file)
    let inner = try outer.slice(2, 2, in: .file)
    expect(inner.bytes, is: [4, 5])
    expect(inner.fileOffset, is: 3)
    #expect(throws: ELFError(.outOfBounds(3), .file, at: 3)) {
      try outer.slice(2, 3, in: .file)
    }
  }

  @Test("Text is compared as bytes")
  func comparison() {
    let slice: ByteSlice = "GPL v2"
    expect(slice.equals("GPL v2"))
    expect(!slice.equals("GPL"))
    expect(!slice.equals("GPL v2 "))
    expect(slice.starts(with: "GPL"))
    expect(!ByteSlice([]).starts(with: "G"))
    expect(ByteSlice([]).equals(""))
  }

  @Test("It is a collection of bytes that counts from its own beginning")
  func collection() throws {
    let slice = try ByteSlice(Array("<a=1,b>".utf8), fileOffset: 100).slice(1, 5, in: .file)
    expect(slice, is: "a=1,b")
    expect(slice.indices, is: 0..<5)
    expect((slice.first, slice.last) == (0x61, 0x62))
    expect((slice.firstIndex(of: 0x3d), slice.lastIndex(of: 0x2c)) == (1, 3))
    expect(slice.firstIndex(of: 0x3c), is: nil, "what lies before it is not its own")
    expect(slice.firstIndex(of: 0x61, from: 1), is: nil)
    expect(slice.contains(0x31))
    expect(Array(slice), is: slice.bytes)
    expect(slice.elementsEqual("a=1,b".utf8))
    let parts = slice.split(separator: 0x2c).map { ByteSlice($0) }
    expect(parts, is: ["a=1", "b"])
    expect(parts.map(\.fileOffset), is: [101, 105])
    expect(ByteSlice(slice.prefix(99)), is: slice)
    expect(ByteSlice(slice.dropFirst(99)).isEmpty)
  }

  @Test("A string table gives strings inside it and nothing outside")
  func stringTable() {
    let table = StringTable("\0ab\0c")
    expect(table[0]?.text, is: "")
    expect(table[1]?.text, is: "ab")
    expect(table[2]?.text, is: "b")
    expect(table[4]?.text, is: "c", "the last string may lack its NUL")
    expect(table[5], is: nil)
    expect(table[.max], is: nil)
    expect(table.prefix(at: 1, limit: 1)?.text, is: "a")
    expect(table.prefix(at: 1, limit: 9)?.text, is: "ab")
    expect(table.prefix(at: 4, limit: .max)?.text, is: "c")
    expect(table.prefix(at: 1, limit: -1)?.text, is: "")
    expect(table.prefix(at: 5, limit: 0), is: nil)
    expect(table.matches("ab", at: 1))
    expect(!table.matches("a", at: 1))
    expect(!table.matches("abc", at: 1))
    expect(table.matches("c", at: 4))
    expect(!table.matches("", at: 9))
  }
}
