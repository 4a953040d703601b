import ELFKit
import Foundation
import TestSupport
import Testing

@testable import KoInspect

@Suite("preflight")
struct PreflightTests {
  private static let kernel = ["--kernel", fixture("debian-6.1.0-56-amd64.json")]

  private func answer(_ arguments: String...) throws -> [String: Any] {
    let run = Run(["preflight", "--json"] + Self.kernel + arguments)
    return try #require(try run.json().last)
  }

  private static func schema(_ name: String) throws -> JSONSchema {
    let folder = Fixtures.folder.deletingLastPathComponent()
    return try JSONSchema(contentsOf: folder.appending(path: "Docs/\(name)"), isClosed: true)
  }

  @Test(
    "Each fixture on the kernel that it was built for",
    arguments: [
      ("hello.ko", "loads", nil, "OE"), ("hello-signed.ko", "loads", nil, "OE"),
      ("license_proprietary.ko", "loads", nil, "POE"), ("tags.ko", "loads", nil, "COEKN"),
      ("intree.ko", "loads", nil, "E"), ("importer.ko", "fails", "ENOENT", "OE"),
      ("hello-6.12.ko", "fails", "ENOEXEC", ""), ("arm64/hello.ko", "fails", "ENOEXEC", ""),
      ("sources/hello.c", "fails", "ENOEXEC", ""),
    ] as [(String, String, String?, String)])
  func verdicts(name: String, verdict: String, errno: String?, taints: String) throws {
    let object = try answer(fixture(name))
    expect(object["verdict"] as? String, is: verdict)
    expect(object["errno"] as? String, is: errno)
    expect(object["kernelTaints"] as? String, is: taints)
    expect(object["stage"] as? String == nil, is: verdict == "loads")
  }

  @Test("A hello module: two lines in the log, and the screen that tells all")
  func hello() throws {
    let run = Run(["preflight"] + Self.kernel + [fixture("hello.ko")])
    expect(run.status, is: 0)
    expect(run.errors.isEmpty)
    expect(run.output.hasPrefix("hello on Linux 6.1.0-56-amd64: loads, taints OE\n"))
    expect(
      run.output.contains(
        """
        dmesg would say
          hello: loading out-of-tree module taints kernel.
          hello: module verification failed: signature and/or required key missing - tainting kernel

        kernel taints afterwards: OE (12288)
        """))
  }

  @Test("A failure names the stage, the error and what to do")
  func failure() {
    let run = Run(["preflight"] + Self.kernel + [fixture("importer.ko")])
    expect(run.status, is: 1)
    expect(run.output.contains("fails with ENOENT (symbols)"))
    expect(run.output.contains("FAIL  symbols"))
    expect(run.output.contains("ENOENT: Unknown symbol in module"))
    expect(run.output.contains("importer: Unknown symbol fixture_plain (err -2)"))
    expect(
      run.output.contains(
        """
        What to do
          -  nothing exports 'fixture_ns', 'fixture_gpl', 'fixture_ns_gpl' and 2 more to this module
        """))
  }

  @Test("What decides and is not known is asked for")
  func depends() throws {
    let magic = "6.1.0-56-amd64 SMP preempt mod_unload modversions "
    let run = Run(["preflight", "--json", "--vermagic", magic, fixture("hello.ko")])
    expect(run.status, is: 1)
    let object = try #require(try run.json().first)
    expect(object["verdict"] as? String, is: "depends")
    expect(object["errno"] is NSNull)
    expect(object["stage"] as? String, is: "struct-version")
    let questions = try #require(object["dependsOn"] as? [String])
    expect(questions, is: ["what the kernel exports, and in which version (--symvers)"])
  }

  @Test(
    "How sure the answer is stands at its top; of a kernel that is not known nothing is made up",
    arguments: [
      ("6.1.0-56-amd64", "measured"), ("5.15.0", "nearest"), ("5.14.0-70.el9.x86_64", "source"),
      ("2.6.32", "unknown"), ("7.9.0", "unknown"),
    ])
  func certainty(release: String, certainty: String) throws {
    let magic = "\(release) SMP preempt mod_unload modversions "
    let options = ["--vermagic", magic, fixture("hello.ko")]
    let object = try #require(try Run(["preflight", "--json"] + options).json().first)
    let run = Run(["preflight"] + options)
    let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
    // The nearest kernels may differ about what decides.
    if certainty == "source" {
      expect(["source", "nearest"].contains(object["certainty"] as? String))
    } else {
      expect(object["certainty"] as? String, is: certainty)
    }
    expect(lines[1].hasPrefix("  how sure: "), is: certainty != "measured")
    guard certainty == "unknown" else { return }
    expect(object["messages"] as? [String], is: [])
    expect(object["verdict"] as? String, is: "depends")
    expect(
      (object["dependsOn"] as? [String])?.contains { $0.contains("no source was read") }, is: true)
  }

