import Foundation
import TestSupport
import Testing

@testable import ELFKit
@testable import KoInspect

/// What people are told to do, and about what.
@Suite("Advice")
struct AdviceTests {
  private static let packed = fixture("packed/hello-6.12.crc64.ko.xz")

  /// A kernel as a saved target.
  private static func target(_ release: String, _ options: [String]) throws -> TemporaryFile {
    let config = (["MODULES", "X86_64"] + options).map { "\"\($0)\": \"y\"" }.joined(
      separator: ", ")
    let text = "{\"schemaVersion\": 1, \"release\": \"\(release)\", \"config\": {\(config)}}"
    return try TemporaryFile(Array(text.utf8), name: "target.json")
  }

  private static let decompressing = [
    "MODULE_DECOMPRESS", "MODULE_COMPRESS_XZ", "XZ_DEC", "XZ_DEC_X86",
  ]

  private static func preflight(_ arguments: [String]) throws -> [String: Any] {
    try #require(try Run(["preflight", "--json"] + arguments).json().first)
  }

  @Test(
    "Whether the kernel decompresses a module, the distribution's kmod decides",
    arguments: [
      ("6.12.107+deb13-amd64", "crc64", "fails"), ("6.12.107+deb12-amd64", "crc64", "other"),
      ("6.12.107-custom", "crc64", "depends"), ("6.12.107+deb13-amd64", "crc32", "other"),
      ("6.12.107+deb13-amd64", "arm", "fails"),
    ])
  func decompression(release: String, kind: String, verdict: String) throws {
    let target = try Self.target(release, Self.decompressing)
    let file = fixture("packed/hello-6.12.\(kind).ko.xz")
    let object = try Self.preflight(["--kernel", target.path, file])
    let questions = (object["dependsOn"] as? [String])?.joined() ?? ""
    let isStage =
      object["stage"] as? String == "decompression" || questions.contains("who decompresses it")
    expect(isStage, is: verdict != "other", "\(object)")
    guard verdict != "other" else { return }
    expect(
      object["verdict"] as? String,
      is: (verdict == "fails" ? "fails" : object["verdict"] as? String))
    let advice = (object["advice"] as? [String])?.joined() ?? ""
    expect(advice.contains("xz --check=crc32"))
    if verdict == "fails" {
      expect(object["errno"] as? String, is: "EINVAL")
      expect(object["messages"] as? [String], is: ["decompression failed with status 6"])
    }
  }

  @Test("check has a rule for it: an error where the kernel is known to decompress")
  func decompressionRule() throws {
    func severity(_ options: [String], _ file: String) throws -> String? {
      let run = Run(["check", "--no-config", "--format", "json"] + options + [file])
      let findings = try #require(run.json().first?["findings"] as? [[String: Any]])
      return findings.first { $0["rule"] as? String == "compressed-unsupported" }?["severity"]
        as? String
    }
    let own = try Self.target("6.12.107+deb13-amd64", Self.decompressing)
    let without = try Self.target("6.12.107+deb13-amd64", [])
    try expect(severity([], Self.packed), is: "warning")
    try expect(severity(["--kernel", own.path], Self.packed), is: "error")
    try expect(severity(["--kernel", without.path], Self.packed), is: nil)
    try expect(severity(["--kernel-version", "5.10"], Self.packed), is: nil)
    for kind in ["crc32", "arm"] {
      let file = fixture("packed/hello-6.12.\(kind).ko.xz")
      try expect(severity(["--kernel", own.path], file), is: (kind == "arm" ? "error" : nil))
    }
  }

  @Test("A kernel without modules has no such system call")
  func noModules() throws {
    let config = try TemporaryFile(
      Array("CONFIG_X86_64=y\n# CONFIG_MODULES is not set\n".utf8), name: "config")
    let arguments = ["--config", config.path, fixture("hello.ko")]
    let object = try Self.preflight(arguments)
    expect(object["errno"] as? String == "ENOSYS" && object["stage"] as? String == "permission")
    // A few lines of a configuration say nothing about it.
    let few = try TemporaryFile(Array("CONFIG_X86_64=y\n".utf8), name: "config")
    try expect(
      Self.preflight(["--config", few.path, fixture("hello.ko")])["errno"] as? String
        != "ENOSYS")
    // What is saved says so, too.
    let saved = try TemporaryFile([], name: "target.json")
    expect(Run(["preflight", "--config", config.path, "--save-target", saved.path]).status, is: 0)
    try expect(
      Self.preflight(["--kernel", saved.path, fixture("hello.ko")])["errno"] as? String,
      is: "ENOSYS")
  }

