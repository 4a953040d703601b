import ELFKit
import TestSupport
import Testing

@testable import KoInspect

@Suite("Sizes as areas")
struct TreemapTests {
  private let box = TreemapBox(x: 10, y: 20, width: 300, height: 200)

  @Test(
    "Areas are as the sizes, side by side, and within the box",
    arguments: [
      [1], [6, 6, 4, 3, 2, 2, 1], [1e19, 1e19, 1], [1000, 1, 1, 1],
      Array(repeating: 1.0, count: 500),
    ])
  func areas(sizes: [Double]) {
    let boxes = box.divided(sizes)
    expect(boxes.count, is: sizes.count)
    let scale = box.width * box.height / sizes.reduce(0, +)
    for (size, part) in zip(sizes, boxes) {
      expect(abs(part.width * part.height - size * scale) < 0.01)
      expect(part.x >= box.x - 0.01 && part.y >= box.y - 0.01)
      expect(part.x + part.width <= box.x + box.width + 0.01)
      expect(part.y + part.height <= box.y + box.height + 0.01)
    }
  }

  @Test("Where there is no room there are no areas")
  func noRoom() {
    let flat = TreemapBox(x: 0, y: 0, width: 0, height: 10)
    expect(flat.divided([2, 1]).allSatisfy { $0.width == 0 && $0.height == 0 })
    expect(box.divided([]).isEmpty)
  }

  @Test("What is small is one together, and loses nothing")
  func largest() {
    let nodes = (1...10).map { TreemapNode(label: [UInt8($0)], size: UInt64($0), kind: 0) }
    let some = TreemapNode.largest(nodes, 3, "things")
    expect(some.map { $0.size }, is: [10, 9, 8, 28])
    expect(some.last?.label, is: Array("7 other things".utf8))
    // One that would stand for the rest stands for itself.
    expect(TreemapNode.largest(nodes, 9, "things").count, is: 10)
  }

  @Test("Pieces of a section overlap nowhere and reach nowhere beyond it")
  func pieces() throws {
    var builder = ELFBuilder.module()
    let text = UInt16(builder.section(".text", flags: 6, [UInt8](repeating: 0, count: 100)))
    builder.symbol("whole", section: text, value: 0, size: 40, type: 2)
    builder.symbol("alias", section: text, value: 0, size: 40, type: 2)
    builder.symbol("within", section: text, value: 30, size: 20, type: 2)
    builder.symbol("beyond", section: text, value: 90, size: .max, type: 2)
    let module = try KernelModule(ELFImage(ByteSlice(builder.build())))
    let description = ModuleDescription(module, [])
    let sizes = ModuleSizes(description.sections.list, try module.image.symbols())
    let code = try #require(sizes.regions.first { $0.label == Array("code".utf8) })
    expect(code.size, is: 100)
    let parts = try #require(code.parts.first).parts
    expect(parts.map { $0.size }, is: [40, 40, 10, 10])
    expect(parts.reduce(0) { $0 + $1.size }, is: 100)
  }
}
