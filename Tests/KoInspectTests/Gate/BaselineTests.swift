import ELFKit
import Foundation
import TestSupport
import Testing

@testable import KoInspect

@Suite("check: baselines and policies in their places")
struct PlacedFilesTests {
  private func project(_ policy: String? = nil) throws -> TemporaryFile {
    let module = try TemporaryFile(try Fixtures.bytes("license_misspelt.ko"), name: "p.ko")
    let sub = module.folder + "/sub"
    try FileManager.default.createDirectory(atPath: sub, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: module.path, toPath: sub + "/p.ko")
    if let policy {
      try Data(policy.utf8).write(to: URL(filePath: module.folder + "/.koinspect.json"))
    }
    return module
  }

  @Test("A baseline's paths are relative to it, however modules are named")
  func relative() throws {
    let module = try project()
    let baseline = module.folder + "/sub/baseline.json"
    expect(Run(["check", "--write-baseline", baseline, module.folder]).status, is: 0)
    let text = try String(contentsOfFile: baseline, encoding: .utf8)
    expect(text.contains("\"path\":\"../p.ko\"") && text.contains("\"path\":\"p.ko\""))
    for name in [module.folder, module.folder + "/sub/..", module.folder + "/./p.ko"] {
      let run = Run(["check", "--baseline", baseline, name])
      expect(run.status == 0 && !run.errors.contains("stale"), "\(name): \(run.errors)")
    }
  }

  @Test("A finding is more than its target: known once, the second is new")
  func identity() throws {
    let file = try TemporaryFile(try Fixtures.bytes("gate/mismatch3.ko"), name: "evil.ko")
    let baseline = file.folder + "/baseline.json"
    let known = try Fixtures.bytes("gate/mismatch-baseline.json")
    try Data(known).write(to: URL(filePath: baseline))
    let run = Run(["check", "--no-config", "--baseline", baseline, "--format", "json", file.path])
    expect(run.status, is: 1)
    expect(run.output.components(separatedBy: "section-mismatch").count - 1, is: 2)

    expect(Run(["check", "--no-config", "--write-baseline", baseline, file.path]).status, is: 0)
    expect(Run(["check", "--no-config", "--baseline", baseline, file.path]).status, is: 0)
    // One of the three is exchanged for another: it is not hidden by the one that went.
    let text = try String(contentsOfFile: baseline, encoding: .utf8)
    let other = text.replacingOccurrences(of: "'alpha'", with: "'gone'")
    try Data(other.utf8).write(to: URL(filePath: baseline))
    expect(Run(["check", "--no-config", "--baseline", baseline, file.path]).status, is: 1)
    expect(BaselineEntry.about("at 0x1f, 12 bytes"), is: Array("at #x#f, # bytes".utf8))
  }

