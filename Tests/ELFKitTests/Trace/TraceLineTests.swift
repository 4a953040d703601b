import ELFKit
import TestSupport
import Testing

@Suite("Lines of a kernel's log")
struct TraceLineTests {
  /// One line, and what it has to say: `KIND[?] FUNCTION+OFFSET/SIZE [MODULE] @ADDRESS`, one a place.
  struct Form: Sendable {
    let line: String
    let places: [String]

    init(_ line: String, _ places: String...) {
      self.line = line
      self.places = places
    }
  }

  /// As they were recorded or stand in the kernels' sources.
  static let forms = [
    // x86, also old ones with addresses.
    Form("RIP: 0010:kt_init+0x13/0x1000 [k_oops]", "pc kt_init+13/1000 [k_oops]"),
    Form(
      "RIP: 0010:[<ffffffffc0566027>] kt_init+0x17/0xff0 [k]",
      "pc kt_init+17/ff0 [k] @ffffffffc0566027"),
    Form("EIP: kt_init+0x13/0x1000 [k_oops]", "pc kt_init+13/1000 [k_oops]"),
    Form("RIP: 0033:0x43d7f9"),
    Form(" do_one_initcall+0x59/0x220", "frame do_one_initcall+59/220"),
    Form(" ? __pfx_hello_init+0x10/0x10 [hello]", "frame? __pfx_hello_init+10/10 [hello]"),
    Form(
      " f+0x1/0x2 [m 0123456789abcdef0123456789abcdef01234567]",
      "frame f+1/2 [m 0123456789abcdef0123456789abcdef01234567]"),
    Form(
      "WARNING: CPU: 0 PID: 126 at /b/k_warn.c:2 kt_init+0x15/0xff0 [k_warn]",
      "warn kt_init+15/ff0 [k_warn]"),
    Form(
      "WARNING: k_warn.c:2 at kt_init+0x15/0xff0 [k_warn], CPU#0: init/77",
      "warn kt_init+15/ff0 [k_warn]"),
    // AArch64.
    Form("pc : kt_init+0x20/0x1000 [k_warn]", "pc kt_init+20/1000 [k_warn]"),
    Form("lr : kt_init+0x20/0x1000 [k_warn]", "lr kt_init+20/1000 [k_warn]"),
    Form(" kt_init+0x20/0x1000 [k_warn] (P)", "frame kt_init+20/1000 [k_warn]"),
    // RISC-V.
    Form("epc : f+0x1a/0x44 [m]", "pc f+1a/44 [m]"),
    Form(" ra : g+0x2/0x44 [m]", "lr g+2/44 [m]"),
    Form("[<ffffffff0158601a>] f+0x1a/0x44 [m]", "frame f+1a/44 [m] @ffffffff0158601a"),
    // s390.
    Form(
      "Krnl PSW : 0704c00180000000 000003ff80286022 (f+0x22/0x1000 [m])",
      "pc f+22/1000 [m] @3ff80286022"),
    Form(" [<000003ff80286022>] f+0x22/0x1000 [m] ", "frame f+22/1000 [m] @3ff80286022"),
    Form("([<000003ff80286022>] f+0x22/0x1000 [m])", "frame? f+22/1000 [m] @3ff80286022"),
    // PowerPC.
    Form("NIP [c0080000011b0068] f+0x68/0x1000 [m]", "pc f+68/1000 [m] @c0080000011b0068"),
    Form("LR [c0080000011b0068] f+0x68/0x1000 [m]", "lr f+68/1000 [m] @c0080000011b0068"),
    Form(
      "[c00000000a3c7a40] [c0080000011b0068] f+0x68/0x1000 [m] (unreliable)",
      "frame? f+68/1000 [m] @c0080000011b0068"),
    Form("--- interrupt: 700 at f+0x68/0x1000 [m]", "pc f+68/1000 [m]"),
    // ARM, old and new.
    Form("PC is at f+0x10/0x1000 [m]", "pc f+10/1000 [m]"),
    Form("LR is at hello_init+0x24/0x1000 [hello]", "lr hello_init+24/1000 [hello]"),
    Form(
      " warn_slowpath_fmt from kt_init+0x28/0x1000 [k_warn]", "frame kt_init+28/1000 [k_warn]"),
    Form(
      "[<bf006024>] (f [m]) from [<c0302244>] (do_one_initcall+0x50/0x258)",
      "frame do_one_initcall+50/258 @c0302244"),
    // MIPS, LoongArch.
    Form("epc   : ffffffffc0008068 f+0x68/0x100 [m]", "pc f+68/100 [m] @ffffffffc0008068"),
    Form("ra    : ffffffffc0008068 f+0x68/0x100 [m]", "lr f+68/100 [m] @ffffffffc0008068"),
    Form("   ra: ffff800002008024 f+0x24/0x1000 [m]", "lr f+24/1000 [m] @ffff800002008024"),
    Form("  ERA: ffff800002008024 f+0x24/0x1000 [m]", "pc f+24/1000 [m] @ffff800002008024"),
    // Everywhere.
    Form("BUG: KASAN: slab-out-of-bounds in f+0x24/0x1000 [m]", "frame f+24/1000 [m]"),
    Form("[<0>] f+0x24/0x1000 [m]", "frame f+24/1000 [m] @0"),
    Form(" => f+0x24/0x1000 [m]", "frame f+24/1000 [m]"),
    Form("calling  hello_init+0x0/0xff0 [hello] @ 126", "init hello_init+0/ff0 [hello]"),
    Form(
      "initcall hello_init+0x0/0xff0 [hello] returned 0 after 5 usecs",
      "init hello_init+0/ff0 [hello]"),
    // Tools.
    Form("    hello_init+24", "frame hello_init+18"),
    Form("ffffffffc0566027 kt_init+0x17 ([k_oops])", "frame kt_init+17 [k_oops] @ffffffffc0566027"),
    Form(
      "ffffffffc0566027 f+0x17 (/lib/modules/6.1/snd-hda.ko.xz)",
      "frame f+17 [snd_hda] @ffffffffc0566027"),
    Form("#3  0xffffffffc0566027 (f+0x2c4/0x6fd)", "frame f+2c4/6fd @ffffffffc0566027"),
    Form(
      "lock held by init/1: #0: ffff (&m){+.+.}, at: f+0x1/0x2 [a] and g+0x3/0x4 [b]",
      "frame f+1/2 [a]", "frame g+3/4 [b]"),
    // Nothing.
    Form("a + b, 1+0x2/0x3, +0x1, f+0x, f+0x11111111111111111/0x2"),
    Form("Comm: x+1 y"),
  ]