  @Test("The number of another machine is said in words")
  func machine() throws {
    let target = try Self.target("6.1.0-56-amd64", [])
    let object = try Self.preflight(["--kernel", target.path, fixture("arm64/hello.ko")])
    let advice = try #require((object["advice"] as? [String])?.joined())
    expect(advice.contains("the module is for AArch64, the kernel for x86-64"), "\(advice)")
  }

  @Test("A module without exit is permanent")
  func permanent() throws {
    let target = fixture("debian-6.1.0-56-amd64.json")
    expect(
      Run(["preflight", "--kernel", target, fixture("no_exit.ko")]).output.contains("[permanent]"))
    expect(
      !Run(["preflight", "--kernel", target, fixture("hello.ko")]).output.contains("[permanent]"))
  }

  @Test("Of a GPL module and a non-free one that it uses, the latter is at fault")
  func provider() throws {
    let gpl = LoadedModule(name: "friend", taints: TaintMask(rawValue: 1), exports: nil)
    expect(gpl.isProprietary)
    // importer.ko is GPL and uses what exporter.ko offers, which here is loaded as non-free.
    let text = """
      {"schemaVersion": 1, "release": "6.1.0-56-amd64", "vermagic": "6.1.0-56-amd64 SMP preempt mod_unload modversions ",
       "loaded": [{"name": "exporter", "taints": 1, "exports": [
         {"name": "fixture_plain", "crc": "0x00000000", "gplOnly": false, "namespace": null},
         {"name": "fixture_gpl", "crc": "0x00000000", "gplOnly": true, "namespace": null},
         {"name": "fixture_ns", "crc": "0x00000000", "gplOnly": false, "namespace": null}]}],
       "symvers": "0x00000000\\t__fentry__\\tvmlinux\\tEXPORT_SYMBOL\\t\\n0x00000000\\t_printk\\tvmlinux\\tEXPORT_SYMBOL\\t\\n0x00000000\\t__x86_return_thunk\\tvmlinux\\tEXPORT_SYMBOL\\t\\n0x00000000\\tmodule_layout\\tvmlinux\\tEXPORT_SYMBOL\\t\\n"}
      """
    let file = try TemporaryFile(Array(text.utf8), name: "target.json")
    let object = try Self.preflight(["--kernel", file.path, "--flags", "1", fixture("importer.ko")])
    let advice = (object["advice"] as? [String])?.joined(separator: "\n") ?? ""
    expect(
      advice.contains(
        "'exporter', which the module uses, is not under a licence"),
      "\(object)")
    expect(!advice.contains("change the licence or do without"))
  }

  @Test(
    "Relocations have names and causes",
    arguments: [
      ("R_X86_64_REX_GOTPCRELX", "-fPIC"), ("R_X86_64_TPOFF32", "thread-local"),
      ("R_X86_64_GLOB_DAT", "-shared"), (nil, "newer than the kernel"),
    ] as [(String?, String)])
  func relocations(name: String?, text: String) {
    expect(RelocationCause.text(name, nil).text.contains(text))
  }

  @Test("What newer kernels know is told as that")
  func laterRelocation() {
    let rules = LoaderRelocations(.riscv)
    expect(rules?.change(bringing: 57), is: .moreRelocations)
    expect(RelocationCause.text("R_RISCV_32_PCREL", .moreRelocations).text.contains("binutils"))
  }

  @Test("A module that was signed with its debug information loses the signature with it")
  func strip() throws {
    var draft = try Fixtures.bytes("hello-signed.ko")
    expect(!Run(["show", fixture("hello-signed.ko")]).output.contains("sign again"))
    // The name of a section nobody needs: what is in it does not matter.
    let name = try #require(draft.firstRange(of: Array(".comment\0".utf8)))
    draft.replaceSubrange(name, with: Array(".debug_x\0".utf8))
    let file = try TemporaryFile(draft, name: "hello.ko")
    let output = Run(["show", file.path]).output.split(separator: "\n").map {
      $0.trimmingCharacters(in: .whitespaces)
    }.joined(separator: " ")
    expect(output.contains("and the signature with it: sign again afterwards"), "\(output)")
  }
}

