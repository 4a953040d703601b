import ELFKit
import Foundation
import TestSupport
import Testing

@testable import KoInspect

/// Ways in which a module passed a check that did not look at it, or not at all of it.
@Suite("check: nothing passes unseen")
struct GateTests {
  @Test(
    "--only license is the gate for MODULE_LICENSE",
    arguments: [
      ("hello.ko", 0), ("license_missing.ko", 1), ("license_misspelt.ko", 1),
      ("license_blank.ko", 1), ("license_two.ko", 1), ("license_proprietary.ko", 1),
    ] as [(String, Int32)])
  func gate(name: String, status: Int32) {
    expect(Run(["check", "--only", "license", fixture(name)]).status, is: status)
  }

  @Test("Every rule has a group; words that are neither rule nor group are errors")
  func groups() {
    expect(Rule.all.allSatisfy { Rule.groups.contains($0.group) })
    let module = fixture("license_missing.ko")
    expect(Run(["check", "--ignore", "license", module]).status, is: 0)
    expect(Run(["check", "--only", "signature,missing-license", module]).status, is: 1)
    expect(Run(["check", "--severity", "missing-license=note", module]).status, is: 0)
    expect(
      Run(["check", "--severity", "unsigned=error", "--only", "unsigned", fixture("hello.ko")])
        .status, is: 1)
    let wrong = [
      ["--only", "licence"], ["--only", ""], ["--ignore", "all"], ["--severity", "unsigned"],
      ["--severity", "unsigned=fatal"], ["--only", "license", "--severity", "unsigned=error"],
      ["--only", "license", "--ignore", "license"],
    ]
    for options in wrong { expect(Run(["check"] + options + [fixture("hello.ko")]).status, is: 2) }
    expect(
      Run(["check", "--only", "licence", module]).errors.contains("did you mean 'license'?"))
  }

  @Test("A licence that kernels do not see does not pass the gate; it does where all of them look")
  func unseenLicense() {
    let gate = ["check", "--only", "license", fixture("lies/not_loaded.ko")]
    expect(Run(gate).status, is: 1)
    expect(Run(gate + ["--kernel-version", "6.12"]).status, is: 0)
  }

  @Test("--accept-license permits one more text, and no other")
  func acceptLicense() {
    let accept = ["check", "--only", "license", "--accept-license"]
    expect(Run(accept + ["Proprietary", fixture("license_proprietary.ko")]).status, is: 0)
    expect(Run(accept + ["Proprietary", fixture("license_misspelt.ko")]).status, is: 1)
    expect(Run(accept + ["GPLv2", fixture("license_misspelt.ko")]).status, is: 0)
    for nothing in ["", " "] {
      let run = Run(accept + [nothing, fixture("hello.ko")])
      expect(run.status == 2 && run.errors.contains("names no licence"))
    }
  }

  @Test(
    "An empty list, or one of blank lines, is status 2",
    arguments: ["check", "show", "preflight", "verify"], ["", "\n\n", " \t\r\n", "\0\0"])
  func emptyList(command: String, text: String) throws {
    let list = try TemporaryFile(Array(text.utf8), name: "list")
    var arguments = [command, "--files-from", list.path]
    if command == "verify" { arguments += ["--cert", fixture("hello-signed.x509.der")] }
    if command == "preflight" {
      arguments += ["--kernel", fixture("debian-6.1.0-56-amd64.json")]
    }
    let run = Run(arguments)
    expect(run.status, is: 2)
    expect(run.errors.contains("names no file") || command == "verify" && Libcrypto() == nil)
  }

  @Test("What could not be read is said in every format", arguments: CheckFormat.all.map(\.name))
  func unreadable(format: String) throws {
    let run = Run(["check", "--format", format, fixture("hello.ko"), "/nowhere.ko"])
    expect(run.status, is: 2)
    expect(run.output.contains(format == "human" ? "1 could not be read" : "nowhere.ko"))
    if format == "sarif" { expect(run.output.contains("\"executionSuccessful\":false")) }
    if format == "junit" { expect(run.output.contains("errors=\"1\"")) }
    let empty = try TemporaryFile([], name: "list")
    let nothing = Run(["check", "--format", format, "--files-from", empty.path])
    expect(nothing.status, is: 2)
    expect(nothing.output.contains(format == "human" ? "could not be read" : "list"))
  }

