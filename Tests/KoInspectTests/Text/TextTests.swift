import TestSupport
import Testing

@testable import KoInspect

@Suite("Text")
struct TextTests {
  private func escaped(_ bytes: [UInt8]) -> String {
    var text = TextBuffer()
    text.escaped(bytes)
    return text.text
  }

  @Test(
    "Escaping leaves text alone and shows everything else",
    arguments: [
      ("plain ~text", "plain ~text"), ("Jörg 漢字 🐧", "Jörg 漢字 🐧"), ("\u{1b}[1m", "\\x1b[1m"),
      ("a\nb\tc", "a\\x0ab\\x09c"), ("\u{7f}\u{0}", "\\x7f\\x00"), ("\u{9b}", "\\u{9b}"),
      ("\u{202e}\u{2066}\u{200b}\u{feff}", "\\u{202e}\\u{2066}\\u{200b}\\u{feff}"),
      ("\u{2028}", "\\u{2028}"),
    ])
  func escaping(text: String, expected: String) {
    expect(escaped(Array(text.utf8)), is: expected)
  }

  @Test(
    "Bytes that are not UTF-8 are shown one by one",
    arguments: [
      ([0xff], "\\xff"), ([0xc3], "\\xc3"), ([0xc0, 0x80], "\\xc0\\x80"),
      ([0xed, 0xa0, 0x80], "\\xed\\xa0\\x80"), ([0xf4, 0x90, 0x80, 0x80], "\\xf4\\x90\\x80\\x80"),
      ([0xe2, 0x28, 0xa1], "\\xe2(\\xa1"), ([0x41, 0xf0, 0x9f], "A\\xf0\\x9f"),
    ] as [([UInt8], String)])
  func invalid(bytes: [UInt8], expected: String) {
    expect(escaped(bytes), is: expected)
  }

  @Test(
    "Numbers", arguments: [0, 1, 9, 10, 15, 16, 255, 256, 99_999, 0xffff_ffff, .max] as [UInt64])
  func numbers(value: UInt64) {
    var text = TextBuffer()
    text.decimal(value)
    text.append(" ")
    text.hex(value)
    text.append(" ")
    text.hex(value, width: 20)
    let digits = String(value, radix: 16)
    let padding = String(repeating: "0", count: 20 - digits.count)
    expect(text.text, is: "\(value) \(digits) \(padding)\(digits)")
  }

  @Test("Folding breaks at blanks and keeps every word", arguments: [1, 5, 10, 11, 24, 80])
  func folding(width: Int) {
    let text = "one two  three  seventeenletters x y z"
    let lines = Table.fold(Array(text.utf8), width).map { String(decoding: $0, as: UTF8.self) }
    expect(lines.joined(separator: " "), is: text)
    expect(lines.allSatisfy { $0.count <= width || !$0.drop { $0 == " " }.contains(" ") })
  }

  @Test("A nearest word is near")
  func nearest() {
    expect(NearestWord.suggestion(for: "chekc", among: ["check", "show"]), is: "check")
    expect(NearestWord.suggestion(for: "zzzzz", among: ["check", "show"]), is: nil)
  }

  @Test(
    "Base 64",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
    ])
  func base64(text: String, expected: String) {
    var buffer = TextBuffer()
    buffer.base64(Array(text.utf8))
    expect(buffer.text, is: expected)
  }
}