@Suite("Lines of the kernel's log are explained")
struct KernelMessageTests {
  /// The texts that the load path's source prints, what it puts into them replaced by a word.
  private static func printed() throws -> [(file: String, text: String)] {
    let folder = Fixtures.folder.deletingLastPathComponent().appending(
      path: "Sources/ELFKit/Loader")
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    var found: [(String, String)] = []
    let literal = try NSRegularExpression(
      pattern:
        "\"((?:[^\"\\\\]|\\\\[^(])*(?:\\\\\\((?:[^()\"]|\\([^()]*\\)|\"[^\"]*\")*\\)(?:[^\"\\\\]|\\\\[^(])*)*)\""
    )
    let place = try NSRegularExpression(
      pattern: "(?:\\bsay\\(\\s*|lines: \\[\\s*)\"")
    for case let url as URL in files ?? NSEnumerator() where url.pathExtension == "swift" {
      let text = try String(contentsOf: url, encoding: .utf8) as NSString
      let whole = NSRange(location: 0, length: text.length)
      for match in place.matches(in: text as String, range: whole) {
        let start = NSRange(
          location: match.range.upperBound - 1, length: text.length - match.range.upperBound + 1)
        guard let quoted = literal.firstMatch(in: text as String, range: start) else { continue }
        let raw = text.substring(with: quoted.range(at: 1))
        let plain = raw.replacingOccurrences(
          of: "\\\\\\((?:[^()\"]|\\([^()]*\\)|\"[^\"]*\")*\\)", with: "X1",
          options: .regularExpression)
        found.append((url.lastPathComponent, plain))
      }
    }
    return found
  }

  @Test("Every line that preflight can print is in the table")
  func complete() throws {
    let lines = try Self.printed()
    expect(lines.count > 40)
    for (file, line) in lines {
      // A line that is all of it something else's: the kernel's BPF code, a relocation's own words.
      if ["BPF: X1", "X1"].contains(line) { continue }
      expect(KernelMessage.of(ByteSlice(Array(line.utf8))) != nil, "\(file): \(line)")
    }
  }

  @Test("Every message has a rule that exists, or a meaning; no two are the same")
  func rules() {
    for message in KernelMessage.all {
      expect(
        (message.rule.map { Rule.named($0) != nil } ?? (message.meaning != nil)), "\(message.text)")
    }
    expect(Set(KernelMessage.all.map(\.text)).count, is: KernelMessage.all.count)
  }

  @Test(
    "explain finds the rule of a pasted line, and of an error",
    arguments: [
      (["[  12.345678] hello: Unknown symbol foo (err -2)"], "unresolved-symbol"),
      (
        ["[1.0]", "hello:", "disagrees", "about", "version", "of", "symbol", "module_layout"],
        "crc-mismatch"
      ),
      (["hello: version magic '6.1.0 SMP ' should be '6.1.1 SMP '"], "vermagic-mismatch"),
      (["Loading of unsigned module is rejected"], "unsigned"),
      (["decompression failed with status 6"], "compressed-unsupported"),
      (["ENOEXEC"], "Invalid module format"), (["enoexec"], "vermagic-mismatch"),
      (["insmod: ERROR: could not insert module hello.ko: Invalid module format"], "ENOEXEC"),
      (["Key", "was", "rejected", "by", "service"], "signature-bad"),
      (["Invalid", "module", "format"], "ENOEXEC"),
    ])
  func explained(words: [String], text: String) {
    let run = Run(["explain"] + words)
    expect(run.status == 0 && run.output.contains(text), "\(run.output)\(run.errors)")
  }

  @Test("What nobody knows is told, with what may be meant")
  func unknown() {
    let run = Run(["explain", "ENOEXECC"])
    expect(run.status == 2 && run.errors.contains("did you mean 'ENOEXEC'?"))
    expect(Run(["explain", "what", "is", "this"]).status, is: 2)
  }
}
