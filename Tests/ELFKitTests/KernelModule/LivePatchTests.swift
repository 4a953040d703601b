import ELFKit
import TestSupport
import Testing

/// What a live patch says that it changes, in the forms that the kernel and kpatch have.
@Suite("Live patches")
struct LivePatchTests {
  /// Texts and two functions, `new_a` and `new_b`.
  private struct Parts {
    var builder = ELFBuilder.module("patch", modinfo: ["license=GPL", "livepatch=Y"])
    let texts: Int
    let textSymbol: UInt64
    let newA: UInt64
    let newB: UInt64
    private var places: [String: Int64] = [:]

    init(_ names: [String]) {
      var bytes: [UInt8] = []
      for name in names {
        places[name] = Int64(bytes.count)
        bytes += Array(name.utf8) + [0]
      }
      texts = builder.section(".rodata.str1.1", flags: 0x32, bytes)
      let code = builder.section(".text", flags: 6, [UInt8](repeating: 0x90, count: 32))
      textSymbol = builder.symbol("", section: UInt16(texts), type: 3)
      newA = builder.symbol("new_a", section: UInt16(code), size: 16, type: 2)
      newB = builder.symbol("new_b", section: UInt16(code), value: 16, size: 16, type: 2)
    }

    func text(_ name: String, at offset: UInt64) -> ELFBuilder.NewRelocation {
      (offset, textSymbol, 1, places[name] ?? 0)
    }

    func objects() throws -> [PatchedObject] {
      let module = KernelModule(try ELFImage(ByteSlice(builder.build())))
      return try module.patchedObjects(try module.info())
    }
  }

  private func names(_ objects: [PatchedObject]) -> [String] {
    objects.map { object in
      let functions = object.functions.map {
        "\($0.old.text)→\($0.new.text)\($0.position > 0 ? " \($0.position)" : "")"
      }
      return "\(object.name?.text ?? "-"): \(functions.joined(separator: ", "))"
    }
  }

  @Test(
    "The tables of the kernel's own samples, whatever the size of their entries",
    arguments: [32, 240])
  func tables(stride: UInt64) throws {
    var parts = Parts(["cmdline_proc_show", "ext4_read", "ext4"])
    // Two objects; the functions of the second lie before those of the first, and count twice.
    var data = [UInt8](repeating: 0, count: Int(stride) * 6)
    data[Int(stride) + 16] = 2
    let section = parts.builder.section(".data", flags: 3, data)
    let ext4 = parts.builder.symbol(
      "ext4_funcs", section: UInt16(section), size: 2 * stride, binding: 0, type: 1)
    let own = parts.builder.symbol(
      "funcs", section: UInt16(section), value: 2 * stride, size: 2 * stride, binding: 0, type: 1)
    let objects = 4 * stride
    parts.builder.relocations(
      of: section,
      [
        parts.text("ext4_read", at: 0), (8, parts.newB, 1, 0),
        parts.text("ext4_read", at: stride), (stride + 8, parts.newA, 1, 0),
        parts.text("cmdline_proc_show", at: 2 * stride), (2 * stride + 8, parts.newA, 1, 0),
        // vmlinux has no name.
        (objects + 8, own, 1, 0),
        parts.text("ext4", at: objects + stride), (objects + stride + 8, ext4, 1, 0),
      ])
    expect(
      names(try parts.objects()),
      is: [
        "-: cmdline_proc_show→new_a", "ext4: ext4_read→new_b, ext4_read→new_a 2",
      ])
  }

  @Test("A name and a function that no object has are none of its functions")
  func others() throws {
    var parts = Parts(["old", "debugfs"])
    let section = parts.builder.section(".data", flags: 3, [UInt8](repeating: 0, count: 128))
    let own = parts.builder.symbol(
      "funcs", section: UInt16(section), size: 48, binding: 0, type: 1)
    parts.builder.relocations(
      of: section,
      [
        parts.text("old", at: 0), (8, parts.newA, 1, 0), parts.text("debugfs", at: 48),
        (56, parts.newB, 1, 0), (104, own, 1, 0),
      ])
    expect(names(try parts.objects()), is: ["-: old→new_a"])
  }

  @Test("The table of kpatch-build")
  func kpatch() throws {
    var parts = Parts(["one", "two", "vmlinux", "xfs"])
    var data = [UInt8](repeating: 0, count: 168)
    data[112 + 32] = 3
    let section = parts.builder.section(".kpatch.funcs", flags: 2, data)
    parts.builder.relocations(
      of: section,
      [
        (0, parts.newA, 1, 0), parts.text("one", at: 40), parts.text("vmlinux", at: 48),
        (56, parts.newB, 1, 0), parts.text("two", at: 96), parts.text("xfs", at: 104),
        (112, parts.newA, 1, 0), parts.text("two", at: 152), parts.text("vmlinux", at: 160),
      ])
    expect(names(try parts.objects()), is: ["-: one→new_a, two→new_a 3", "xfs: two→new_b"])
  }

  @Test("A module that is no live patch changes nothing")
  func none() throws {
    var parts = Parts(["old"])
    parts.builder = ELFBuilder.module()
    try expect(parts.objects().isEmpty)
  }

  @Test("Tables that lead nowhere, overlap or point to themselves")
  func hostile() throws {
    var parts = Parts(["old"])
    let section = parts.builder.section(".data", flags: 3, [UInt8](repeating: 0, count: 64))
    let own = parts.builder.symbol(
      "funcs", section: UInt16(section), value: .max - 4, size: .max, binding: 0, type: 1)
    parts.builder.relocations(
      of: section,
      [
        parts.text("old", at: .max - 8), (.max, parts.newA, 1, 0), (0, own, 1, 5), (8, own, 1, 5),
        parts.text("old", at: 16), (24, parts.newA, 1, -1), (32, own, 1, 21), (40, own, 1, 21),
        (48, 9999, 1, 0),
      ])
    try expect(parts.objects().allSatisfy { $0.functions.count <= 1 })
  }
}
