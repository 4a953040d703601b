import ELFKit
import Foundation
import TestSupport
import Testing

@testable import KoInspect

@Suite("decode")
struct DecodeTests {
  /// A folder of its own, removed with the value.
  final class Folder {
    let path = FileManager.default.temporaryDirectory.appending(path: "decode-\(UUID())").path

    init() throws {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of a new file.
    func file(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
      let path = "\(path)/\(name)"
      try Data(bytes).write(to: URL(filePath: path))
      return path
    }
  }

  /// Logs that were recorded (Fixtures/traces), with the modules that they are of: in the archive of
  /// Fixtures/truth, or beside them.
  static let recorded: [String] = Fixtures.names.filter {
    $0.hasPrefix("traces/") && $0.hasSuffix(".log")
  }

  @Test("The JSON is what Docs/decode.schema.json says, which is what --schema prints")
  func schema() throws {
    let file = Fixtures.folder.deletingLastPathComponent().appending(
      path: "Docs/decode.schema.json")
    let schema = try JSONSchema(contentsOf: file, isClosed: true)
    let printed = try #require(try Run(["decode", "--schema"]).json().first)
    let page = try JSONSerialization.jsonObject(with: try Data(contentsOf: file))
    expect(NSDictionary(dictionary: printed).isEqual(page))
    let module = Fixtures.path("traces/6.1/stack.ko.xz")
    let log = Run(["decode", "--json", module, Fixtures.path("traces/6.1/stack.log")])
    let sites = Run(["decode", "--json", "--sites", module])
    let objects = try log.json() + sites.json()
    expect(Set(objects.map { $0.keys.sorted() }).count, is: 3)
    for object in objects { expect(schema.problems(object), is: []) }
  }

  @Test("Every place of a recorded log is found, and no module is taken for another build")
  func recorded() throws {
    let files = try TruthTests.files()
    let folder = try Folder()
    var places = 0
    expect(Self.recorded.count >= 12)
    for log in Self.recorded {
      let name = String(log.dropFirst("traces/".count).dropLast(".log".count))
      let module =
        try files["\(name).ko"].map { try folder.file("module.ko", $0) }
        ?? Fixtures.path("traces/\(name).ko.xz")
      let run = Run(["decode", "--json", module, Fixtures.path(log)])
      expect(run.status, is: 0, "\(log): \(run.errors)")
      let objects = try run.json()
      for place in objects where place["module"] is String && place["kind"] != nil {
        places += 1
        expect(place["section"] is String, "\(log): \(place)")
      }
      let verdicts = objects.compactMap { $0["verdict"] as? String }
      expect(verdicts, is: ["consistent"], "\(log)")
      // The text has the log in it as it was.
      let text = Run(["decode", module, Fixtures.path(log)]).output.split(separator: "\n")
      let kept = text.filter {
        !$0.hasPrefix("    -> ") && !$0.hasPrefix("module ") && !$0.contains(", inlined at ")
      }
      let lines = try String(contentsOfFile: Fixtures.path(log), encoding: .utf8)
      expect(kept, is: lines.split(separator: "\n"))
    }
    expect(places >= 25)
  }