  @Test(
    "Before 5.4 a missing key alone is overlooked, and nothing is said of signatures that are refused",
    arguments: [
      ("hello.ko", "4.19.300", [], nil, []),
      ("hello.ko", "4.19.300", ["--cmdline", "module.sig_enforce=1"], "ENOKEY", []),
      ("hello-signed.ko", "4.4.302", ["--cmdline", "module.sig_enforce"], nil, []),
      (
        "hello.ko", "5.10.1", ["--cmdline", "module.sig_enforce=1"], "EKEYREJECTED",
        ["Loading of unsigned module is rejected"]
      ),
    ] as [(String, String, [String], String?, [String])])
  func oldSignatures(
    name: String, release: String, options: [String], errno: String?, messages: [String]
  ) throws {
    let magic = "\(release) SMP preempt mod_unload modversions "
    let run = Run(["preflight", "--json", "--vermagic", magic] + options + [fixture(name)])
    let object = try #require(try run.json().first)
    expect(object["errno"] as? String, is: errno)
    if errno != nil { expect(object["messages"] as? [String], is: messages) }
    let lines = try #require(object["messages"] as? [String])
    expect(release == "5.10.1" || !lines.contains { $0.contains("is rejected") })
  }

  @Test("Modules that are handed over together find each other, in the order modprobe loads them")
  func dependencies() throws {
    let object = try answer("--with-deps", fixture("exporter.ko"), fixture("importer.ko"))
    expect(object["verdict"] as? String, is: "loads")
    expect(object["dependencies"] as? [String], is: ["exporter"])
    // The exporter has said already that the kernel is tainted.
    expect(object["messages"] as? [String], is: [])
  }

  @Test("A dependency that does not load is the cause")
  func obstacle() throws {
    let object = try answer(
      "--with-deps", "--cmdline", "module_blacklist=exporter", fixture("exporter.ko"),
      fixture("importer.ko"))
    expect(object["verdict"] as? String, is: "fails")
    expect(object["errno"] as? String, is: "EPERM")
    expect(object["stage"] as? String, is: "dependencies")
    expect(object["obstacle"] as? String, is: "exporter")
    expect(object["messages"] as? [String], is: ["Module exporter is blacklisted"])
  }

