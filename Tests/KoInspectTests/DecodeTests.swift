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

  @Test("Every place of a recorded log is found, and no module is taken for another build")
  func recorded() throws {
    let files = try TruthTests.files()
    let folder = try Folder()
    var places = 0
    #expect(Self.recorded.count >= 11)
    for log in Self.recorded {
      let name = String(log.dropFirst("traces/".count).dropLast(".log".count))
      let module =
        try files["\(name).ko"].map { try folder.file("module.ko", $0) }
        ?? Fixtures.path("traces/\(name).ko.xz")
      let run = Run(["decode", "--json", module, Fixtures.path(log)])
      #expect(run.status == 0, "\(log): \(run.errors)")
      let objects = try run.json()
      for place in objects where place["module"] is String && place["kind"] != nil {
        places += 1
        #expect(place["section"] is String, "\(log): \(place)")
      }
      let verdicts = objects.compactMap { $0["verdict"] as? String }
      // The sizes of an ARM module's last functions depend on what the loader adds.
      #expect(verdicts == [log.contains("arm64") ? "unknown" : "consistent"], "\(log)")
      // The text has the log in it as it was.
      let text = Run(["decode", module, Fixtures.path(log)]).output.split(separator: "\n")
      let kept = text.filter { !$0.hasPrefix("    -> ") && !$0.hasPrefix("module ") }
      let lines = try String(contentsOfFile: Fixtures.path(log), encoding: .utf8)
      #expect(kept == lines.split(separator: "\n"))
    }
    #expect(places >= 25)
  }

  @Test("The module of another kernel is another build")
  func otherBuild() throws {
    let files = try TruthTests.files()
    let folder = try Folder()
    for name in ["oops", "warn", "rel_sym_0", "sym_weak"] {
      for (kernel, other) in [("6.1", "6.12"), ("6.12", "6.1")] {
        let module = try folder.file("m.ko", try #require(files["\(other)/\(name).ko"]))
        let run = Run(["decode", module, Fixtures.path("traces/\(kernel)/\(name).log")])
        #expect(run.status == 1)
        #expect(run.output.contains(": different ("))
        // Of two files the one that fits is taken.
        let right = try folder.file("right.ko", try #require(files["\(kernel)/\(name).ko"]))
        let both = Run(["decode", module, right, Fixtures.path("traces/\(kernel)/\(name).log")])
        #expect(both.status == 0 && both.output.contains(": consistent (\(right))"))
      }
    }
  }

  @Test("Single places")
  func places() throws {
    var run = Run(["decode", fixture("hello.ko"), "hello_init+0x18/0x1000"])
    #expect(run.status == 0)
    #expect(
      run.output == """
        hello_init+0x18/0x1000
            -> .init.text+0x18; freed once init has run

        """)
    run = Run(["decode", fixture("hello.ko"), "hello_init+0x18/0xff0"])
    #expect(run.status == 1)
    #expect(run.output.contains("hello_init has size 0xff0 in the log, 0x1000 in the file"))
    run = Run(["decode", "hello_init+0x18/0xff0"])
    #expect(run.status == 2 && run.errors.contains("no module given"))
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
    #expect(run.status == 0)
    #expect(
      run.output == """
        x hello_init+0x18/0x1000 [hello]
            -> .init.text+0x18; freed once init has run
        module hello: consistent (\(folder.path)/updates/hello.ko): 1 size

        """)
  }

  @Test("What is no module's passes through as it came, and nothing of it reaches a terminal raw")
  func passes() throws {
    let folder = try Folder()
    let bytes: [UInt8] = Array("a\u{1b}[31mb\r\nno newline \u{7f}".utf8) + [0xff]
    let log = try folder.file("log", bytes)
    #expect(Run(["decode", fixture("hello.ko"), log]).out.starts(with: bytes))
    let terminal = Run(["decode", fixture("hello.ko"), log], isTerminal: true)
    #expect(terminal.output.hasPrefix("a\\x1b[31mb\nno newline \\x7f\\xff\n"))
    #expect(Run(["decode", fixture("hello.ko"), log, log]).status == 2)
    #expect(Run(["decode", fixture("hello.ko"), "/nowhere"]).status == 2)
  }
}
