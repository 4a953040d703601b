import Foundation
import TestSupport
import Testing

@testable import KoInspect

/// What Docs/Lies.md says about modules that show something else than they are.
@Suite("Ten ways a module lies to modinfo")
struct LiesTests {
  @Test(
    "check tells",
    arguments: [
      ("lies/newline.ko", [], "misleading-text"), ("license_blank.ko", [], "unknown-license"),
      ("lies/license_order.ko", [], "proprietary-license"),
      ("lies/license_order.ko", [], "mixed-license"), ("lies/names.ko", [], "name-mismatch"),
      ("lies/vermagic_twice.ko", [], "duplicate-modinfo-tag"),
      ("lies/param_type.ko", [], "param-type-mismatch"),
      ("lies/not_loaded.ko", [], "modinfo-not-loaded"),
      ("lies/two_modinfo.ko", ["--kernel-version", "6.12"], "multiple-modinfo"),
      ("lies/after_signature.ko", [], "data-after-signature"),
    ] as [(String, [String], String)])
  func check(name: String, options: [String], rule: String) throws {
    let run = Run(["check", "--no-config", "--format", "json"] + options + [fixture(name)])
    let findings = try #require(run.json().first?["findings"] as? [[String: Any]])
    let found = findings.filter { $0["severity"] as? String != "note" }
    expect(found.contains { $0["rule"] as? String == rule })
    expect(run.status, is: 1)
  }

  @Test("No line of the description becomes a field")
  func newline() {
    let show = Run(["show", fixture("lies/newline.ko")])
    expect(!show.output.contains("\nsigner:"))
    expect(show.output.contains("harmless\\x0asigner:"))
  }

  @Test(
    "preflight tells what the kernel makes of it",
    arguments: [
      ("lies/intree_no.ko", "loads", "E"), ("lies/not_loaded.ko", "loads", "PFOE"),
      ("lies/license_order.ko", "loads", "POE"), ("license_blank.ko", "loads", "POE"),
    ])
  func taints(name: String, verdict: String, taints: String) throws {
    let target = fixture("debian-6.1.0-56-amd64.json")
    let run = Run(["preflight", "--json", "--kernel", target, fixture(name)])
    let object = try #require(try run.json().first)
    expect(object["verdict"] as? String, is: verdict)
    expect(object["taints"] as? String, is: taints)
  }

  @Test("A signature that does not fit is none")
  func tampered() {
    let certificate = fixture("hello-signed.x509.der")
    expect(Run(["verify", "--cert", certificate, fixture("lies/tampered.ko")]).status, is: 1)
    expect(Run(["verify", "--cert", certificate, fixture("hello-signed.ko")]).status, is: 0)
  }

  @Test("Every module of the page is there, and every module that is there is on the page")
  func page() throws {
    let page = Fixtures.folder.deletingLastPathComponent().appending(path: "Docs/Lies.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    for name in Fixtures.modules where name.hasPrefix("lies/") {
      expect(text.contains("`\(name.dropFirst(5))`"), "\(name)")
    }
  }
}