  /// What stands before a line when it reaches a file.
  static let prefixes = [
    "", "[   12.345678] ", "[    4.667556] [    T905] ", "<4>[    4.6] ", "<4>",
    "Nov 25 21:13:53 host kernel: ", "> > ", "6,1234,5678,-;",
    "2026-11-25T21:13:53+0100 host kernel: ",
    "11-25 21:13:53.123     0     0 W         : ", "\u{1b}[0m",
  ]

  private func text(_ mention: TraceMention) -> String {
    let symbol = mention.symbol
    var text = "\(mention.kind.rawValue)\(mention.isReliable ? "" : "?") \(symbol.function.text)"
    text += "+\(String(symbol.offset, radix: 16))"
    if let size = symbol.size { text += "/\(String(size, radix: 16))" }
    if let module = symbol.module {
      text += " [\(module.text)\(symbol.buildID.map { " \($0.text)" } ?? "")]"
    }
    if let address = mention.address { text += " @\(String(address, radix: 16))" }
    return text
  }

  @Test("Every form, under every prefix", arguments: forms)
  func everyForm(_ form: Form) {
    for prefix in Self.prefixes {
      // What is alone in its line is known by that.
      if !prefix.isEmpty, !form.line.contains("0x"), !form.places.isEmpty { continue }
      for end in ["", "\r"] {
        let line = TraceLine(ByteSlice(Array((prefix + form.line + end).utf8)))
        expect(line.mentions.map(text), is: form.places, "\(prefix)\(form.line)")
      }
    }
  }

  @Test("A Code: line has bytes, words or half words, one of them marked")
  func code() throws {
    let x86 = try #require(TraceLine("[ 1.0] Code: 0f 05 <48> 3d 01").code)
    expect(x86.units == [0x0f, 0x05, 0x48, 0x3d, 0x01] && x86.unitBytes == 1 && x86.marked == 2)
    let arm = try #require(TraceLine("Code: 91000000 ???????? (ffffb4e6) \r").code)
    expect(arm.units == [0x9100_0000, nil, 0xffff_b4e6] && arm.unitBytes == 4)
    let (bytes, marked) = arm.bytes(.little)
    expect(bytes == [0, 0, 0, 0x91, nil, nil, nil, nil, 0xe6, 0xb4, 0xff, 0xff] && marked == 8)
    expect(TraceLine("Code: 8082 (1141) e406").code?.unitBytes, is: 2)
    let none = TraceLine("Code: Unable to access opcode bytes at 0xffffffffc0566ffd.")
    expect(none.code == nil && none.unreadableCode == 0xffff_ffff_c056_6ffd)
    for line in [
      "Code: bad PC value", "Code: 00 11", "Code: <00> <11>", "Code: 00 <1111>", "Code:",
    ] {
      expect(TraceLine(ByteSlice(Array(line.utf8))).code, is: nil, "\(line)")
    }
  }

