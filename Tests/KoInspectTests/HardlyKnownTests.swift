import Foundation
import TestSupport
import Testing

@testable import KoInspect

/// What a pair of eyes that had not written it found in what was thought to be finished.
@Suite("Answers about what is hardly known")
struct HardlyKnownTests {
  private static func magic(_ release: String) -> [String] {
    ["--vermagic", "\(release) SMP preempt mod_unload modversions "]
  }

  @Test("A kernel that nobody knows refuses only what every kernel does: else it depends")
  func unknownKernel() throws {
    // Without its versions of symbols: the kernels that are known refuse its exports.
    for name in ["hello.ko", "exporter.ko"] {
      let run = Run(["preflight", "--json"] + Self.magic("9.9.0") + [fixture(name)])
      let answer = try #require(try run.json().first)
      expect(answer["verdict"] as? String, is: "depends", "\(name)")
      expect(answer["certainty"] as? String, is: "unknown")
    }
    let other = Run(["preflight", "--json", "--vermagic", "9.9.0 SMP ", fixture("hello.ko")])
    try expect(#require(try other.json().first)["verdict"] as? String, is: "fails")
  }

  @Test("The module's own version in place of the kernel's is a guess, and no measurement")
  func assumedVersion() throws {
    let run = Run(["preflight", "--json", "--vermagic", "foo SMP ", fixture("hello.ko")])
    try expect(#require(try run.json().first)["certainty"] as? String, is: "nearest")
  }

  @Test("How sure an answer is fits the terminal")
  func folded() {
    let run = Run(["preflight", "--vermagic", "4.19.1 SMP mod_unload ", fixture("hello.ko")])
    expect(run.output.contains("how sure:"))
    // What the kernel would print, further down, is left as it is.
    for line in run.output.split(separator: "\n").prefix(4) {
      expect(line.count <= 100, "\(line)")
    }
  }

  @Test("--save-target overwrites none of the files that describe the kernel")
  func savedOverInput() throws {
    let list = try TemporaryFile(Array("kfree\n".utf8))
    let run = Run(
      ["preflight"] + Self.magic("6.1.0") + ["--kabi-list", list.path, "--save-target", list.path])
    expect(run.status == 2 && run.errors.contains("one of the files that are read"))
    try expect(Data(contentsOf: URL(filePath: list.path)), is: Data("kfree\n".utf8))
    // A module that describes the kernel is one of them, too.
    let module = try TemporaryFile(try Fixtures.bytes("hello.ko"))
    let own = Run(["preflight", "--reference", module.path, "--save-target", module.path])
    expect(own.status == 2 && own.errors.contains("one of the files that are read"))
  }

  @Test("A list of stable symbols is text, with or without a byte order mark")
  func symbolLists() throws {
    let names = ["_printk", "__fentry__", "param_ops_charp", "__x86_return_thunk"]
    let text = [0xef, 0xbb, 0xbf] + Array(names.joined(separator: "\n").utf8)
    let marked = try TemporaryFile(text)
    let symbols = Run(["symbols", "--kabi-list", marked.path, fixture("hello.ko")])
    expect(symbols.output.contains("0 of 4 not in the list"))
    // Nobody was asked who offers them.
    expect(!symbols.output.contains("not in these modules"))
    let module = Run(["symbols", "--kabi-list", fixture("hello.ko"), fixture("hello.ko")])
    expect(module.status == 2 && module.errors.contains("no list of symbols"))
  }
}
