import ELFKit
import Foundation
import TestSupport
import Testing

@testable import KoInspect

@Suite("Policies and baselines")
struct PolicyTests {
  private func policy(_ text: String) throws -> Policy {
    try Policy(Array(text.utf8)) { _ throws(SystemError) in
      Array("[abi_symbol_list]\n# a comment\n  kmalloc\n  kfree x\n".utf8)
    }
  }

  @Test(
    "What is wrong with a policy is named, and what was meant",
    arguments: [
      ("{\"rule\": {}}", "unknown key 'rule'; did you mean 'rules'?"),
      ("{\"rules\": {\"missing-licence\": \"off\"}}", "did you mean 'missing-license'?"),
      (
        "{\"rules\": {\"missing-license\": \"fatal\"}}",
        "\"off\", \"note\", \"warning\" or \"error\""
      ),
      ("{\"licenses\": {\"alow\": []}}", "did you mean 'allow'?"),
      ("{\"licenses\": {\"allow\": \"GPL\"}}", "array of strings"),
      ("{\"maxSize\": -1}", "'maxSize' is a number of bytes"),
      ("{\"failOn\": \"always\"}", "'failOn' is one of"),
      ("{\"exceptions\": [{\"path\": \"x\", \"rules\": [\"unsigned\"]}]}", "a 'reason'"),
      (
        "{\"exceptions\": [{\"path\":\"x\",\"rules\":[\"unsigned\"],\"reason\":\"r\",\"expires\":\"soon\"}]}",
        "'expires' is a day"
      ),
      ("[]", "the policy is an object"), ("{\"signers\": [1]}", "array of strings"),
      ("{\"failOn\": \"note\", \"failOn\": \"note\"}", "there twice"),
      ("{", "line 1, column 2"), ("{}\n x", "line 2, column 2: there is text after the value"),
    ])
  func wrong(text: String, message: String) {
    do {
      _ = try policy(text)
      Issue.record("\(text) was accepted")
    } catch {
      expect("\(error)".contains(message), "\(error)")
    }
  }

  @Test("A policy says what is asked of modules, with a list of symbols in a file")
  func asked() throws {
    let policy = try policy(
      """
      {"$schema": "x", "failOn": "note", "licenses": {"allow": ["GPL"], "deny": ["MIT"]},
       "requiredFields": ["version"], "signers": ["us"], "vermagic": "6.1*",
       "allowedImports": "symbols.txt", "maxSize": 10,
       "rules": {"unsigned": "error", "missing-author": "off"}}
      """)
    expect(policy.failOn, is: .note)
    expect(policy.levels, is: ["unsigned": .severity(.error), "missing-author": .off])
    expect(policy.asked.allowedImports?.map(\.text).sorted(), is: ["kfree", "kmalloc"])
    expect(policy.asked.maxSize, is: 10)
  }

  @Test(
    "The policy of the documentation's schema and of the reader have the same keys")
  func schema() throws {
    let file = Fixtures.folder.deletingLastPathComponent()
      .appending(path: "Docs/policy.schema.json")
    let value = try JSONReader.value([UInt8](Data(contentsOf: file)))
    let keys = try #require(value["properties"]?.members).map(\.key)
    for key in keys where key != "$schema" {
      do {
        _ = try policy("{\"\(key)\": null}")
        Issue.record("null was accepted for \(key)")
      } catch {
        expect(!"\(error)".contains("unknown key"), "\(key)")
      }
    }
    do { _ = try policy("{\"x\": 1}") } catch { expect("\(error)".contains("unknown key")) }
  }

  @Test("Exceptions hold for their paths and rules, until they expire")
  func exceptions() throws {
    let policy = try policy(
      """
      {"exceptions": [
        {"path": "vendor/**", "rules": ["unsigned"], "reason": "r", "expires": "2027-01-31"},
        {"path": "*.x.ko", "rules": ["staging"], "reason": "r"}]}
      """)
    let path = Array("vendor/a/b.ko".utf8)
    expect(!policy.accepts("unsigned", Array("build/vendor/b.ko".utf8), today: "2026-01-01"))
    expect(policy.accepts("unsigned", path, today: "2027-01-31"))
    expect(!policy.accepts("unsigned", path, today: "2027-02-01"))
    expect(!policy.accepts("staging", path, today: "2026-01-01"))
    expect(policy.accepts("staging", Array("/q/a.x.ko".utf8), today: "2099-01-01"))
    expect(!policy.accepts("unsigned", Array("vendors/b.ko".utf8), today: "2026-01-01"))
  }

