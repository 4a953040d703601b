import Foundation
import TestSupport
import Testing

@testable import KoInspect

/// Two builds of a module, made in memory: what differs is what the test says.
@Suite("diff")
struct DiffTests {
  /// How a build differs from the usual one.
  private struct Build {
    /// The folder in `__FILE__`.
    var folder = "/home/a/drv"
    var message = "hello"
    /// The number that the second function returns (`mov $N,%eax`).
    var constant: UInt8 = 1
    var callee = "printk"
    /// The name of the first function.
    var name = "first"
    /// The line of a WARN in the first function.
    var line: UInt16 = 10
    /// The number that the compiler puts behind the name of the second function.
    var counter = 0
    /// Bytes before the functions, and whether the second comes first.
    var isReversed = false
    var buildID: UInt8 = 1
    var table: [UInt8] = [1, 2, 3, 4]
    var modinfo: [String] = ["description=d"]
    var offers: [String] = []
    var isInit = false
    /// Whether symbols have a size: those of assembly need not.
    var hasSizes = true

    func bytes() -> [UInt8] {
      var builder = ELFBuilder.linked("m", offers: offers, modinfo)
      // A call, the address of a text, and the address of a table; then a return.
      let first: [UInt8] =
        [0x48, 0xc7, 0xc7, 0, 0, 0, 0, 0xe8, 0, 0, 0, 0, 0x48, 0xc7, 0xc6, 0, 0, 0, 0, 0xc3]
      let second: [UInt8] = [0xb8, constant, 0, 0, 0, 0xc3, 0x90, 0x90]
      let places: (UInt64, UInt64) =
        isReversed ? (UInt64(second.count), 0) : (0, UInt64(first.count))
      let code = builder.section(
        isInit ? ".init.text" : ".text", flags: 6, isReversed ? second + first : first + second)
      let strings = builder.section(
        ".rodata.str1.1", flags: 0x32, Array("\(folder)/m.c\0\(message)\0".utf8))
      let data = builder.section(".rodata", flags: 2, table)
      let bugs = builder.section(
        "__bug_table", flags: 2,
        [0, 0, 0, 0, 0, 0, 0, 0, UInt8(line & 0xff), UInt8(line >> 8), 1, 9])
      builder.section(
        ".note.gnu.build-id", type: 7, flags: 2, [UInt8](repeating: buildID, count: 36))
      let text = builder.symbol("", section: UInt16(code), binding: 0, type: 3)
      let literals = builder.symbol("", section: UInt16(strings), binding: 0, type: 3)
      let name = "second" + (counter == 0 ? ".isra.0" : ".isra.\(counter)")
      builder.symbol(
        self.name, section: UInt16(code), value: places.0,
        size: hasSizes ? UInt64(first.count) : 0, type: 2)
      builder.symbol(
        name, section: UInt16(code), value: places.1,
        size: hasSizes ? UInt64(second.count) : 0, binding: 0, type: 2)
      let object = builder.symbol(
        "table", section: UInt16(data), size: UInt64(table.count), binding: 0, type: 1)
      let call = builder.symbol(callee)
      let file = Int64(folder.utf8.count + 5)
      builder.relocations(
        of: code,
        [
          (places.0 + 3, literals, 11, file), (places.0 + 8, call, 4, -4),
          (places.0 + 15, object, 11, 0),
        ])
      builder.relocations(
        of: bugs, [(0, text, 2, Int64(places.0) + 7), (4, literals, 2, 0)])
      return builder.build()
    }
  }

  private static func diff(
    _ old: (inout Build) -> Void, _ new: (inout Build) -> Void, _ options: String...
  ) throws -> Run {
    var (before, after) = (Build(), Build())
    old(&before)
    new(&after)
    let files = (try TemporaryFile(before.bytes()), try TemporaryFile(after.bytes()))
    return Run(["diff"] + options + [files.0.path, files.1.path])
  }

  private static func firstLine(_ run: Run) -> String {
    run.output.split(separator: "\n").first.map(String.init) ?? ""
  }

  @Test("What only one build has stands in its order, in every run")
  func order() throws {
    let run = Run(["diff", "--json", fixture("hello.ko"), fixture("params.ko")])
    let changes = try #require(run.json().first?["changes"] as? [[String: Any]])
    let added = changes.filter { ($0["new"] as? String)?.hasSuffix(" in .bss") == true }
    expect(
      added.map { $0["name"] as? String },
      is: ["none", "none_count", "zero", "an_enable_only", "a_null"])
  }

  @Test("Equal bytes are identical")
  func identical() throws {
    let run = try Self.diff({ _ in }, { _ in })
    expect(run.status == 0 && run.output == "identical\n")
  }