  @Test(
    "What describes the kernel and cannot be read is said in every format, and keeps the baseline",
    arguments: CheckFormat.all.map(\.name))
  func unreadableKernel(format: String) throws {
    let symvers = try TemporaryFile(Array("no list".utf8), name: "broken.symvers")
    let member = try TemporaryFile([0x7f, 0x45, 0x4c, 0x46], name: "broken.ko")
    let baseline = try TemporaryFile(Array("good".utf8), name: "baseline.json")
    for (option, path, name) in [
      ("--symvers", symvers.path, "broken.symvers"), ("--modules", member.folder, "broken.ko"),
    ] {
      let options = ["check", "--no-config", "--format", format, option, path]
      let run = Run(options + [fixture("hello.ko")])
      expect(run.status, is: 2)
      expect(run.output.contains(format == "human" ? "1 could not be read" : name), "\(option)")
      if format == "sarif" { expect(run.output.contains("\"executionSuccessful\":false")) }
      if format == "junit" { expect(run.output.contains("errors=\"1\"")) }
      let write = Run(options + ["--write-baseline", baseline.path, fixture("hello.ko")])
      expect(write.status, is: 2)
      try expect(String(contentsOfFile: baseline.path, encoding: .utf8), is: "good")
    }
  }

  @Test(
    "A run that cannot begin says in every format that nothing was checked, and spoils no report",
    arguments: CheckFormat.all.map(\.name))
  func cannotBegin(format: String) throws {
    let config = try TemporaryFile(Array("{".utf8), name: "broken.json")
    let options = ["check", "--format", format, "--config", config.path]
    let run = Run(options + [fixture("hello.ko")])
    expect(run.status, is: 2)
    expect(run.output.contains("not checked: "), is: format != "human")
    expect(run.errors.contains("broken.json"))
    if format == "sarif" { expect(run.output.contains("\"executionSuccessful\":false")) }
    if format == "junit" { expect(run.output.contains("errors=\"1\"")) }
    let new = config.folder + "/new"
    expect(Run(options + ["-o", new, fixture("hello.ko")]).status, is: 2)
    let written = try String(contentsOfFile: new, encoding: .utf8)
    expect(written.contains(format == "human" ? "nothing was looked at" : "not checked: "))
    let old = try TemporaryFile(Array("good".utf8), name: "report")
    expect(Run(options + ["-o", old.path, fixture("hello.ko")]).status, is: 2)
    try expect(String(contentsOfFile: old.path, encoding: .utf8), is: "good")
    expect(Run(options + ["-q", fixture("hello.ko")]).output.isEmpty)
  }

  @Test(
    "--quiet prints nothing in any format, and spoils no report",
    arguments: CheckFormat.all.map(\.name))
  func quiet(format: String) throws {
    let module = fixture("license_missing.ko")
    let run = Run(["check", "-q", "--format", format, module])
    expect(run.out.isEmpty && run.status == 1)
    let report = try TemporaryFile([], name: "report")
    expect(Run(["check", "-q", "--format", format, "-o", report.path, module]).status, is: 1)
    try expect(String(contentsOfFile: report.path, encoding: .utf8).contains("missing-license"))
  }

