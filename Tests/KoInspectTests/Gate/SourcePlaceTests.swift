import Foundation
import TestSupport
import Testing

@testable import ELFKit
@testable import KoInspect

/// Reports show a finding at the line of the source that debug information names, when that file is here.
@Suite("Findings at lines of the source")
final class SourcePlaceTests {
  /// As long as the folder that the module was built in, `/tmp/stack`.
  private let folder = "/tmp/k" + UUID().uuidString.prefix(4)
  private let module: TemporaryFile
  private let list: TemporaryFile

  init() throws {
    let packed = try Fixtures.bytes("traces/6.1/stack.ko.xz")
    var bytes = try Compression.xz.decompress(ByteSlice(packed), Input.Limits())
    let old = Array("/tmp/stack".utf8)
    let new = Array(folder.utf8)
    for start in bytes.indices where bytes[start...].starts(with: old) {
      bytes.replaceSubrange(start..<start + old.count, with: new)
    }
    module = try TemporaryFile(bytes, name: "stack.ko")
    // A list in which one symbol stands that the module uses.
    list = try TemporaryFile(Array("_printk\n".utf8), name: "stable")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func writeSource() throws {
    try Data("// the source\n".utf8).write(to: URL(filePath: "\(folder)/stack.c"))
  }

  private func check(_ format: String, workspace: String? = nil) -> Run {
    Run(
      ["check", "--kabi-list", list.path, "--format", format, module.path],
      variables: workspace.map { ["GITHUB_WORKSPACE": $0] } ?? [:])
  }

  @Test("GitHub: the line of the first use of a symbol, and which module it is about")
  func github() throws {
    try writeSource()
    let lines = check("github", workspace: folder).output.split(separator: "\n")
    // From Fixtures/traces/stack.c.
    for (symbol, line) in [("dump_stack", 9), ("__dynamic_pr_debug", 19)] {
      let found = lines.filter { $0.contains("'\(symbol)' is not in the list") }
      let start = "::warning file=stack.c,line=\(line),title=koinspect%3A outside-kabi-list::"
      expect(found.count == 1 && found[0].hasPrefix(start + module.path + ": "), "\(found)")
    }
  }

  @Test("A file that is not here, or lies elsewhere, is not named: the module is")
  func elsewhere() throws {
    let module = "::warning file=\(self.module.path),title"
    // The folder is there, the file is not.
    expect(check("github", workspace: folder).output.contains(module))
    try writeSource()
    expect(check("github").output.contains(module))
    expect(check("github", workspace: "/tmp/nowhere").output.contains(module))
    // A link out of the folder.
    try FileManager.default.removeItem(atPath: "\(folder)/stack.c")
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder)/stack.c", withDestinationPath: "/etc/hostname")
    let linked = check("github", workspace: folder).output
    expect(linked.contains(module) && !linked.contains("line="))
  }

  @Test("SARIF and GitLab: the same place; the module beside it")
  func reports() throws {
    try writeSource()
    let sarif = try #require(try check("sarif", workspace: folder).json().first)
    let results = ((sarif["runs"] as? [[String: Any]])?[0]["results"] as? [[String: Any]]) ?? []
    let found = results.filter { ($0["ruleId"] as? String) == "outside-kabi-list" }
    expect(found.count, is: 4)
    for result in found {
      let place = try #require((result["locations"] as? [[String: Any]])?.first)
      let file = place["physicalLocation"] as? [String: Any]
      expect((file?["artifactLocation"] as? [String: Any])?["uri"] as? String, is: "stack.c")
      let line = (file?["region"] as? [String: Any])?["startLine"] as? Int ?? 0
      expect(line > 1)
      let related = try #require((result["relatedLocations"] as? [[String: Any]])?.first)
      let other = related["physicalLocation"] as? [String: Any]
      let uri = (other?["artifactLocation"] as? [String: Any])?["uri"] as? String
      expect(uri, is: "file://" + module.path)
    }
    let gitlab = try #require(
      JSONSerialization.jsonObject(with: Data(check("gitlab", workspace: folder).out))
        as? [[String: Any]])
    let issue = try #require(
      gitlab.first { ($0["description"] as? String)?.contains("'dump_stack'") == true })
    let location = try #require(issue["location"] as? [String: Any])
    expect(location["path"] as? String, is: "stack.c")
    expect((location["lines"] as? [String: Any])?["begin"] as? Int, is: 9)
    // What tells one finding from another does not change with what is known of its place.
    let bare = try #require(
      JSONSerialization.jsonObject(with: Data(check("gitlab").out)) as? [[String: Any]])
    expect(
      Set(bare.compactMap { $0["fingerprint"] as? String }),
      is: Set(gitlab.compactMap { $0["fingerprint"] as? String }))
  }

  @Test("Without debug information nothing is named; what is about a section has no line")
  func none() throws {
    let stripped = try Compression.xz.decompress(
      ByteSlice(try Fixtures.bytes("traces/6.1/stack-stripped.ko.xz")), Input.Limits())
    var sources = FindingSources(KernelModule(try ELFImage(stripped)))
    let symbol = Finding.outsideList("dump_stack")
    expect(sources.places(of: symbol).isEmpty)
    var whole = FindingSources(
      KernelModule(try ELFImage(try Data(contentsOf: URL(filePath: module.path)).map { $0 })))
    expect(whole.places(of: symbol).map { $0.line }, is: [9])
    expect(whole.places(of: symbol).first?.path, is: Array("\(folder)/stack.c".utf8))
    expect(whole.places(of: Finding.outsideList("nobody_needs_this")).isEmpty)
    expect(whole.places(of: Finding.aboutText).isEmpty)
  }
}

extension Finding {
  fileprivate static func outsideList(_ symbol: String) -> Finding {
    Finding(
      rule: "outside-kabi-list", severity: .warning, message: "",
      subject: ByteSlice(Array(symbol.utf8)),
      section: nil, offset: nil)
  }

  /// About all of `.text`, whose first bytes have a line.
  fileprivate static let aboutText = Finding(
    rule: "wx-section", severity: .error, message: "", subject: ".text", section: ".text",
    offset: 0x40)
}
