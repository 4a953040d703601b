import ELFKit
import TestSupport
import Testing

@Suite("Sets of modules")
struct ModuleSetTests {
  private static func slice(_ text: String) -> ByteSlice { ByteSlice(Array(text.utf8)) }

  /// A module in the file `path` that needs symbols with these versions and names its dependencies.
  private static func member(
    _ path: String, needs symbols: [(String, UInt32?)] = [], depends: String? = nil,
    layout: UInt32? = nil
  ) throws -> ModuleMember {
    var builder = ELFBuilder()
    builder.modinfo(["license=GPL"] + (depends.map { ["depends=\($0)"] } ?? []))
    builder.thisModule("x")
    var versions = symbols.compactMap { name, crc in crc.map { (name, $0) } }
    if let layout { versions.insert(("module_layout", layout), at: 0) }
    var writer = ByteWriter()
    for (name, crc) in versions {
      writer.u64(UInt64(crc))
      writer.bytes += Array(name.utf8) + [UInt8](repeating: 0, count: 56 - name.utf8.count)
    }
    builder.section("__versions", flags: 2, writer.bytes)
    for (name, _) in symbols { builder.symbol(name) }
    let module = KernelModule(try ELFImage(builder.build()))
    return try ModuleMember(module, path: slice(path), [.offers, .needs])
  }

  private static func fixture(_ name: String, _ parts: ModuleMember.Parts) throws -> ModuleMember {
    let module = KernelModule(try ELFImage(try Fixtures.bytes(name)))
    return try ModuleMember(module, path: slice("kernel/" + name), parts)
  }

  @Test("Names are compared with dashes and underscores alike; of one name the first counts")
  func names() throws {
    let set = ModuleSet([
      try Self.member("kernel/snd-hda.ko.xz"), try Self.member("updates/snd_hda.ko"),
      try Self.member("b.ko"),
    ])
    expect(set.position(of: Self.slice("snd_hda")), is: 0)
    expect(set.position(of: Self.slice("snd-hda")), is: 0)
    expect(set[Self.slice("b")]?.path.text, is: "b.ko")
    expect(set[Self.slice("c")] == nil)
  }

  @Test("Who offers a symbol, on which terms, and who needs it")
  func offers() throws {
    let set = ModuleSet([
      try Self.fixture("importer.ko", [.offers, .needs]),
      try Self.fixture("exporter.ko", [.offers, .needs]),
    ])
    let found = try #require(set.provider(of: Self.slice("fixture_ns_gpl")))
    expect(found.position, is: 1)
    expect(found.export.isGPLOnly)
    expect(found.export.namespace?.text, is: "FIXTURE")
    expect(set.members[1].isProprietary, is: false)
    expect(set.members[0].isProprietary, is: nil)
    expect(set.dependencies(of: 0), is: [1])
    expect(set.dependencies(of: 1), is: [])
    expect(set.loadOrder, is: [1, 0])
    expect(set.provider(of: Self.slice("_printk")) == nil)
  }

  @Test("What was not asked for is not read")
  func parts() throws {
    let offers = try Self.fixture("exporter.ko", .offers)
    expect(!offers.exports.isEmpty && offers.needs == nil)
    let needs = try Self.fixture("exporter.ko", .needs)
    expect(needs.exports.isEmpty && needs.needs?.imports.isEmpty == false)
    expect(needs.needs?.layoutVersion, is: 0x9060_323f)
  }

  @Test("Each module is loaded after those it needs, and circles end")
  func order() throws {
    let set = ModuleSet([
      try Self.member("a.ko", depends: "b-1,missing"), try Self.member("b_1.ko", depends: "c"),
      try Self.member("c.ko"), try Self.member("d.ko", depends: "e,d"),
      try Self.member("e.ko", depends: "d"),
    ])
    expect(set.loadOrder, is: [2, 1, 0, 4, 3])
    expect(set.loadOrder(of: [1]), is: [2, 1])
  }

  @Test("A chain may be as long as somebody makes it")
  func chain() throws {
    let count = 5_000
    let members = try (0..<count).map { try Self.member("m\($0).ko", depends: "m\($0 + 1)") }
    expect(ModuleSet(members).loadOrder.first, is: count - 1)
  }

  @Test("Versions come from what the modules were built against; where they differ, nobody knows")
  func versions() throws {
    let set = ModuleSet([
      try Self.member("a.ko", needs: [("x", 1), ("y", 2), ("z", nil)], layout: 9),
      try Self.member("b.ko", needs: [("x", 1), ("y", 3)], layout: 9),
    ])
    var versions = KnownVersions()
    versions.add(set)
    expect(versions[Self.slice("x")], is: 1)
    expect(versions[Self.slice("y")], is: nil)
    expect(versions[Self.slice("z")], is: nil)
    expect(versions[Self.slice("module_layout")], is: 9)
    expect(versions.symbols.map(\.text), is: ["module_layout", "x"])
  }

  @Test("What they offer joins what the kernel offers; non-free ones are known as such")
  func providers() throws {
    var providers = SymbolProviders()
    providers.add(ModuleSet([try Self.fixture("exporter.ko", .offers)]))
    expect(providers[Self.slice("fixture_plain")]?.provider.text, is: "kernel/exporter.ko")
    expect(providers.proprietary.isEmpty)
    expect(!providers.isComplete)
  }
}