  @Test("What a build changes by itself is the same, status 0")
  func noise() throws {
    let run = try Self.diff({ _ in }, { $0.buildID = 2 })
    expect(run.status, is: 0)
    expect(Self.firstLine(run), is: "same code and data; only build id differ")
    let folder = try Self.diff({ _ in }, { $0.folder = "/root/elsewhere/b" })
    expect(folder.status, is: 0)
    expect(Self.firstLine(folder), is: "same code and data; only paths differ")
    let counter = try Self.diff({ _ in }, { $0.counter = 3 })
    expect(counter.status == 0 && Self.firstLine(counter) == "same code and data")
    let order = try Self.diff({ _ in }, { $0.isReversed = true })
    expect(order.status == 0 && Self.firstLine(order) == "same code and data")
  }

  @Test(
    "Two paths of one source are noise only where they differ by the folder of the build",
    arguments: [
      ("/home/a/drv", "/root/b", true), ("/home/a/drv", ".", true), ("../a", "/b", true),
      ("see /home/a", "see /root/b", true), ("a", "b", false), ("lua", "/b", false),
      ("x /home/a", "y /root/b", false), ("/home/a b", "/home/c b", false),
    ])
  func paths(old: String, new: String, isNoise: Bool) throws {
    let run = try Self.diff({ $0.folder = old }, { $0.folder = new })
    expect(run.status, is: (isNoise ? 0 : 1), "\(run.output)")
  }

  @Test("A line that moved is only line numbers, status 0")
  func lines() throws {
    let run = try Self.diff({ _ in }, { $0.line = 11 }, "--all")
    expect(run.status, is: 0)
    expect(Self.firstLine(run), is: "same code and data; only line numbers differ")
    expect(run.output.contains("first  line numbers\n"))
  }

  @Test("Names of Rust are told as the source has them; JSON has the file's")
  func rust() throws {
    let name = "_RNvMNtNtCsdJ13ReMSUMg_6kernel3net3phyNtB2_6Device7init_hw"
    let readable = "<kernel::net::phy::Device>::init_hw"
    let callee = "_ZN4core3fmt5Write9write_str17h0123456789abcdefE"
    let run = try Self.diff(
      { $0.name = name },
      { build in
        build.name = name
        build.callee = callee
      })
    // The table wraps what is long.
    let text = run.output.split { $0.isWhitespace }.joined(separator: " ")
    expect(text.contains(name) && text.contains("; \(readable)"), "\(run.output)")
    expect(text.contains("uses core::fmt::Write::write_str instead of printk"))
    let json = try Self.diff(
      { $0.name = name },
      { build in
        build.name = name
        build.callee = callee
      }, "--json")
    expect(json.output.contains("uses \(callee) instead of printk"))
    expect(!json.output.contains(readable))
  }

  @Test("A constant, a text, a callee, a table and a section are each named as what they are")
  func changes() throws {
    let constant = try Self.diff({ _ in }, { $0.constant = 2 })
    expect(constant.status == 1 && Self.firstLine(constant) == "changed: 1 function")
    expect(constant.output.contains("second.isra.0  8 bytes in .text: other bytes"))
    let text = try Self.diff({ _ in }, { $0.message = "hullo" })
    expect(text.status == 1 && text.output.contains("text \"hello\" is now \"hullo\""))
    let callee = try Self.diff({ _ in }, { $0.callee = "_dev_err" })
    expect(callee.status == 1 && callee.output.contains("uses _dev_err instead of printk"))
    let table = try Self.diff({ _ in }, { $0.table = [1, 2, 3, 5] })
    expect(table.status == 1 && Self.firstLine(table) == "changed: 1 object")
    let moved = try Self.diff({ _ in }, { $0.isInit = true })
    expect(moved.status == 1 && moved.output.contains("moved from .text to .init.text"))
  }

  @Test("Code that no symbol covers is compared, too")
  func withoutSizes() throws {
    let same = try Self.diff({ $0.hasSizes = false }, { ($0.hasSizes, $0.buildID) = (false, 2) })
    expect(same.status, is: 0, "\(same.output)")
    let changed = try Self.diff(
      { $0.hasSizes = false }, { ($0.hasSizes, $0.constant) = (false, 2) })
    expect(changed.status == 1 && Self.firstLine(changed) == "changed: 1 function")
  }

  @Test("The contract: what is gained and lost, in words")
  func contract() throws {
    let run = try Self.diff(
      { $0.modinfo = ["alias=pci:v00008086d00001234sv*sd*bc*sc*i*", "firmware=a.bin"] },
      {
        $0.modinfo = ["alias=pci:v00008086d00005678sv*sd*bc*sc*i*", "depends=x"]
        $0.offers = ["m_new"]
      })
    expect(run.status, is: 1)
    expect(run.output.contains("-  pci:v00008086d00001234"))
    expect(run.output.contains("vendor 8086"))
    expect(run.output.contains("exports\n  +  m_new  no CRC"))
    expect(run.output.contains("firmware\n  -  a.bin"))
    expect(run.output.contains("dependencies\n  +  x"))
  }