  @Test("The module of another kernel is another build")
  func otherBuild() throws {
    let files = try TruthTests.files()
    let folder = try Folder()
    for name in ["oops", "warn", "rel_sym_0", "sym_weak"] {
      for (kernel, other) in [("6.1", "6.12"), ("6.12", "6.1")] {
        let module = try folder.file("m.ko", try #require(files["\(other)/\(name).ko"]))
        let run = Run(["decode", module, Fixtures.path("traces/\(kernel)/\(name).log")])
        expect(run.status, is: 1)
        expect(run.output.contains(": different ("))
        // Of two files the one that fits is taken.
        let right = try folder.file("right.ko", try #require(files["\(kernel)/\(name).ko"]))
        let both = Run(["decode", module, right, Fixtures.path("traces/\(kernel)/\(name).log")])
        expect(both.status == 0 && both.output.contains(": consistent (\(right))"))
      }
    }
  }

  @Test("Single places")
  func places() throws {
    var run = Run(["decode", fixture("hello.ko"), "hello_init+0x18/0x1000"])
    expect(run.status, is: 0)
    expect(
      run.output,
      is: """
        hello_init+0x18/0x1000
            -> .init.text+0x18; called _printk; freed once init has run

        """)
    run = Run(["decode", fixture("hello.ko"), "hello_init+0x18/0xff0"])
    expect(run.status, is: 1)
    expect(run.output.contains("hello_init has size 0xff0 in the log, 0x1000 in the file"))
    run = Run(["decode", "hello_init+0x18/0xff0"])
    expect(run.status == 2 && run.errors.contains("no module given"))
  }

  /// What is said of a log about `hello.ko`, without the log and the verdict.
  private func told(_ lines: [String]) throws -> [String] {
    let folder = try Folder()
    let log = try folder.file("log", Array(lines.joined(separator: "\n").utf8))
    let text = Run(["decode", fixture("hello.ko"), log]).output.split(separator: "\n")
    return text.map(String.init).filter { $0.hasPrefix("    -> 0x") }
  }

  @Test("Addresses that lie in the module have names once a line proves where it was")
  func addresses() throws {
    let place = "[<ffffffffc0a01018>] hello_init+0x18/0x1000 [hello]"
    let registers = "RAX: ffffffffc0a01004 RBX: ffffffffc0a03000 RCX: ffffffffc0a01018"
    let first = "    -> 0xffffffffc0a01004 is hello_init+0x4 [hello], .init.text+0x4"
    let second = "    -> 0xffffffffc0a01018 is hello_init+0x18 [hello], .init.text+0x18"
    let freed = "; freed once init has run"
    try expect(told([registers, place]), is: [first + freed, second + freed])
    // Without an address, with one that is no page's, and with two different ones.
    try expect(told([registers, "hello_init+0x18/0x1000 [hello]"]), is: [])
    try expect(told([registers, "[<ffffffffc0a01019>] hello_init+0x18/0x1000 [hello]"]), is: [])
    try expect(
      told([registers, place, "[<ffffffffc0b01018>] hello_init+0x18/0x1000 [hello]"]), is: [])
    // x86 says where it cannot read the code: 42 bytes before the instruction.
    try expect(
      told([
        "RIP: 0010:hello_init+0x18/0x1000 [hello]",
        "Code: Unable to access opcode bytes at 0xffffffffc0a00fee.", registers,
      ]), is: [first + freed, second + freed])
    // Only what is behind the beginning of the same part of memory.
    try expect(
      told([place, "x ffffffffc0a02000 c0a01004 0xffffffffc0a01004 ffffffffc0a01004z"]),
      is: [first + freed])
  }

  @Test("A line of /proc/modules proves where the code is when the file takes as many bytes")
  func listed() throws {
    let memory = try Run(["show", "--json", fixture("hello.ko")]).json().first?["memory"]
    let size = try #require((memory as? [String: Any])?["resident"] as? Int)
    let registers = "RAX: ffffffffc0a01004"
    let place =
      "CPU: 0 PID: 9 Comm: x 6.1.0-56-amd64 #1\nRIP: 0010:hello_exit+0x4/0x1000 [hello]"
    func listed(_ size: Int, _ address: String) -> String {
      "hello \(size) 0 - Live 0x\(address) (OE)"
    }
    let found = "    -> 0xffffffffc0a01004 is hello_exit+0x4 [hello], .exit.text+0x4"
    try expect(told([place, registers, listed(size, "ffffffffc0a01000")]), is: [found])
    try expect(told([place, registers, listed(size + 1, "ffffffffc0a01000")]), is: [])
    try expect(told([place, registers, listed(size, "0000000000000000")]), is: [])
  }

  private func decoded(_ lines: String...) throws -> String {
    let folder = try Folder()
    let log = try folder.file("log", Array(lines.joined(separator: "\n").utf8))
    return Run(["decode", fixture("hello.ko"), log]).output
  }

  @Test("A variable is no function that is missing: KASAN prints it with a size of no use")
  func variable() throws {
    let text = try decoded(
      "The buggy address belongs to the variable:",
      " __this_module+0x20/0xffffffffffffe000 [hello]", " hello_init+0x18/0x1000 [hello]")
    expect(text.contains("    -> .gnu.linkonce.this_module+0x20; a variable\n"))
    expect(text.contains("module hello: consistent"))
    try expect(decoded(" nothing+0x20/0x40 [hello]").contains("it has no function nothing"))
  }

  @Test("Only entries of a trace that stand below each other have called each other")
  func asides() throws {
    let entry = " hello_init+0x18/0x1000 [hello]"
    let other = " f+0x1/0x2"
    try expect(decoded(other, entry).contains("called _printk (the frame above is f)"))
    for lines in [
      [other, "something else", entry], [" #0: f (&m){+.+.}, at: f+0x1/0x2", entry],
      [other, "BUG: KASAN: use-after-free in hello_init+0x18/0x1000 [hello]"],
      [other, "hardirqs last  enabled at (12): [<ffffffffc0a01018>]" + entry],
      ["r1: 2-page region allocated at f+0x1/0x2", entry], [" [<0>] _printk+0x1/0x2", entry],
    ] {
      let text = try decoded(lines[0], lines[1], lines.count > 2 ? lines[2] : "")
      expect(text.contains("called _printk") && !text.contains("the frame above"), "\(lines)")
    }
  }

  @Test("Of tools that print no module it is said what a place would be in the given one")
  func assumed() throws {
    for line in ["    hello_init+24", "#6  0xffffffffc0a01018 (hello_init+0x18/0x1000)"] {
      let text = try decoded(line)
      expect(
        text.hasPrefix(
          "\(line)\n    if that is hello.ko's:\n    -> .init.text+0x18; called _printk"), "\(text)")
      expect(text.contains("module hello: unknown"))
    }
    // A kernel's own log names modules: what has none is the kernel's.
    try expect(!decoded(" hello_init+0x18/0x1000").contains("->"))
    try expect(!decoded("    other_init+24").contains("->"))
  }

  @Test("A module is found by name in a folder, those of updates first")
  func folders() throws {
    let folder = try Folder()
    for part in ["kernel", "updates"] {
      try FileManager.default.createDirectory(
        atPath: "\(folder.path)/\(part)", withIntermediateDirectories: true)
      _ = try folder.file("\(part)/hello.ko", try Fixtures.bytes("hello.ko"))
    }
    let log = try folder.file("log", Array("x hello_init+0x18/0x1000 [hello]".utf8))
    let run = Run(["decode", "--modules", folder.path, log])
    expect(run.status, is: 0)
    expect(
      run.output,
      is: """
        x hello_init+0x18/0x1000 [hello]
            -> .init.text+0x18; called _printk; freed once init has run
        module hello: consistent (\(folder.path)/updates/hello.ko): 1 size

        """)
  }

  @Test("What is no module's passes through as it came, and nothing of it reaches a terminal raw")
  func passes() throws {
    let folder = try Folder()
    let bytes: [UInt8] = Array("a\u{1b}[31mb\r\nno newline \u{7f}".utf8) + [0xff]
    let log = try folder.file("log", bytes)
    expect(Run(["decode", fixture("hello.ko"), log]).out.starts(with: bytes))
    let terminal = Run(["decode", fixture("hello.ko"), log], isTerminal: true)
    expect(terminal.output.hasPrefix("a\\x1b[31mb\nno newline \\x7f\\xff\n"))
    expect(Run(["decode", fixture("hello.ko"), log, log]).status, is: 2)
    expect(Run(["decode", fixture("hello.ko"), "/nowhere"]).status, is: 2)
  }

  /// The log of `stack.c`, and its module with and without debug information.
  private static let stack = (
    log: Fixtures.path("traces/6.1/stack.log"), module: Fixtures.path("traces/6.1/stack.ko.xz"),
    stripped: Fixtures.path("traces/6.1/stack-stripped.ko.xz")
  )

  private func stackBytes() throws -> [UInt8] {
    let packed = ByteSlice(try Fixtures.bytes("traces/6.1/stack.ko.xz"))
    return try Compression.xz.decompress(packed, Input.Limits())
  }

  /// What is known of each place of the stack module: `FUNCTION LINE CALL`.
  private func known(_ run: Run) throws -> [String] {
    try run.json().filter {
      $0["module"] as? String == "stack" && $0["kind"] is String
        && $0["kind"] as? String != "address"
    }.map { place in
      let source = (place["source"] as? [[String: Any]])?.first
      let line = source?["line"] as? Int
      let call = place["call"] as? String
      return "\(place["function"] ?? "") \(line.map(String.init) ?? "-") \(call ?? "-")"
    }
  }

  @Test("A log tells the lines of the source, and what had been called")
  func lines() throws {
    let run = Run(["decode", "--json", Self.stack.module, Self.stack.log])
    expect(run.status, is: 0)
    let expected = [
      "stack_init 29 dump_stack", "depth.cold 9 dump_stack", "stack_init 30 depth",
      "depth.cold 9 dump_stack", "go_set 20 depth", "depth 11 -", "depth 11 -", "go_set 20 depth",
      "stack_init 29 dump_stack", "depth.cold 9 dump_stack", "stack_init 30 depth", "depth 13 -",
      "go_set 20 depth", "depth 13 -",
    ]
    try expect(known(run), is: expected)
    let evidence = try run.json().last?["evidence"] as? [String]
    expect(evidence, is: ["4 sizes", "40 bytes of code", "1 place of a WARN"])
    // Without debug information the module's own table still tells of the WARN.
    let stripped = try known(Run(["decode", "--json", Self.stack.stripped, Self.stack.log]))
    expect(
      stripped.map { $0.split(separator: " ").last },
      is: expected.map { $0.split(separator: " ").last })
    expect(stripped.filter { $0.contains(" 11 ") }.count, is: 2)
    expect(stripped.filter { $0.contains(" - ") }.count, is: 12)
  }

  @Test("Debug information is found by build id, and that of another build is not believed")
  func debugFile() throws {
    let folder = try Folder()
    let id = try #require(
      try Run(["decode", "--json", Self.stack.stripped, Self.stack.log]).json().last?["buildID"]
        as? String)
    let place = "\(folder.path)/.build-id/\(id.prefix(2))"
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    let arguments = [
      "decode", "--json", "--debug", folder.path, Self.stack.stripped, Self.stack.log,
    ]
    var bytes = try stackBytes()
    let path = ".build-id/\(id.prefix(2))/\(id.dropFirst(2)).debug"
    _ = try folder.file(path, bytes)
    try expect(
      known(Run(arguments)),
      is: (try known(Run(["decode", "--json", Self.stack.module, Self.stack.log]))))
    let note = try #require(
      KernelModule(try ELFImage(bytes)).buildNotes().buildID.map { Int($0.fileOffset) })
    bytes[note] ^= 1
    _ = try folder.file(path, bytes)
    try expect(known(Run(arguments)).filter { $0.contains(" - ") }.count, is: 12)
  }

