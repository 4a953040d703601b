import ELFKit
import Foundation
import TestSupport
import Testing

@testable import KoInspect

@Suite("report")
struct ReportTests {
  /// Names and texts that would be markup, commands or tricks elsewhere.
  static let nasty =
    "<script>alert(1)</script>\"'&<img src=x onerror=alert(2)>\u{1b}[31m\u{9b}\u{202e}x\u{2028}</style>\n]]>"

  private func hostile(_ name: String) -> [UInt8] {
    var builder = ELFBuilder()
    let entries = [
      "license", "description", "author", "version", "vermagic", "depends", "firmware", "alias",
      "softdep", "srcversion", "import_ns", "parm",
    ].map { "\($0)=\(Self.nasty)" }
    var strings: [UInt8] = []
    for entry in entries { strings += Array(entry.utf8) + [0] }
    builder.section(".modinfo", strings + Array("firmware=\u{0}author=J".utf8) + [0xf6, 0xff, 0])
    builder.section(Self.nasty, flags: 6, [UInt8](repeating: 0x90, count: 64))
    builder.thisModule(name)
    builder.symbol(Self.nasty)
    builder.symbol(Self.nasty, section: 2, size: 64, type: 2)
    return builder.build()
  }

  private func expectHarmless(_ page: String) {
    let markup = PageMarkup(page)
    expect(markup.problems, is: [])
    expect(markup.elements.count { $0.name == "script" }, is: 1)
    expect(markup.elements.count { $0.name == "style" }, is: 1)
    for element in markup.elements {
      expect(element.name != "img")
      expect(!element.attributes.contains("onerror=alert"), "\(element)")
    }
    for scalar in page.unicodeScalars where scalar != "\n" {
      expect(scalar.properties.generalCategory != .control)
      expect(scalar != "\u{202e}" && scalar != "\u{2028}")
    }
    expect(!page.unicodeScalars.contains("\u{fffd}"))
  }

  @Test("Texts of a module never become markup, on its page or among others")
  func hostileNames() throws {
    let tree = try ModuleTree()
    try tree.write("a<b>\"'&.ko", hostile("<b>\"'&"))
    let one = Run(["report", tree.path + "/a<b>\"'&.ko"])
    expect(one.output.contains("&lt;script&gt;alert(1)"))
    expect(one.output.contains("\\x1b[31m"))
    expect(one.output.contains("J\\xf6\\xff"))
    expectHarmless(one.output)
    try tree.write("b.ko", hostile("b"))
    let many = Run(["report", tree.path])
    expect(many.output.contains("&lt;script&gt;alert(1)"))
    expectHarmless(many.output)
  }

