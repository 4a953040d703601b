import ELFKit
import TestSupport
import Testing

@Suite("Encoding")
struct EncodingTests {
  static let bytes: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]

  @Test("Numbers are read in both byte orders")
  func bothOrders() {
    let span = Self.bytes.span
    expect(span.u16(0, Encoding(.little)), is: 0x0201)
    expect(span.u16(0, Encoding(.big)), is: 0x0102)
    expect(span.u32(2, Encoding(.little)), is: 0x0605_0403)
    expect(span.u32(2, Encoding(.big)), is: 0x0304_0506)
    expect(span.u64(0, Encoding(.little)), is: 0x0807_0605_0403_0201)
    expect(span.u64(0, Encoding(.big)), is: 0x0102_0304_0506_0708)
  }
}
