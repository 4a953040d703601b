import ELFKit
import Foundation
import TestSupport
import Testing

@testable import KoInspect

/// What `show` tells besides the module: what a kernel would answer, and what the module could do.
@Suite("show: answers and evidence")
struct ShowAnswerTests {
  private static let kernel = fixture("debian-6.1.0-56-amd64.json")

  private func lines(_ arguments: String...) -> [Substring] {
    Run(["show"] + arguments).output.split(separator: "\n", omittingEmptySubsequences: false)
  }

  @Test("The head ends with what the kernel would do")
  func answer() {
    let loads = lines("--kernel", Self.kernel, fixture("hello.ko"))
    expect(loads[2], is: "  on Linux 6.1.0-56-amd64: loads, taints OE")
    let fails = lines("--kernel", Self.kernel, fixture("importer.ko"))
    expect(
      fails[2].hasPrefix(
        "  on Linux 6.1.0-56-amd64: fails with ENOENT (symbols): importer: Unknown symbol "))
    let depends = lines(
      "--vermagic", "6.1.0-56-amd64 SMP preempt mod_unload modversions ",
      fixture("hello.ko"))
    expect(depends[2], is: "  on Linux 6.1.0-56-amd64: depends (struct-version)")
  }

  @Test("What one depends on is loaded first, where the kernel has it")
  func dependencies() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "koinspect-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.copyItem(
      at: URL(filePath: fixture("exporter.ko")), to: folder.appending(path: "exporter.ko"))
    let found = lines(
      "--kernel", Self.kernel, "--modules", folder.path, fixture("importer.ko"))
    expect(found[2], is: "  on Linux 6.1.0-56-amd64: loads, taints OE")
  }

  @Test("Without a kernel nothing is said of one")
  func none() {
    expect(!Run(["show", fixture("hello.ko")]).output.contains("on Linux"))
    expect(!Run(["show", "--json", fixture("hello.ko")]).output.contains("on Linux"))
  }

  @Test("A kernel that cannot be read is an error")
  func unreadable() {
    let run = Run(["show", "--kernel", "/nowhere", fixture("hello.ko")])
    expect(run.status, is: 2)
    expect(run.errors.contains("/nowhere"))
  }

  @Test("On a terminal the licence has a colour, also in a table; NO_COLOR takes it away")
  func colours() {
    let folder = fixture("hello.ko").split(separator: "/").dropLast().joined(separator: "/")
    for path in [fixture("hello.ko"), "/" + folder] {
      expect(Run(["show", path], isTerminal: true).output.contains("\u{1b}[32mGPL"), "\(path)")
      for plain in [
        Run(["show", path]), Run(["show", path], isTerminal: true, variables: ["NO_COLOR": "1"]),
      ] {
        expect(!plain.out.contains(0x1b))
      }
    }
    let misspelt = Run(["show", fixture("license_misspelt.ko")], isTerminal: true).output
    expect(misspelt.contains("\u{1b}[31mGPLv2"))
  }

  @Test("Evidence is there when it is asked for")
  func evidence() throws {
    let plain = try #require(try Run(["show", "--json", fixture("hello.ko")]).json().first)
    expect(plain["evidence"] == nil)
    let asked = try #require(
      try Run(["show", "--json", "--sensitive", fixture("intree.ko")]).json().first)
    let evidence = try #require(asked["evidence"] as? [[String: Any]])
    expect(evidence.map { $0["kind"] as? String }, is: ["claims"])
    let screen = Run(["show", "--sensitive", fixture("intree.ko")]).output
    expect(screen.contains("what it could do (evidence, no verdict)"))
    expect(screen.contains("claims  says that it belongs to the kernel's tree (intree=)"))
    expect(
      Run(["show", "--sensitive", fixture("hello.ko")]).output.contains("nothing of what is"))
  }

  @Test("JSON with evidence is as its schema says")
  func schema() throws {
    let folder = Fixtures.folder.deletingLastPathComponent()
    let schema = try JSONSchema(
      contentsOf: folder.appending(path: "Docs/module.schema.json"), isClosed: true)
    for name in ["intree.ko", "tags.ko"] {
      let object = try #require(
        try Run(["show", "--json", "--sensitive", fixture(name)]).json().first)
      expect(schema.problems(object), is: [])
    }
  }

  @Test("Features of the processor, as /proc/cpuinfo of x86-64 and of AArch64 names them")
  func processor() {
    func flags(_ text: String) -> [String]? {
      KernelDescription.processorFlags(Array(text.utf8))?.map(\.text).sorted()
    }
    expect(flags("processor\t: 0\nflags\t\t: fpu vme ibt shstk\nflags\t\t: fpu\n"), is: ["ibt"])
    expect(flags("processor\t: 0\nflags\t\t: fpu ibtx bti2\n"), is: [])
    expect(flags("processor\t: 0\nFeatures\t: fp asimd bti\n"), is: ["bti"])
    expect(flags("processor 0: version = FF\n"), is: nil)
  }

  @Test("They are kept with the kernel")
  func saved() throws {
    var kernel = KernelDescription()
    expect(!String(decoding: kernel.saved.pending, as: UTF8.self).contains("processorFlags"))
    kernel.kernel.processorFlags = ["ibt"]
    var read = KernelDescription()
    try read.addSaved(kernel.saved.pending)
    expect(read.kernel.processorFlags, is: ["ibt"])
  }
}