  @Test("Modules behind links are counted, not followed in silence")
  func links() throws {
    let module = try TemporaryFile(try Fixtures.bytes("hello.ko"), name: "hello.ko")
    let link = module.folder + "/link.ko"
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: fixture("license_missing.ko"))
    let run = Run(["check", module.folder])
    expect(run.errors.contains("1 link or special file left out"))
    expect(Run(["check", link]).status, is: 1)
  }

  @Test("Links called build and source are reported, but those of /lib/modules/RELEASE")
  func buildLinks() throws {
    let module = try TemporaryFile(try Fixtures.bytes("hello.ko"), name: "hello.ko")
    let other = try TemporaryFile(try Fixtures.bytes("license_missing.ko"), name: "bad.ko")
    for name in ["build", "source"] {
      try FileManager.default.createSymbolicLink(
        atPath: module.folder + "/" + name, withDestinationPath: other.folder)
    }
    expect(Run(["check", module.folder]).errors.contains("2 links or special files left out"))
    try Data().write(to: URL(filePath: module.folder + "/modules.order"))
    expect(!Run(["check", module.folder]).errors.contains("left out"))
  }

  @Test("A folder that fails half-way is no folder that ends")
  func folders() throws {
    let file = try TemporaryFile([], name: "a.ko")
    let folder = try FolderReader(Array(file.folder.utf8))
    let other = unsafe open(file.path, O_RDONLY)
    expect(dup2(other, folder.descriptor) >= 0)
    close(other)
    #expect(throws: SystemError.self) { _ = try folder.next() }
    let gone = Array((file.folder + "/gone.ko").utf8)
    #expect(throws: SystemError.self) { try entryKind(UInt8(DT_UNKNOWN), at: gone) }
    try expect(entryKind(UInt8(DT_UNKNOWN), at: Array(file.path.utf8)), is: Int(DT_REG))
  }

  @Test("A stripped signature is an error where certificates are given")
  func strippedSignature() throws {
    guard Libcrypto() != nil else { return }
    let signed = try Fixtures.bytes("hello-signed.ko")
    let marker = Array("~Module signature appended~\n".utf8)
    let end = try #require(signed.firstRange(of: marker)).lowerBound
    let length = signed[(end - 4)..<end].reduce(0) { $0 << 8 | Int($1) }
    let stripped = try TemporaryFile(Array(signed[..<(end - 12 - length)]))
    let options = ["check", "--cert", fixture("hello-signed.x509.der"), "--fail-on", "error"]
    expect(Run(options + [stripped.path]).status, is: 1)
    expect(Run(options + [fixture("hello-signed.ko")]).status, is: 0)
    // Kernels before 3.7 knew no signatures: who gives certificates asks for them all the same.
    expect(Run(options + ["--kernel-version", "3.0", stripped.path]).status, is: 1)
    let target = try TemporaryFile(
      Array("{\"schemaVersion\":1,\"release\":\"3.0.0\"}".utf8), name: "target.json")
    expect(Run(options + ["--kernel", target.path, stripped.path]).status, is: 1)
    expect(Run(options + ["--cmdline", "module.sig_enforce=1", stripped.path]).status, is: 1)
  }

  @Test("A module that was changed after signing is an error where certificates are given")
  func changedAfterSigning() throws {
    guard Libcrypto() != nil else { return }
    var signed = try Fixtures.bytes("hello-signed.ko")
    let text = try #require(signed.firstRange(of: Array("author=".utf8)))
    signed[text.upperBound] ^= 0x20
    let changed = try TemporaryFile(signed)
    let options = ["check", "--cert", fixture("hello-signed.x509.der"), "--fail-on", "error"]
    let run = Run(options + [changed.path])
    expect(run.status == 1 && run.output.contains("signature-bad"))
  }

  @Test("--color has three values, and a kernel that no rule knows is none")
  func smallLies() {
    let hello = fixture("hello.ko")
    for command in ["check", "show", "sections", "symbols", "params"] {
      expect(Run([command, "--color", "foo", hello]).status, is: 2, "\(command)")
      expect(Run([command, "--color", "never", hello]).status, is: 0, "\(command)")
    }
    expect(Run(["check", "--kernel-version", "9.9", hello]).status, is: 2)
    expect(Run(["check", "--kernel-version", "6.1-", hello]).status, is: 0)
  }

  @Test("taint keeps the flags that it does not know")
  func unknownFlags() throws {
    for line in ["Tainted: [Z]=NEW_THING", "Tainted: G                   Z 8.0.0"] {
      let run = Run(["taint", line])
      expect(run.status == 1 && run.output.contains("Z"), "\(line): \(run.output)")
    }
    expect(Run(["taint", "--json", "Tainted: [Z]=NEW"]).output.contains("unknownFlags"))
    let known = Run(["taint", "--json", "Tainted: [O]=OOT_MODULE, [E]=UNSIGNED_MODULE"])
    expect(!known.output.contains("unknownFlags") && known.status == 1)
  }
}