  @Test("A long baseline is read line by line")
  func long() throws {
    let entries = (0..<2_000).map {
      BaselineEntry(path: Array("m\($0).ko".utf8), rule: "unsigned", subject: [], about: [0x78])
    }
    let text = Baseline(entries + entries.prefix(1)).text.pending
    try expect(Baseline(text).entries.count, is: 2_001)
    #expect(throws: SystemError.self) {
      _ = try Baseline([0x20] + text + [0x20] + [UInt8](repeating: 0x20, count: 1 << 22))
    }
  }

  @Test("Entries are kept by module: one that has none gets none, however many others have")
  func byPath() throws {
    let entries = ["a.ko", "b.ko", "b.ko"].map {
      BaselineEntry(path: Array($0.utf8), rule: "unsigned", subject: [])
    }
    let baseline = Baseline(entries)
    expect(baseline.entries(of: Array("a.ko".utf8)), is: [entries[0]: 1])
    expect(baseline.entries(of: Array("b.ko".utf8)), is: [entries[1]: 2])
    expect(baseline.entries(of: Array("c.ko".utf8)).isEmpty)
    expect(baseline.entries, is: entries)
  }

  @Test(
    "What is too large for a policy, its list of imports or a baseline is refused in words",
    arguments: [("--config", 4), ("list", 4), ("--baseline", 16)])
  func tooLarge(option: String, most: Int) throws {
    // Good but for the size.
    let text = option == "--baseline" ? "{\"schemaVersion\":1,\"findings\":[\n" : "{}\n"
    let end = option == "--baseline" ? "\n]}\n" : ""
    let blanks = [UInt8](repeating: option == "list" ? 0x23 : 0x0a, count: most << 20)
    let file = try TemporaryFile(Array(text.utf8) + blanks + Array(end.utf8), name: "large")
    let policy = file.folder + "/p.json"
    try Data("{\"allowedImports\": \"large\"}".utf8).write(to: URL(filePath: policy))
    let options = option == "list" ? ["--config", policy] : ["--no-config", option, file.path]
    let config = option == "--config" ? ["--config", file.path] : options
    let run = Run(["check"] + config + [fixture("hello.ko")])
    expect(run.status, is: 2)
    expect(run.errors.contains("(\(most) MiB)"), "\(run.errors)")
  }

  @Test("The policy is that of the module's folder, is named, and ends at the repository")
  func search() throws {
    let module = try project("{\"rules\": {\"unknown-license\": \"off\"}}")
    for name in [module.path, module.folder + "/sub/p.ko", module.folder] {
      let run = Run(["check", name])
      expect(run.status, is: 0)
      expect(run.errors.contains("/.koinspect.json: the policy in use"))
    }
    let git = module.folder + "/sub/.git"
    try FileManager.default.createDirectory(atPath: git, withIntermediateDirectories: true)
    expect(Run(["check", module.folder + "/sub"]).status, is: 1)
    expect(Run(["check", module.folder]).status, is: 1, "each module has its own policy")
  }

  @Test("A policy that turns a rule off does not open the gate that asks for its group")
  func gateAndPolicy() throws {
    let module = try project("{\"rules\": {\"unknown-license\": \"off\"}}")
    expect(Run(["check", module.path]).status, is: 0)
    let gate = ["check", "--only", "license"]
    expect(Run(gate + [module.path]).status, is: 1)
    expect(Run(gate + ["--ignore", "unknown-license", module.path]).status, is: 0)
  }

  @Test("A policy that is named and not wanted is a contradiction, not a choice of ours")
  func namedAndUnwanted() throws {
    let policy = try TemporaryFile(Array("{}".utf8), name: "p.json")
    let run = Run(["check", "--no-config", "--config", policy.path, fixture("hello.ko")])
    expect(run.status, is: 2)
    expect(run.errors.contains("--no-config wants none"), "\(run.errors)")
  }

  @Test("A policy of another user is not believed")
  func owners() throws {
    guard geteuid() == 0 else { return }
    let module = try project("{\"rules\": {\"unknown-license\": \"off\"}}")
    try FileManager.default.setAttributes(
      [.ownerAccountID: 12_345], ofItemAtPath: module.folder + "/.koinspect.json")
    let run = Run(["check", module.path])
    expect(run.status == 2 && run.errors.contains("not believed"))
    expect(Run(["check", "--no-config", module.path]).status, is: 1)
  }

  @Test("A link of another user's is not believed, even when it leads to a policy of ours")
  func ownerOfLink() throws {
    guard geteuid() == 0 else { return }
    let module = try project()
    let policy = try TemporaryFile(
      Array("{\"rules\": {\"unknown-license\": \"off\"}}".utf8), name: "p.json")
    let link = module.folder + "/.koinspect.json"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: policy.path)
    expect(Run(["check", module.path]).status, is: 0)
    expect(unsafe lchown(link, 12_345, 12_345), is: 0)
    let run = Run(["check", module.path])
    expect(run.status == 2 && run.errors.contains("not believed"))
  }

  @Test("Exceptions are relative to the policy's folder")
  func exceptions() throws {
    let module = try project(
      """
      {"exceptions": [{"path": "/p.ko", "rules": ["unknown-license"], "reason": "r"}]}
      """)
    expect(Run(["check", module.path]).status, is: 0)
    expect(Run(["check", module.folder + "/sub/p.ko"]).status, is: 1)
  }

  @Test("Pipes in trees do not hang; what is no module is not read whole")
  func pipes() throws {
    let tree = try TemporaryFile(try Fixtures.bytes("hello.ko"), name: "hello.ko")
    let release = tree.folder + "/lib/modules/6.1"
    try FileManager.default.createDirectory(atPath: release, withIntermediateDirectories: true)
    for name in ["modules.dep", "modules.alias", "modules.builtin", ".config", "Module.symvers"] {
      expect(unsafe mkfifo(release + "/" + name, 0o600), is: 0)
    }
    expect(Run(["modinfo", "-b", tree.folder, "-k", "6.1", "hello"]).status, is: 1)
    expect(Run(["preflight", "--kernel", release, tree.path]).status, is: 2)
    expect(Run(["check", "--modules", release, tree.path]).status, is: 2)
    let line = "ulimit -v 600000; exec \"$0\" check /dev/zero \"$1\""
    let sparse = tree.folder + "/sparse.ko"
    try Data().write(to: URL(filePath: sparse))
    expect(unsafe truncate(sparse, 1 << 30), is: 0)
    guard BuiltBinary.canBeLimited else { return }
    let run = try BuiltBinary.run(line, [sparse])
    expect(run.status, is: 2)
  }

  @Test("A policy that names a pipe as its list of imports is refused, not waited for")
  func importsInPipe() throws {
    let module = try project("{\"allowedImports\": \"pipe\"}")
    expect(unsafe mkfifo(module.folder + "/pipe", 0o600), is: 0)
    let run = try BuiltBinary.run("exec timeout 20 \"$0\" check \"$1\"", [module.path])
    expect(run.status, is: 2)
  }

  @Test("A long line is not quoted in full, and what --kernel would refuse is not saved")
  func targets() throws {
    let line = [UInt8](repeating: 0x78, count: 1 << 20)
    let symvers = try TemporaryFile(line, name: "Module.symvers")
    let run = Run(["check", "--symvers", symvers.path, fixture("hello.ko")])
    expect(run.status == 2 && run.errors.count < 1_000)
    let large = [UInt8](repeating: 0x78, count: 1 << 26)
    #expect(throws: SystemError.self) { try KernelDescription.check(saved: large + large) }
    #expect(throws: SystemError.self) { try KernelDescription.check(saved: Array("{}".utf8)) }
  }

  @Test("preflight --with-deps tells of a dependency that cannot be read")
  func dependency() throws {
    let tree = try TemporaryFile(
      ELFBuilder.module("user", modinfo: ["license=GPL", "depends=broken,broken"]).build(),
      name: "user.ko")
    let broken = tree.folder + "/broken.ko"
    // gzip's magic, and nothing that could be unpacked.
    try Data([0x1f, 0x8b, 8, 0, 1, 2, 3]).write(to: URL(filePath: broken))
    let run = Run([
      "preflight", "--kernel", fixture("debian-6.1.0-56-amd64.json"), "--modules", tree.folder,
      "--with-deps", tree.path,
    ])
    expect(run.status, is: 2)
    expect(run.errors.components(separatedBy: "broken.ko, which cannot be read").count, is: 2)
  }
}