  @Test(
    "Globs",
    arguments: [
      ("*.ko", "a/b.ko", true), ("a/*.ko", "a/b.ko", true), ("a/*.ko", "a/b/c.ko", false),
      ("a/**/c.ko", "a/b/b/c.ko", true), ("a/**/c.ko", "a/c.ko", true), ("b?.ko", "x/b1.ko", true),
      ("/a.ko", "a.ko", true), ("./a.ko", "./a.ko", true), ("**", "x", true), ("a", "b/c", false),
      ("b", "b/c", true), ("b/", "b/c", true), ("b/", "b", false), ("b/**", "b/c", true),
      ("b/**", "b", false), ("*a*b*", "xaxxbx", true), ("/p.ko", "q/p.ko", false),
      ("q/p.ko", "x/q/p.ko", false), ("p.ko", "q/p.ko", true), ("**/p.ko", "q/r/p.ko", true),
    ])
  func globs(pattern: String, path: String, expected: Bool) {
    expect(PathGlob(Array(pattern.utf8))?.matches(Array(path.utf8)), is: expected)
  }

  @Test("Patterns that name nothing are refused", arguments: ["", ".", "/", "./", "..", "a/../b"])
  func emptyGlobs(pattern: String) {
    expect(PathGlob(Array(pattern.utf8)) == nil)
    #expect(throws: SystemError.self) {
      try policy(
        "{\"exceptions\":[{\"path\":\"\(pattern)\",\"rules\":[\"unsigned\"],\"reason\":\"r\"}]}")
    }
  }

  @Test("A policy in the nearest folder above is found; --no-config and --config go round it")
  func configuration() throws {
    let file = try TemporaryFile(
      Array("{\"rules\": {\"unknown-license\": \"off\"}}".utf8), name: "p.json")
    let module = fixture("license_misspelt.ko")
    expect(Run(["check", module]).status, is: 1)
    expect(Run(["check", "--config", file.path, module]).status, is: 0)
    expect(Run(["check", "--no-config", module]).status, is: 1)
  }

  @Test("A policy can raise a rule that is off, and accept files")
  func levels() throws {
    let module = fixture("no_exit.ko")
    let file = try TemporaryFile(
      Array(
        """
        {"rules": {"init-without-exit": "note", "name-license-offender": "error"},
         "exceptions": [{"path": "hello.ko", "rules": ["unsigned"], "reason": "test"}]}
        """.utf8), name: "p.json")
    let run = Run(["check", "--config", file.path, "--format", "json", module])
    expect(run.status, is: 0)
    expect(run.output.contains("\"rule\":\"init-without-exit\",\"severity\":\"note\""))
    let hello = Run(["check", "--config", file.path, "--format", "json", fixture("hello.ko")])
    expect(!hello.output.contains("unsigned"))
  }

  @Test("A baseline lists what is known: sorted, stable, and stale entries are reported")
  func baseline() throws {
    let file = try TemporaryFile([], name: "baseline.json")
    let modules = [fixture("license_missing.ko"), fixture("license_blank.ko")]
    let write = Run(["check", "--no-config", "--write-baseline", file.path] + modules)
    expect(write.status, is: 0)
    let text = try String(contentsOfFile: file.path, encoding: .utf8)
    let lines = text.split(separator: "\n").dropFirst().dropLast().map(String.init)
    expect(lines, is: lines.sorted())
    expect(Run(["check", "--no-config", "--baseline", file.path] + modules).status, is: 0)
    let other = fixture("license_misspelt.ko")
    expect(Run(["check", "--no-config", "--baseline", file.path, other]).status, is: 1)

    let place = PlacedBaseline(Array(file.path.utf8))
    let entry = BaselineEntry(
      path: place.name(of: Array(modules[0].utf8)), rule: "wx-section", subject: [0xff])
    let stale = Baseline(try Baseline(Array(text.utf8)).entries + [entry])
    try Data(stale.text.pending).write(to: URL(filePath: file.path))
    let run = Run(["check", "--no-config", "--baseline", file.path] + modules)
    expect(run.status, is: 0)
    expect(run.errors.contains("has no wx-section about '\\xff' any more"))
    try expect(Baseline(stale.text.pending).entries, is: stale.entries)
    #expect(throws: SystemError.self) { _ = try Baseline(Array("{}".utf8)) }
  }

  @Test(
    "Days",
    arguments: [
      (0, "1970-01-01"), (59, "1970-03-01"), (11_016, "2000-02-29"), (20_780, "2026-11-23"),
      (47_540, "2100-02-28"), (47_541, "2100-03-01"),
    ])
  func days(number: Int, expected: String) { expect(day(number), is: expected) }
}

