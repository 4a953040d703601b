import ELFKit
import Testing

@Suite(".modinfo")
struct ModuleInfoTests {
  private static func info(_ text: String) -> ModuleInfo {
    ModuleInfo(ByteSlice(Array(text.utf8), fileOffset: 64))
  }

  @Test("Order and repeats are kept, padding is skipped, a missing last NUL is no loss")
  func order() {
    let info = Self.info("\0\0license=GPL\0\0\0author=A\0license=MIT")
    #expect(info.map(\.key.text) == ["license", "author", "license"])
    #expect(info.map(\.value.text) == ["GPL", "A", "MIT"])
    #expect(info.first("license")?.text == "GPL")
    #expect(info.all("license").map(\.text) == ["GPL", "MIT"])
    #expect(info.first("license")?.fileOffset == 64 + 2 + 8)
  }

  @Test("A string without = is a key without a value, and no tag for the kernel")
  func noEquals() {
    let info = Self.info("intree\0=v\0a=b=c\0")
    #expect(info.map(\.key.text) == ["intree", "", "a"])
    #expect(info.map(\.value.text) == ["", "v", "b=c"])
    #expect(!info.contains("intree"))
    #expect(info.contains("a"))
  }

  @Test("Tags count whatever their value")
  func presence() {
    #expect(Self.info("intree=\0").contains("intree"))
    #expect(Self.info("intree=N\0").contains("intree"))
    #expect(!Self.info("intre=Y\0").contains("intree"))
  }
}