  @Test("Modules that need each other in a circle, or themselves, end somewhere")
  func circles() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, needs) in [("a", "b"), ("b", "c"), ("c", "a"), ("d", "d")] {
      var builder = ELFBuilder()
      builder.modinfo(["license=GPL", "name=\(name)", "depends=\(needs)"])
      builder.thisModule(name)
      try Data(builder.build()).write(to: folder.appending(path: "\(name).ko"))
    }
    let run = Run(["preflight", "--json", "--with-deps"] + Self.kernel + [folder.path])
    try expect(run.json().count, is: 4)
    expect(run.errors.isEmpty)
  }

  @Test("Damage everywhere is reported in a few lines")
  func bounded() throws {
    var builder = ELFBuilder()
    builder.modinfo(["license=GPL", "name=a"])
    builder.thisModule("a")
    builder.relocations(
      of: 2, (0..<20_000).map { (offset: 1 << 20 + UInt64($0), symbol: 0, type: 1, addend: 0) })
    let file = try TemporaryFile(builder.build())
    let object = try answer(file.path)
    expect(object["verdict"] as? String != "loads")
    try expect(#require(object["dependsOn"] as? [Any]).count <= 32)
  }

  @Test("Modules that are loaded before count")
  func loaded() throws {
    let importer = try answer("--loaded", fixture("exporter.ko"), fixture("importer.ko"))
    expect(importer["verdict"] as? String, is: "loads")
    let twice = try answer("--loaded", fixture("hello.ko"), fixture("hello.ko"))
    expect(twice["errno"] as? String, is: "EEXIST")
    let run = Run(
      ["preflight"] + Self.kernel + ["--loaded", fixture("arm64/hello.ko"), fixture("hello.ko")])
    expect(run.errors.contains("does not load itself (ENOEXEC)"))
    expect(run.status, is: 0)
  }

  @Test(
    "Facts of the kernel change the answer",
    arguments: [
      (["--cmdline", "nomodule"], "EPERM", []),
      (["--cmdline", "quiet module_blacklist=x,hello"], "EPERM", ["Module hello is blacklisted"]),
      (
        ["--cmdline", "module.sig_enforce=1"], "EKEYREJECTED",
        ["Loading of unsigned module is rejected"]
      ),
      (
        ["--cmdline", "lockdown=integrity"], "EPERM",
        ["Lockdown: insmod: unsigned module loading is restricted; see man kernel_lockdown.7"]
      ),
      (["--taint", "OE"], nil, []), (["--taint", "12288"], nil, []),
    ] as [([String], String?, [String])])
  func facts(options: [String], errno: String?, messages: [String]) throws {
    let run = Run(["preflight", "--json"] + Self.kernel + options + [fixture("hello.ko")])
    let object = try #require(try run.json().first)
    expect(object["errno"] as? String, is: errno)
    expect(object["messages"] as? [String], is: messages)
  }

  @Test("A signature is as good as the certificates say")
  func certificates() throws {
    let good = try answer("--cert", fixture("hello-signed.x509.der"), fixture("hello-signed.ko"))
    expect(good["taints"] as? String, is: "O")
    let enforced = try answer(
      "--cert", fixture("hello-signed-ecdsa.x509.der"), "--cmdline", "module.sig_enforce",
      fixture("hello-signed.ko"))
    expect(enforced["errno"] as? String, is: "EKEYREJECTED")
    expect(
      enforced["messages"] as? [String], is: ["Loading of module with unavailable key is rejected"])
  }

  @Test("Arguments are read as the kernel reads them")
  func arguments() throws {
    let object = try answer("--args", "an_int=x nosuch=1", fixture("params.ko"))
    let messages = try #require(object["messages"] as? [String])
    expect(object["verdict"] as? String, is: "fails")
    expect(object["errno"] as? String, is: "EINVAL")
    expect(
      messages.suffix(2),
      is: [
        "params: `x' invalid for parameter `an_int'", "params: unknown parameter 'nosuch' ignored",
      ])
  }

  @Test("A saved target gives the same answers, and fits its schema")
  func saved() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "target.json").path
    let options = [
      "--cmdline", "panic_on_taint=1", "--taint", "O", "--loaded", fixture("exporter.ko"),
      "--cert", fixture("hello-signed.x509.der"),
    ]
    let save = Run(["preflight"] + Self.kernel + options + ["--save-target", path])
    expect(save.status, is: 0)
    expect(save.output.isEmpty)
    let text = try Data(contentsOf: URL(filePath: path))
    try expect(
      Self.schema("target.schema.json").problems(JSONSerialization.jsonObject(with: text)), is: [])
    for name in ["hello-signed.ko", "importer.ko", "license_proprietary.ko", "hello.ko"] {
      let direct = Run(["preflight", "--json"] + Self.kernel + options + [fixture(name)])
      let read = Run(["preflight", "--json", "--kernel", path, fixture(name)])
      expect(direct.output, is: read.output)
    }
  }

  @Test("The JSON of every fixture fits the schema", arguments: Fixtures.modules)
  func schema(name: String) throws {
    try expect(Self.schema("preflight.schema.json").problems(answer(fixture(name))), is: [])
  }

  @Test(
    "What is asked wrongly is said, and nothing is printed",
    arguments: [
      ([], "no file given"), (["--flags", "x", "hello.ko"], "--flags is a number"),
      (["--kernel", "/nowhere", "hello.ko"], "/nowhere: "),
      (["--kernel", fixture("hello.ko"), "hello.ko"], "no saved target"),
      (["--kernel", fixture("sources"), "hello.ko"], "neither a kernel's build"),
      (["--taint", "?", "hello.ko"], "is no mask"),
      (
        ["--config", fixture("hello.ko"), "hello.ko"], "no line of it is one of a kernel's .config"
      ),
      (
        [
          "--kernel", fixture("debian-6.1.0-56-amd64.json"), "--reference",
          fixture("hello-6.12.ko"), "hello.ko",
        ],
        "it is a module of 6.12"
      ),
    ] as [([String], String)])
  func usage(arguments: [String], complaint: String) {
    let run = Run(["preflight"] + arguments)
    expect(run.status, is: 2)
    expect(run.output.isEmpty)
    expect(run.errors.contains(complaint), "\(run.errors)")
  }

  @Test("One file that cannot be read does not hide the others")
  func unreadable() {
    let run = Run(["preflight"] + Self.kernel + ["/nowhere.ko", fixture("hello.ko")])
    expect(run.status, is: 2)
    expect(run.output.contains("hello.ko: loads, taints OE"))
    expect(run.errors, is: "koinspect: /nowhere.ko: No such file or directory\n")
  }

  @Test("A module that is cut anywhere is refused or left open, and never too much for us")
  func cut() throws {
    let bytes = try Fixtures.bytes("hello.ko")
    var target = KernelDescription()
    try target.addSaved(try Fixtures.bytes("debian-6.1.0-56-amd64.json"))
    for count in stride(from: 0, to: bytes.count, by: 13) {
      let answer = target.kernel.prediction(LoadRequest(ByteSlice(Array(bytes[..<count]))))
      expect(answer.verdict, is: .fails, "cut at \(count)")
    }
  }

  @Test("Damage anywhere, in the module or in what is known of the kernel, is no reason to stop")
  func damage() throws {
    var random = SeededGenerator(11)
    let saved = try Fixtures.bytes("debian-6.1.0-56-amd64.json")
    let modules = try ["params.ko", "exporter.ko", "hello-signed.ko"].map(Fixtures.bytes)
    for round in 0..<300 {
      let text = round % 3 == 0 ? Mutation.damaged(saved, using: &random) : saved
      var target = KernelDescription()
      guard (try? target.addSaved(text)) != nil else { continue }
      let bytes = Mutation.damaged(modules[round % modules.count], using: &random)
      var request = LoadRequest(ByteSlice(bytes))
      request.arguments = "an_int=1 a_string=\"x"
      _ = target.kernel.prediction(request).verdict
    }
  }
}