  @Test("One byte of code that differs is another build, one that is patched is not")
  func code() throws {
    let folder = try Folder()
    var bytes = try stackBytes()
    // `movl $3, 8`, and the ud2 of the WARN behind it.
    let code: [UInt8] = [0xc7, 0x04, 0x25, 0x08, 0, 0, 0, 0x03, 0, 0, 0]
    let start = try #require(
      bytes.indices.dropLast(code.count).first { bytes[$0..<$0 + code.count].elementsEqual(code) })
    bytes[start + 7] = 4
    let run = Run(["decode", try folder.file("stack.ko", bytes), Self.stack.log])
    expect(run.status, is: 1)
    expect(run.output.contains("module stack: different"))
    expect(run.output.contains("the byte at .text+0x27 is 0x3 in the log, 0x4 in the file"))
    expect(run.output.contains("not as in the file: at 0x27 there is 04, here 03"))
  }

  @Test("Every address of a module has the line that addr2line names")
  func everyAddress() throws {
    let image = try ELFImage(try stackBytes())
    var table = try #require(try LineTable(image))
    let text = try String(contentsOfFile: Fixtures.path("traces/6.1/stack.lines"), encoding: .utf8)
    var count = 0
    for row in text.split(separator: "\n") {
      let words = row.split(separator: " ")
      let section = try #require(image.sections.first(named: String(words[0])))
      let line = table.line(at: try #require(UInt64(words[1])), of: section.index)
      let said =
        line.map { "\($0.file.text.split(separator: "/").last ?? ""):\($0.line)" } ?? "??:?"
      expect(said == words[2], "\(row)")
      count += 1
    }
    expect(count > 150)
    expect(table.line(at: .max, of: 2) == nil && table.line(at: 0, of: 100_000) == nil)
  }

  @Test("Damaged debug information traps nothing")
  func damagedLines() throws {
    let bytes = try stackBytes()
    let image = try ELFImage(bytes)
    let sections = [".debug_line", ".rela.debug_line", ".debug_line_str"].compactMap {
      image.sections.first(named: $0)?.header
    }
    expect(sections.count, is: 3)
    var random = SeededGenerator(21)
    for round in 0..<150 {
      var damaged = bytes
      for _ in 0..<8 {
        let header = sections[round % 3]
        let place = Int(header.offset) + Int(random.next() % Swift.max(header.size, 1))
        damaged[place] = UInt8(truncatingIfNeeded: random.next())
      }
      guard var table = try? LineTable(try ELFImage(damaged)) else { continue }
      for section in 0..<8 {
        for offset in stride(from: 0, to: 0x80, by: 7) as StrideTo<UInt64> {
          _ = table.line(at: offset, of: section)
        }
      }
    }
  }

  @Test("Damaged logs trap nothing")
  func damagedLogs() throws {
    let folder = try Folder()
    let log = try Fixtures.bytes("traces/6.1/stack.log")
    let module = try folder.file("stack.ko", try stackBytes())
    var random = SeededGenerator(7)
    for _ in 0..<30 {
      var damaged = log
      for _ in 0..<400 {
        damaged[Int(random.next() % UInt64(log.count))] = UInt8(truncatingIfNeeded: random.next())
      }
      let run = Run(["decode", module, try folder.file("log", damaged)])
      expect(run.status == 0 || run.status == 1)
    }
  }

  @Test("A variable in a section that is not there is no place")
  func noSection() throws {
    var builder = ELFBuilder.module(modinfo: ["name=a"])
    builder.section(".text", flags: 6, [0xc3])
    builder.symbol("lost", section: 60, value: 0, size: 8, type: 1)
    let folder = try Folder()
    let module = try folder.file("a.ko", builder.build())
    let run = Run(["decode", module, try folder.file("log", Array(" lost+0x0/0x8 [a]\n".utf8))])
    expect(run.output.contains("lost") && run.status < 2, "\(run.output)\(run.errors)")
  }

  @Test("--sites lists what the module's own tables tell")
  func sites() throws {
    let run = Run(["decode", "--sites", Self.stack.stripped])
    expect(run.status, is: 0)
    expect(
      run.output,
      is: """
        /tmp/stack/stack.c:11: WARN at .text+0x33
        /tmp/stack/stack.c:19: pr_debug in go_set

        """)
    let json = try Run(["decode", "--sites", "--json", Self.stack.stripped]).json()
    expect(json.map { $0["kind"] as? String }, is: ["WARN", "pr_debug"])
    expect(Run(["decode", "--sites"]).status, is: 2)
  }
}
