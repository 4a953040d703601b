import ELFKit
import TestSupport
import Testing

@Suite(".modinfo")
struct ModuleInfoTests {
  private static func info(_ text: String) -> ModuleInfo {
    ModuleInfo(ByteSlice(Array(text.utf8), fileOffset: 64))
  }

  @Test("Order and repeats are kept, padding is skipped, a missing last NUL is no loss")
  func order() {
    let info = Self.info("\0\0license=GPL\0\0\0author=A\0license=MIT")
    expect(info.map(\.key.text), is: ["license", "author", "license"])
    expect(info.map(\.value.text), is: ["GPL", "A", "MIT"])
    expect(info.first("license")?.text, is: "GPL")
    expect(info.all("license").map(\.text), is: ["GPL", "MIT"])
    expect(info.first("license")?.fileOffset, is: UInt64(64 + 2 + 8))
  }

  @Test("A string without = is a key without a value, and no tag for the kernel")
  func noEquals() {
    let info = Self.info("intree\0=v\0a=b=c\0")
    expect(info.map(\.key.text), is: ["intree", "", "a"])
    expect(info.map(\.value.text), is: ["", "v", "b=c"])
    expect(!info.contains("intree"))
    expect(info.contains("a"))
  }

  @Test("Tags count whatever their value")
  func presence() {
    expect(Self.info("intree=\0").contains("intree"))
    expect(Self.info("intree=N\0").contains("intree"))
    expect(!Self.info("intre=Y\0").contains("intree"))
  }

  @Test("Nothing at all, nothing but padding, one string without a NUL")
  func extremes() {
    expect(Self.info("").isEmpty)
    expect(Self.info("\0\0\0").isEmpty)
    expect(Self.info("\0\0\0").count, is: 0)
    expect(Self.info("=").map(\.hasEquals), is: [true])
    expect(Self.info("a").map(\.hasEquals), is: [false])
  }

  @Test("Entries can be walked again, and know where they stand")
  func places() throws {
    let info = Self.info("\0a=1\0\0bb=22\0")
    let index = try #require(info.firstIndex { $0.key.equals("bb") })
    expect(info[index].fileOffset, is: 64 + 6)
    expect(info[index].value.fileOffset, is: 64 + 9)
    expect(info.index(after: index), is: info.endIndex)
    expect(info.startIndex < index)
  }

  @Test("The first section called .modinfo counts; a file may have none")
  func image() throws {
    var builder = ELFBuilder()
    try expect(ELFImage(builder.build()).moduleInfo(), is: nil)
    builder.modinfo(["a=1"])
    builder.modinfo(["a=2"])
    try expect(ELFImage(builder.build()).moduleInfo()?.first("a")?.text, is: "1")
    var damaged = ELFBuilder()
    damaged.section(".modinfo", [1], size: 1 << 40)
    let image = try ELFImage(damaged.build())
    #expect(throws: ELFError.self) { try image.moduleInfo() }
  }
}
