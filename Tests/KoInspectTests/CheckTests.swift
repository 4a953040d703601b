import Foundation
import TestSupport
import Testing

@testable import KoInspect

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("koinspect check")
struct CheckTests {
  @Test(
    "Fixtures get exactly their findings",
    arguments: [
      ("hello.ko", [], 0), ("license_missing.ko", ["missing-license"], 1),
      ("license_proprietary.ko", ["proprietary-license"], 1),
      ("license_misspelt.ko", ["unknown-license"], 1),
      ("license_blank.ko", ["unknown-license"], 1), ("license_two.ko", ["mixed-license"], 1),
    ] as [(String, [String], Int32)])
  func findings(name: String, rules: [String], status: Int32) throws {
    let human = Run(["check", fixture(name)])
    expect(human.status, is: status)
    try expect(rulesFound(["check", fixture(name)]), is: rules)
    for rule in rules { expect(human.output.contains("[\(rule)]")) }
    for format in CheckFormat.all {
      let run = Run(["check", "--format", format.name, fixture(name)])
      expect(run.status, is: status, "the status is the same for every format")
    }
  }

  /// The ids of the findings that count, in order.
  private func rulesFound(_ arguments: [String]) throws -> [String] {
    let run = Run(arguments + ["--format", "json", "--no-config"])
    return try run.json().flatMap { $0["findings"] as? [[String: Any]] ?? [] }
      .filter { $0["severity"] as? String != "note" }.compactMap { $0["rule"] as? String }
  }

  /// The cases that the issue names, each made from a module that has nothing wrong.
  @Test("Mistakes that slip through builds get exactly the right finding")
  func mistakes() throws {
    let hello = try Fixtures.bytes("hello.ko")
    let signed = try Fixtures.bytes("hello-signed.ko")

    var stripped = hello
    let name = try #require(stripped.firstRange(of: Array(".modinfo\0".utf8)))
    stripped.replaceSubrange(name.lowerBound..<name.lowerBound + 2, with: Array(".x".utf8))
    var changed = try TemporaryFile(stripped)
    try expect(rulesFound(["check", changed.path]), is: ["missing-license"])

    try expect(rulesFound(["check", fixture("license_two.ko")]), is: ["mixed-license"])
    try expect(rulesFound(["check", fixture("license_blank.ko")]), is: ["unknown-license"])

    let file = try TemporaryFile(signed + [0x0a])
    try expect(rulesFound(["check", file.path]), is: ["data-after-signature"])
    var cut = try TemporaryFile(Array(signed.dropLast(28)))
    try expect(rulesFound(["check", cut.path]), is: [])
    let json = Run(["check", "--no-config", "--format", "json", cut.path])
    expect(json.output.contains("\"rule\":\"unsigned\""))
    cut = try TemporaryFile(Array(signed.dropLast(40)) + Array(signed.suffix(28)))
    try expect(rulesFound(["check", cut.path]), is: ["signature-malformed"])

    // The section's last NUL is made a letter.
    let object = try #require(try Run(["sections", "--json", fixture("hello.ko")]).json().first)
    let sections = try #require(object["sections"] as? [[String: Any]])
    let modinfo = try #require(sections.first { $0["name"] as? String == ".modinfo" })
    let end = (modinfo["offset"] as? Int ?? 0) + (modinfo["size"] as? Int ?? 0)
    var unterminated = hello
    unterminated[end - 1] = 0x20
    changed = try TemporaryFile(unterminated)
    try expect(rulesFound(["check", changed.path]), is: ["modinfo-unterminated"])
  }

  @Test("The nearest accepted spelling is suggested")
  func suggestion() {
    expect(
      Run(["check", fixture("license_misspelt.ko")]).output.contains("did you mean 'GPL v2'?"))
  }

  @Test("An unreadable file is status 2, also when there are findings")
  func unreadable() {
    let run = Run(["check", fixture("license_missing.ko"), "/nowhere.ko"])
    expect(run.status, is: 2)
    expect(run.output.contains("[missing-license]"))
  }