  @Test("Code: belongs to the instruction of its own CPU, and never to a program's")
  func context() {
    var context = TraceContext()
    let lines = [
      "[ 1.0] [ T1] RIP: 0010:f+0x1/0x2 [m]", "[ 1.0] [ T2] RIP: 0010:g+0x1/0x2 [m]",
      "[ 1.0] [ T1] Code: 00 <11> 22", "[ 1.0] [ T2] Code: 00 <11> 22",
      "[ 1.0] [ T1] RIP: 0033:0x43d7f9", "[ 1.0] [ T1] Code: 00 <11> 22",
    ]
    let found = lines.map { line in
      context.instruction(shownBy: TraceLine(ByteSlice(Array(line.utf8))))?.symbol.function.text
    }
    expect(found, is: [nil, nil, "f", "g", nil, nil])
  }

  @Test("ARM and RISC-V print the registers of a place again, as numbers: that is no program's")
  func registers() {
    for (place, numbers, address) in [
      (
        "PC is at f+0x10/0x1000 [m]", "pc : [<bf006010>]    lr : [<c030f104>]    psr: 600f0013",
        0xbf00_6010 as UInt64
      ),
      (
        "epc : f+0x10/0x1000 [m]", "epc : ffffffff01586010 ra : ffffffff01586018 sp : ff200",
        0xffff_ffff_0158_6010
      ),
    ] {
      var context = TraceContext()
      let lines = [place, "LR is at g+0x2/0x44", numbers, "Code: 00 <11> 22"].map {
        TraceLine(ByteSlice(Array($0.utf8)))
      }
      var found: [String?] = []
      var located: [UInt64] = []
      for line in lines {
        found.append(context.instruction(shownBy: line)?.symbol.function.text)
        expect(!context.isForeign)
        located += context.located.map { $0.address }
      }
      expect(found == [nil, nil, nil, "f"] && located.first == address && located.count == 2)
      // A second time they are those of a program.
      _ = context.instruction(shownBy: lines[2])
      expect(context.isForeign && context.instruction(shownBy: lines[3]) == nil)
    }
  }

  @Test("A line tells the kernel, the CPU, the source of a WARN and the modules")
  func facts() {
    let cpu = TraceLine(
      "[ 1.0] CPU: 3 UID: 0 PID: 126 Comm: a b Tainted: G  OE  6.12.107+deb13-amd64 #1  Debian 6.12"
    )
    expect(cpu.cpu == 3 && cpu.release == "6.12.107+deb13-amd64")
    expect(TraceLine("WARNING: CPU: 0 PID: 1 at a b.c:2 f+0x1/0x2").site?.line, is: 2)
    expect(
      TraceLine("WARNING: /b/k.c:17 at f+0x1/0x2, CPU#0: x/7").site,
      is: BugSite(file: "/b/k.c", line: 17))
    expect(TraceLine("kernel BUG at fs/x.c:99!").site, is: BugSite(file: "fs/x.c", line: 99))
    let linked = TraceLine("Modules linked in: a(OE+) b c(-) [last unloaded: d(OE)]").linked
    expect(
      linked.map { $0.name } == ["a", "b", "c"] && linked.map { $0.flags } == ["OE+", "", "-"])
  }

  @Test("A typed place is understood as a whole or not at all")
  func typed() {
    let place = TraceSymbol(typed: "hello_init+0x18/0x1000")
    expect(place?.function == "hello_init" && place?.offset == 0x18 && place?.size == 0x1000)
    expect(TraceSymbol(typed: "f.cold+18")?.offset, is: 18)
    for text in ["", "+1", "f+", "f+0x", "f+1/", "f+1/2/3", "a/b+1", "1+1", "f", "f+1 "] {
      expect(TraceSymbol(typed: ByteSlice(Array(text.utf8))), is: nil, "\(text)")
    }
  }

  @Test("Any line is taken, however odd")
  func hostile() {
    var random: UInt64 = 7
    let alphabet = Array("f+0x1/ []<>()?:RIPCode#'\u{1b}\r\0é".utf8)
    for _ in 0..<20_000 {
      var line: [UInt8] = []
      for _ in 0..<40 {
        random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        line.append(alphabet[Int(random >> 33) % alphabet.count])
      }
      let read = TraceLine(ByteSlice(line))
      expect(read.mentions.count < 20)
    }
    let long = TraceLine(ByteSlice([UInt8](repeating: 0x2b, count: 100_000)))
    expect(long.mentions.isEmpty)
    // Of a line that is longer than any of a kernel's the beginning is read.
    let many = [[UInt8]](repeating: Array("WARNING: f+0x1/0x2 ".utf8), count: 20_000).flatMap { $0 }
    expect((1..<1000).contains(TraceLine(ByteSlice(many)).mentions.count))
  }
}