  @Test(
    "A page may run its own script and style, and nothing else", .enabled(if: SHA256() != nil))
  func policy() throws {
    let page = Run(["report", fixture("hello.ko")]).output
    let markup = PageMarkup(page)
    let policy = try #require(
      markup.elements.first { $0.attributes.contains("Content-Security-Policy") }
    ).attributes.replacingOccurrences(of: "&#39;", with: "'")
    for name in ["style", "script"] {
      let content = try #require(PageMarkup.content(of: name, in: page))
      let digest = try #require(SHA256()?.digest(of: ByteSlice(Array(content.utf8))))
      expect(policy.contains("\(name)-src 'sha256-\(Data(digest).base64EncodedString())'"))
    }
    expect(policy.contains("default-src 'none'") && !policy.contains("unsafe"))
  }

  @Test("Nothing on a page leads out of it", arguments: [false, true])
  func selfContained(isTree: Bool) throws {
    let path = isTree ? Fixtures.path("pairs") : fixture("hello.ko")
    let page = Run(["report", path]).output
    expect(!page.contains("://"))
    expect(!page.contains("url("))
    expect(!page.contains("@import"))
    for element in PageMarkup(page).elements {
      expect(!element.attributes.contains("src="), "\(element)")
      expect(!element.attributes.contains("style="), "\(element)")
      guard let link = element.attributes.range(of: "href=\"") else { continue }
      expect(element.attributes[link.upperBound...].hasPrefix("#"), "\(element)")
    }
  }

  @Test("The page of a module has all of its parts, and each link leads to one")
  func module() throws {
    let run = Run(["report", fixture("hello.ko")])
    expect(run.status, is: 0)
    let markup = PageMarkup(run.output)
    expect(markup.problems, is: [])
    let sections = markup.elements.filter { $0.name == "section" }.map { $0.attributes }
    expect(
      sections,
      is: [
        "id=identity", "id=findings", "id=loading", "id=sizes", "id=parameters", "id=imports",
      ])
    for text in [
      "<h1>hello <small>1.0</small></h1>", "Greets whoever it is told to", "hello_init",
      "Whom to greet", "no &#39;intree&#39; tag",
    ] {
      expect(run.output.contains(text), "\(text)")
    }
    expect(markup.elements.filter { $0.name == "svg" }.count >= 2)
    expectLinks(markup, run.output)
  }

  private func expectLinks(_ markup: PageMarkup, _ page: String) {
    for element in markup.elements {
      guard let start = element.attributes.range(of: "href=\"#") else { continue }
      let id = element.attributes[start.upperBound...].prefix { $0 != "\"" }
      expect(markup.elements.contains { $0.attributes.contains("id=\(id)") }, "\(id)")
    }
  }

  @Test("With a kernel the page says how it would load the module, and who offers what it needs")
  func kernel() throws {
    let run = Run([
      "report", "--kernel", fixture("debian-6.1.0-56-amd64.json"), fixture("hello.ko"),
    ])
    expect(run.status, is: 0)
    expect(run.output.contains("on Linux 6.1.0-56-amd64: loads, taints OE"))
  }

  @Test("Of a directory the page has sums, who needs whom, and a row a module")
  func tree() throws {
    let tree = try ModuleTree()
    try tree.add("kernel/a.ko", offers: ["a_do"], ["description=The first", "firmware=x.bin"])
    try tree.add("kernel/b.ko", needs: ["a_do"], ["firmware=x.bin", "alias=pci:v*"])
    try tree.add("kernel/sub/c.ko", needs: ["a_do"])
    let run = Run(["report", tree.path])
    expect(run.status, is: 0)
    let markup = PageMarkup(run.output)
    expect(markup.problems, is: [])
    expect(run.output.contains("<h1>3 modules</h1>"))
    expect(
      markup.elements.filter { $0.attributes.hasPrefix("id=m") && $0.name == "tr" }.count, is: 3)
    expect(run.output.contains("needed by 2"))
    expect(run.output.contains("1 file that 2 modules may ask for"))
    expect(
      run.output.contains(
        "<td class=name>x.bin</td><td><a href=\"#m0\">a</a>, <a href=\"#m1\">b</a>"))
    expectLinks(markup, run.output)
    // All are alike in these, and so no column says it.
    expect(!run.output.contains(">Kernel</th>") && !run.output.contains(">Licence</th>"))
  }

  @Test("The same modules give the same bytes")
  func deterministic() {
    let path = Fixtures.path("pairs")
    expect(Run(["report", path]).out, is: Run(["report", path]).out)
  }

  @Test("What cannot be read stands on the page and in the status, and no page is lost for nothing")
  func unreadable() throws {
    let tree = try ModuleTree()
    try tree.add("a.ko")
    try tree.write("b.ko", "no module")
    let partly = Run(["report", tree.path])
    expect(partly.status, is: 2)
    expect(partly.output.contains("Not everything could be read"))
    expect(partly.output.contains("b.ko"))

    let page = tree.path + "/page.html"
    let empty = Run(["report", tree.path + "/b.ko", "-o", page])
    expect(empty.status, is: 2)
    try expect(String(contentsOfFile: page, encoding: .utf8).contains("Nothing could be read"))
    try tree.write("page.html", "an old page")
    let second = Run(["report", tree.path + "/b.ko", "-o", page])
    expect(second.status == 2 && second.errors.contains("left as it was"))
    try expect(String(contentsOfFile: page, encoding: .utf8), is: "an old page")
    expect(Run(["report", tree.path + "/a.ko", "-o", page]).status, is: 0)
    try expect(String(contentsOfFile: page, encoding: .utf8).contains("<h1>a"))
  }

  @Test("A page is no file that is read, and nothing for a terminal")
  func output() throws {
    let tree = try ModuleTree()
    try tree.add("a.ko")
    let same = Run(["report", tree.path + "/a.ko", "-o", tree.path + "/a.ko"])
    expect(same.status == 2 && same.errors.contains("one of the files that the run reads"))
    let terminal = Run(["report", tree.path + "/a.ko"], isTerminal: true)
    expect(terminal.status == 2 && terminal.errors.contains("-o PAGE.html"))
    expect(Run(["report"]).status, is: 2)
  }

  @Test("A module cannot make its page much longer than itself")
  func bounded() throws {
    let long = String(repeating: "x", count: 1 << 20)
    var builder = ELFBuilder.module(
      "long", modinfo: ["license=GPL", "description=\(long)", "version=\(long)"])
    for number in 0..<5000 { builder.symbol("symbol_\(number)") }
    let file = try TemporaryFile(builder.build())
    let run = Run(["report", file.path])
    expect(run.out.count < 1 << 20)
    expect(run.output.contains("and 2000 more"))
    expect(Run(["report", file.folder]).out.count < 1 << 16)
  }
}