@Suite("JSON reader")
struct JSONReaderTests {
  @Test(
    "What the standard allows",
    arguments: [
      ("null", JSONValue.null),
      (" [1, -2.5e3 ,true]\n", .array([.number("1"), .number("-2.5e3"), .bool(true)])),
      ("\"a\\u00e9\\ud83d\\ude00\\n\"", .string(Array("aé😀\n".utf8))), ("{}", .object([])),
      (
        "{\"a\":{\"b\":[]}}",
        .object([.init(key: "a", value: .object([.init(key: "b", value: .array([]))]))])
      ),
    ])
  func good(text: String, value: JSONValue) throws {
    try expect(JSONReader.value(Array(text.utf8)), is: value)
  }

  @Test(
    "What it does not",
    arguments: [
      "", "nul", "[1,]", "{\"a\"}", "{a:1}", "01", "1.", ".5", "+1", "\"", "\"\\x\"", "\"\\ud800\"",
      "\"\\ud800\\u0041\"", "\"\t\"", "[1 2]", "{} {}", "[", "{\"a\":1,}", "'a'", "\"\\u00g0\"",
      String(repeating: "[", count: 100_000),
    ])
  func bad(text: String) {
    #expect(throws: JSONError.self) { _ = try JSONReader.value(Array(text.utf8)) }
  }

  @Test("Bytes that are no UTF-8 are refused; base 64 gives them back")
  func bytes() throws {
    #expect(throws: JSONError.self) { _ = try JSONReader.value([0x22, 0xff, 0x22]) }
    for count in 0..<20 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: 0xff - $0 * 7) }
      var text = TextBuffer()
      text.base64(bytes)
      expect(JSONReader.base64(text.text), is: bytes)
    }
    expect(JSONReader.base64("A") == nil && JSONReader.base64("AB=C") == nil)
  }

  @Test("What the writer writes, the reader reads")
  func roundTrip() throws {
    for text: [UInt8] in [[0xff, 0x00], Array("\u{1b}\"\\\u{2028}é".utf8), []] {
      var json = JSONWriter()
      json.bytes(text)
      try expect(JSONReader.value(json.out.pending).bytes, is: text)
    }
  }
}

@Suite("koinspect explain")
struct ExplainRuleTests {
  @Test("Docs/Rules.md is what explain --markdown prints")
  func page() throws {
    let file = Fixtures.folder.deletingLastPathComponent().appending(path: "Docs/Rules.md")
    expect(
      Run(["explain", "--markdown"]).output, is: try String(contentsOf: file, encoding: .utf8))
  }

  @Test("Docs/Kernels.md is what explain --kernels --markdown prints")
  func history() throws {
    let file = Fixtures.folder.deletingLastPathComponent().appending(path: "Docs/Kernels.md")
    expect(
      Run(["explain", "--kernels", "--markdown"]).output,
      is: (try String(contentsOf: file, encoding: .utf8)))
  }

  @Test("Every change of the kernel is explained")
  func changes() {
    for change in KernelChange.all {
      let run = Run(["explain", change.id])
      expect(run.status == 0 && run.output.contains(change.source.prefix(12)))
    }
  }

  @Test("Every rule is explained, and an unknown one is reported with what was meant")
  func rules() {
    for rule in Rule.all {
      let run = Run(["explain", rule.id])
      expect(run.status == 0 && run.output.contains("remedy"))
    }
    let run = Run(["explain", "missing-licence"])
    expect(run.status == 2 && run.errors.contains("did you mean 'missing-license'?"))
    expect(Run(["explain"]).output.split(separator: "\n").count >= Rule.all.count)
  }
}