  @Test(
    "Wrong options are named, and what was meant",
    arguments: [
      (["--format", "jsn"], "did you mean 'json'?"), (["--format", "xml"], "unknown format 'xml'"),
      (["--fail-on", "all"], "--fail-on is one of"),
      (["--kernel-version", "six"], "is no version"),
      (["--config", "/nowhere.json"], "/nowhere.json"), (["--baseline", "/nowhere"], "/nowhere"),
      (["--reference", "/nowhere.ko"], "/nowhere.ko"),
      (["--cert", "/nowhere.pem"], "/nowhere.pem"),
    ])
  func wrong(options: [String], message: String) {
    let run = Run(["check"] + options + [fixture("hello.ko")])
    expect(run.status, is: 2)
    expect(run.errors.contains(message))
    expect(run.output.isEmpty)
  }

  @Test(
    "--fail-on is inclusive",
    arguments: [
      ("license_misspelt.ko", "error", 0), ("license_misspelt.ko", "warning", 1),
      ("license_missing.ko", "error", 1), ("license_missing.ko", "never", 0),
      ("hello.ko", "warning", 0), ("hello.ko", "note", 1), ("/nowhere.ko", "never", 2),
    ] as [(String, String, Int32)])
  func failOn(name: String, level: String, status: Int32) {
    let path = name.hasPrefix("/") ? name : fixture(name)
    expect(Run(["check", "--fail-on", level, path]).status, is: status)
  }

  @Test("Notes are for those who ask; --quiet prints nothing")
  func notes() {
    let hello = fixture("hello.ko")
    expect(!Run(["check", hello]).output.contains("[unsigned]"))
    expect(Run(["check", "--notes", hello]).output.contains("[unsigned]"))
    let quiet = Run(["check", "-q", fixture("license_missing.ko")])
    expect(quiet.out.isEmpty && quiet.status == 1)
  }

  @Test("Facts of the kernel: a reference module, vermagic, symbols, certificates")
  func host() throws {
    let hello = fixture("hello.ko")
    expect(
      Set(try rulesFound(["check", "--reference", fixture("hello-6.12.ko"), hello])),
      is: ["this-module-size", "this-module-layout", "crc-mismatch"])
    try expect(rulesFound(["check", "--reference", fixture("intree.ko"), hello]), is: [])
    try expect(rulesFound(["check", "--vermagic", "x", hello]), is: ["vermagic-mismatch"])
    let symvers = try TemporaryFile(
      Array("0x1\t_printk\tvmlinux\tEXPORT_SYMBOL\tNS\n".utf8), name: "Module.symvers")
    let found = try rulesFound(["check", "--symvers", symvers.path, hello])
    expect(Set(found), is: ["crc-mismatch", "unresolved-symbol", "namespace-not-imported"])
    // The tree's first module is for Linux 6.12.
    let tree = try TemporaryFile(try Fixtures.bytes("hello-6.12.ko"), name: "a.ko")
    let proprietary = try Fixtures.bytes("exporter.ko")
    try Data(proprietary).write(to: URL(filePath: tree.folder + "/exporter.ko"))
    expect(
      Set(try rulesFound(["check", "--modules", tree.folder, hello])),
      is: ["this-module-size", "this-module-layout", "crc-mismatch"])
    guard Libcrypto() != nil else { return }
    let cert = fixture("hello-signed.x509.der")
    try expect(rulesFound(["check", "--cert", cert, fixture("hello-signed.ko")]), is: [])
    try expect(
      rulesFound(["check", "--cert", cert, fixture("hello-signed-ecdsa.ko")]),
      is: ["signature-unknown-key"])
  }

  @Test("What is written to a file is there in full, or not at all")
  func output() throws {
    let folder = try TemporaryFile([], name: "x").folder
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/report.json"
    let run = Run(["check", "--format", "json", "-o", path, fixture("license_missing.ko")])
    expect(run.status == 1 && run.out.isEmpty)
    try expect(String(contentsOfFile: path, encoding: .utf8).contains("missing-license"))
    try expect(FileManager.default.contentsOfDirectory(atPath: folder), is: ["report.json"])
    expect(Run(["check", "-o", folder + "/no/report", fixture("hello.ko")]).status, is: 2)
    expect(Run(["check", "-o", "/dev/full", fixture("hello.ko")]).status, is: 2)
    expect(Run(["check", "-o", "/dev/null", fixture("hello.ko")]).status, is: 0)
  }
}