@Suite("report --diff")
struct ReportDiffTests {
  @Test("Of two builds the page begins with the answer of diff and has its changes")
  func pair() throws {
    let (old, new) = (Fixtures.path("pairs/base.ko"), Fixtures.path("pairs/constant.ko"))
    let run = Run(["report", "--diff", old, new])
    expect(run.status, is: 0)
    let markup = PageMarkup(run.output)
    expect(markup.problems, is: [])
    let answer = Run(["diff", old, new]).output.split(separator: "\n")[0]
    expect(run.output.contains("<p class=lead>\(answer)</p>"))
    expect(markup.elements.contains { $0.attributes == "id=code" })
  }

  @Test("Of two trees the page counts as diff does, with a row for each module that both have")
  func trees() throws {
    let (old, new) = (try ModuleTree(), try ModuleTree())
    for name in ["a", "b"] { try old.add("\(name).ko", offers: ["\(name)_do"]) }
    try new.add("a.ko", offers: ["a_do"])
    try new.add("c.ko", offers: ["<i>"])
    let run = Run(["report", "--diff", old.path, new.path])
    expect(run.status, is: 0)
    let markup = PageMarkup(run.output)
    expect(markup.problems, is: [])
    expect(run.output.contains("<h1>1 module compared</h1>"))
    expect(markup.elements.count { $0.attributes == "data-verdict=\"identical\"" }, is: 1)
    expect(run.output.contains("<li class=path>c.ko</li>"))
    expect(run.output.contains("<li class=path>b.ko</li>"))
  }

  @Test("What cannot be compared is said, on the page and in the status")
  func unreadable() throws {
    let (old, new) = (try ModuleTree(), try ModuleTree())
    for tree in [old, new] { try tree.add("a.ko") }
    try old.add("b.ko")
    try new.write("b.ko", "no module")
    let run = Run(["report", "--diff", old.path, new.path])
    expect(run.status == 2 && run.output.contains("Not everything could be compared"))
    expect(Run(["report", "--diff", old.path]).status, is: 2)
    expect(Run(["report", "--diff", old.path, new.path + "/a.ko"]).status, is: 2)
    expect(Run(["report", "--diff", "--format", "spdx", old.path, new.path]).status, is: 2)
  }
}

@Suite("Findings on a page")
struct ReportFindingsTests {
  @Test("They are those of check, certificates among what they rest on", arguments: [false, true])
  func asCheck(hasCertificate: Bool) throws {
    let path = fixture("hello.ko")
    let options = hasCertificate ? ["--cert", fixture("hello-signed.x509.der")] : []
    let page = Run(["report"] + options + [path]).output
    let check = try Run(["check", "--no-config", "--format", "json"] + options + [path]).json()
    let findings = try #require(check.first?["findings"] as? [[String: Any]])
    expect(!findings.isEmpty)
    for finding in findings {
      let (rule, severity) = (finding["rule"] as? String, finding["severity"] as? String)
      let row = page.components(separatedBy: "<tr>").first { $0.contains(">\(rule ?? "?")</td>") }
      expect(row?.contains(">\(severity ?? "?")</span>"), is: true, "\(finding)")
    }
    let count = page.components(separatedBy: "mono nowrap\">").count - 1
    expect(count, is: findings.count)
  }
}