  @Test("--fail-on makes other differences status 0")
  func gate() throws {
    try expect(Self.diff({ _ in }, { $0.constant = 2 }, "--fail-on", "exports").status, is: 0)
    try expect(Self.diff({ _ in }, { $0.constant = 2 }, "--fail-on", "exports,code").status, is: 1)
    try expect(Self.diff({ _ in }, { $0.offers = ["n"] }, "--fail-on", "exports").status, is: 1)
    try expect(
      Self.diff({ _ in }, { $0.table += [5, 6] }, "--fail-on", "size=+1").status, is: 1)
    try expect(
      Self.diff({ _ in }, { $0.table += [5, 6] }, "--fail-on", "size=+4K").status, is: 0)
    try expect(Self.diff({ _ in }, { _ in }, "--fail-on", "nonsense").status, is: 2)
  }

  @Test("--sizes is bloat-o-meter's table")
  func sizes() throws {
    let run = try Self.diff({ _ in }, { $0.table += [5, 6] }, "--sizes")
    expect(run.output.contains("add/remove: 0/0 grow/shrink: 1/0 up/down: 2/0 (2)\n"))
    let row = "table" + String(repeating: " ", count: 42) + "4       6      +2"
    expect(run.output.contains("\n\(row)\n"))
    expect(run.output.contains("Total: Before=32, After=34\n"))
  }

  @Test("Markdown has a list, and no name ends its code")
  func markdown() throws {
    let run = try Self.diff({ _ in }, { $0.modinfo = ["description=`x`"] }, "--markdown")
    expect(run.output.contains("### identity\n\n- changed `description`: `d` → `'x'`\n"))
  }

  @Test("The JSON is what Docs/diff.schema.json says, which is what --schema prints")
  func json() throws {
    let file = Fixtures.folder.deletingLastPathComponent().appending(path: "Docs/diff.schema.json")
    let schema = try JSONSchema(contentsOf: file, isClosed: true)
    let printed = try #require(try Run(["diff", "--schema"]).json().first)
    let page = try JSONSerialization.jsonObject(with: try Data(contentsOf: file))
    expect(NSDictionary(dictionary: printed).isEqual(page))
    let run = try Self.diff({ _ in }, { $0.constant = 2 }, "--json")
    let object = try #require(try run.json().first)
    expect(schema.problems(object), is: [])
    expect(object["verdict"] as? String, is: "changed")
    expect(object["equalFunctions"] as? Int, is: 1)
    for (old, new) in [("hello.ko", "hello-signed.ko"), ("exporter.ko", "importer.ko")] {
      let real = Run(["diff", "--json", fixture(old), fixture(new)])
      for object in try real.json() { expect(schema.problems(object), is: []) }
    }
  }

  @Test("A signature makes no difference that counts; another machine cannot be compared")
  func fixtures() throws {
    let signed = Run(["diff", fixture("hello.ko"), fixture("hello-signed.ko")])
    expect(signed.output.hasPrefix("same code and data") || signed.output.hasPrefix("changed"))
    let other = Run(["diff", fixture("hello.ko"), fixture("arm64/hello.ko")])
    expect(other.status == 2 && other.errors.contains("another machine"))
    expect(Run(["diff", fixture("hello.ko")]).status, is: 2)
    expect(Run(["diff", fixture("hello.ko"), "/"]).status, is: 2)
  }

  @Test("Trees: a line for each that changed, then the counts")
  func trees() throws {
    let (old, new) = (try ModuleTree(), try ModuleTree())
    var build = Build()
    try old.write("kernel/same.ko", build.bytes())
    try old.write("kernel/a-b.ko", build.bytes())
    try old.write("kernel/gone.ko", build.bytes())
    try old.write("kernel/inside.ko", build.bytes())
    try new.write("kernel/same.ko", build.bytes())
    try new.write("modules.builtin", "kernel/inside.ko\n")
    build.constant = 7
    try new.write("kernel/sub/a_b.ko", build.bytes())
    try new.write("kernel/new.ko", build.bytes())
    let run = Run(["diff", old.path, new.path])
    expect(run.status, is: 1)
    expect(
      run.output,
      is: """
        kernel/a-b.ko → kernel/sub/a_b.ko: changed: 1 function
        kernel/new.ko: added
        kernel/gone.ko: removed
        kernel/inside.ko: now built in
        2 modules: 1 identical, 0 same code and data, 1 changed, 1 added, 2 removed

        """)
  }

  @Test("Damaged modules are compared, or said to be damaged")
  func damaged() throws {
    let bytes = try Fixtures.bytes("params.ko")
    var random = SeededGenerator(11)
    for _ in 0..<40 {
      let file = try TemporaryFile(Mutation.damaged(bytes, using: &random))
      let run = Run(["diff", fixture("params.ko"), file.path])
      expect(run.status <= 2 && (!run.output.isEmpty || !run.errors.isEmpty))
    }
  }
}