/// Names and values that want to be something else in the language of each format.
@Suite("check: formats and hostile text")
struct CheckFormatTests {
  private static let texts = [
    "\u{1b}[31mred", "a\nb\r::error::pwned", "::error file=x::y", "]]>", "<x y='\"&'>",
    "\"}],", "100%", "\u{202e}evil", "a\u{2028}b", "C:\\x,y:z", "\u{feff}\u{fffe}",
  ]

  /// A folder of modules whose licences and file names are hostile.
  private static func folder() throws -> TemporaryFile {
    let first = try TemporaryFile(ELFBuilder.module(modinfo: []).build(), name: "plain.ko")
    for (index, text) in texts.enumerated() {
      let name = text.replacingOccurrences(of: "/", with: "_")
      let bytes = ELFBuilder.module(modinfo: ["license=\(text)", "intree=Y"]).build()
      let path = "\(first.folder)/\(index)\(name).ko"
      try Data(bytes).write(to: URL(filePath: path))
    }
    var builder = ELFBuilder()
    builder.section(".modinfo", Array("license=".utf8) + [0xff, 0xc3, 0x28, 0])
    builder.thisModule("raw")
    try Data(builder.build()).write(to: URL(filePath: first.folder + "/raw.ko"))
    try Data("no module".utf8).write(to: URL(filePath: first.folder + "/broken.ko"))
    return first
  }

  private static func run(_ format: String, _ folder: String) -> Run {
    Run(["check", "--no-config", "--format", format, folder])
  }

  @Test("No format lets a control character through", arguments: CheckFormat.all.map(\.name))
  func harmless(format: String) throws {
    let folder = try Self.folder()
    let run = Self.run(format, folder.folder)
    expect(run.status, is: 2)
    for scalar in run.output.unicodeScalars {
      expect(scalar == "\n" || scalar.value >= 0x20 && scalar.value != 0x7f)
      expect(!(0x80...0x9f).contains(scalar.value))
      expect(scalar != "\u{202e}" || format == "json")
      expect(scalar != "\u{2028}")
    }
    expect(!run.output.contains("\n::error::pwned"))
  }

