import ELFKit
import TestSupport
import Testing

@Suite("DER")
struct DERReaderTests {
  private static func read(_ bytes: [UInt8]) throws -> [DERElement] {
    var reader = DERReader(ByteSlice(bytes, fileOffset: 0x100))
    var elements: [DERElement] = []
    while let element = try reader.next() { elements.append(element) }
    return elements
  }

  @Test("Elements one after the other, short and long lengths")
  func elements() throws {
    let long = [UInt8](repeating: 7, count: 300)
    let elements = try Self.read(DER.element(4, [1, 2]) + DER.element(4, long) + [5, 0])
    expect(elements.map(\.tag.rawValue), is: [4, 4, 5])
    expect(elements[0].content.bytes, is: [1, 2])
    expect(elements[1].content.bytes, is: long)
    expect(elements[1].encoding.count, is: 304)
    expect(elements[1].encoding.fileOffset, is: 0x104)
    expect(elements[2].content.isEmpty)
  }

  @Test("Elements within elements; a primitive one holds none")
  func nesting() throws {
    let outer = try #require(try Self.read(DER.sequence(DER.element(2, [5]))).first)
    var inner = try outer.elements()
    try expect(inner.integer("a number").bytes, is: [5])
    expect(inner.isAtEnd)
    let primitive = try #require(try Self.read([4, 1, 0]).first)
    #expect(throws: ELFError.self) { try primitive.elements() }
  }

  @Test(
    "What DER forbids is refused where it stands",
    arguments: [
      ([0x30], "without a length"), ([0x30, 0x80, 0, 0], "indefinite length"),
      ([0x04, 0x81, 0x7f] + [UInt8](repeating: 0, count: 127), "longer than need be"),
      ([0x04, 0x82, 0x00, 0x80] + [UInt8](repeating: 0, count: 128), "longer than need be"),
      ([0x04, 0x85, 1, 0, 0, 0, 0], "a length of 5 bytes"),
      ([0x04, 0x82, 1], "a length of 2 bytes"), ([0x1f, 0x81, 0x01, 0], "tag number"),
      ([0x04, 0x84, 0xff, 0xff, 0xff, 0xff], "reach past the end"), ([4, 2, 0], "past the end"),
    ] as [([UInt8], String)])
  func damage(bytes: [UInt8], text: String) throws {
    do {
      _ = try Self.read([5, 0] + bytes)
      Issue.record("read")
    } catch let error as ELFError {
      expect(error.part, is: .signature)
      expect((0x102...0x108).contains(error.offset))
      expect(error.description.contains(text), "\(error)")
    }
  }

  @Test(
    "Integers are not empty and not padded",
    arguments: [[], [0, 1], [0, 0x7f], [0xff, 0x80], [0xff, 0xff]] as [[UInt8]])
  func badIntegers(content: [UInt8]) {
    var reader = DERReader(ByteSlice(DER.element(2, content)))
    #expect(throws: ELFError.self) { try reader.integer("a number") }
  }

  @Test("Integers that need their first byte keep it", arguments: [[0], [0, 0x80], [0xff, 0x7f]])
  func goodIntegers(content: [UInt8]) throws {
    var reader = DERReader(ByteSlice(DER.element(2, content)))
    try expect(reader.integer("a number").bytes, is: content)
  }

  @Test("Nesting ends somewhere")
  func depth() throws {
    var bytes: [UInt8] = [5, 0]
    for _ in 0..<100 { bytes = DER.sequence(bytes) }
    var reader = DERReader(ByteSlice(bytes))
    var levels = 0
    #expect(throws: ELFError.self) {
      while let element = try reader.next() {
        reader = try element.elements()
        levels += 1
      }
    }
    expect(levels, is: DERReader.maximalDepth)
  }

  @Test(
    "Object identifiers are written with dots; what is none, in hex",
    arguments: [
      (DER.sha256, "2.16.840.1.101.3.4.2.1", "sha256"), (DER.commonName, "2.5.4.3", nil),
      ([0x2a, 0x03, 0x04], "1.2.3.4", nil), ([0x88, 0x37], "2.999", nil), ([], "0x", nil),
      ([0x2a, 0x80], "0x2a80", nil), ([0x2a, 0x80, 0x01], "0x2a8001", nil),
      ([0x2a] + [UInt8](repeating: 0xff, count: 10) + [0x7f], "0x2affffffffffffffffffff7f", nil),
    ] as [([UInt8], String, String?)])
  func identifiers(bytes: [UInt8], dotted: String, name: String?) {
    let identifier = ObjectID(ByteSlice(bytes))
    expect(identifier.dotted, is: dotted)
    expect(identifier.name, is: name)
    expect(identifier.description, is: name ?? dotted)
  }
}