  @Test("SARIF: one run, rules with help, relative places, stable fingerprints")
  func sarif() throws {
    let folder = try Self.folder()
    let first = Self.run("sarif", folder.folder)
    let object = try #require(try first.json().first)
    expect(object["version"] as? String, is: "2.1.0")
    let run = try #require((object["runs"] as? [[String: Any]])?.first)
    let tool = try #require(run["tool"] as? [String: Any])
    let driver = try #require(tool["driver"] as? [String: Any])
    let rules = try #require(driver["rules"] as? [[String: Any]])
    let results = try #require(run["results"] as? [[String: Any]])
    expect(results.count > Self.texts.count)
    for result in results {
      let index = try #require(result["ruleIndex"] as? Int)
      expect(rules[index]["id"] as? String, is: result["ruleId"] as? String)
      expect(["error", "warning", "note"].contains(result["level"] as? String))
      let place = try #require((result["locations"] as? [[String: Any]])?.first)
      let physical = try #require(place["physicalLocation"] as? [String: Any])
      let artifact = try #require(physical["artifactLocation"] as? [String: Any])
      expect(URL(string: try #require(artifact["uri"] as? String)) != nil)
      expect((physical["region"] as? [String: Any])?["startLine"] as? Int, is: 1)
    }
    let prints = results.compactMap { $0["partialFingerprints"] as? [String: String] }
    expect(prints.count, is: results.count)
    expect(Set(prints.compactMap { $0["primaryLocationLineHash"] }).count, is: results.count)
    let invocation = try #require((run["invocations"] as? [[String: Any]])?.first)
    expect(invocation["executionSuccessful"] as? Bool, is: false, "broken.ko is no module")
    let reported = try #require(invocation["toolExecutionNotifications"] as? [[String: Any]])
    expect(reported.count == 1 && "\(reported)".contains("broken.ko"))
    for rule in rules { expect((rule["helpUri"] as? String)?.hasPrefix("https://"), is: true) }
    expect(Self.run("sarif", folder.folder).output, is: first.output)
  }

  @Test("Places below the working directory are relative, others are not")
  func places() {
    let outcome = CheckOutcome(
      modules: [], unread: [], leftOut: [], workingDirectory: Array("/work".utf8))
    expect(outcome.reference(Array("/work/a b/x.ko".utf8)), is: "a%20b/x.ko")
    expect(outcome.reference(Array("./x.ko".utf8)), is: "x.ko")
    expect(outcome.reference(Array("/workshop/x.ko".utf8)), is: "file:///workshop/x.ko")
    expect(outcome.reference([0xff, 0x3a]), is: "%FF%3A")
  }

  @Test("GitLab: an array of issues with what it needs")
  func gitlab() throws {
    let folder = try Self.folder()
    let data = Data(Self.run("gitlab", folder.folder).out)
    let issues = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
    expect(issues.count > Self.texts.count)
    for issue in issues {
      expect(issue["description"] is String && issue["check_name"] is String)
      expect(
        ["info", "minor", "major", "critical", "blocker"].contains(issue["severity"] as? String))
      let location = try #require(issue["location"] as? [String: Any])
      expect(location["path"] is String)
      expect((location["lines"] as? [String: Any])?["begin"] as? Int, is: 1)
    }
    let prints = issues.compactMap { $0["fingerprint"] as? String }
    expect(Set(prints).count, is: issues.count)
  }

  @Test("JUnit: well-formed XML, a test case a module, failures counted")
  func junit() throws {
    let folder = try Self.folder()
    let counter = XMLCounter()
    let parser = XMLParser(data: Data(Self.run("junit", folder.folder).out))
    parser.delegate = counter
    expect(parser.parse())
    expect(counter.elements["testcase"], is: Self.texts.count + 3)
    expect(counter.attributes["testsuite.tests"], is: "\(Self.texts.count + 3)")
    expect(counter.attributes["testsuite.errors"], is: "1")
    expect(counter.attributes["testsuite.failures"], is: "\(counter.elements["failure"] ?? 0)")
  }

  @Test("GitHub: ten annotations of a level, the rest in the log; no command is injected")
  func github() throws {
    let folder = try Self.folder()
    let lines = Self.run("github", folder.folder).output.split(separator: "\n")
    let commands = lines.filter { $0.hasPrefix("::") }
    for line in commands {
      expect(line.firstMatch(of: /^::(error|warning) file=[^,:]*,title=[^,:]*::/) != nil)
    }
    expect(commands.contains { $0.hasPrefix("::error file=") && $0.contains("broken.ko") })
    expect(commands.count { $0.hasPrefix("::warning") }, is: 10)
    expect(lines.contains { $0.hasPrefix("koinspect: warning: ") }, "the eleventh is in the log")
    expect(lines.last?.contains("notes (--notes shows them), 1 problem of reading"), is: true)
  }

  private final class XMLCounter: NSObject, XMLParserDelegate {
    var elements: [String: Int] = [:]
    var attributes: [String: String] = [:]

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes found: [String: String]
    ) {
      elements[name, default: 0] += 1
      for (key, value) in found { attributes["\(name).\(key)"] = value }
    }
  }

  @Test(
    "Versions of which nothing is known are reported, when they are named",
    arguments: [
      ("3.4", 1), ("3.4-6.1", 1), ("3.4-7.5", 2), ("3.10", 0), ("-6.1", 0), ("5.15", 0),
      ("6.1-", 0),
    ])
  func unknownVersions(range: String, count: Int) {
    let run = Run(["check", "--no-config", "--kernel-version", range, fixture("hello.ko")])
    expect(
      run.errors.split(separator: "\n").filter { $0.contains("is not known") }.count, is: count)
  }
}
