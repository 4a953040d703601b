// One kernel, described in different ways: the answers are the same, for every command.

import Foundation
import Glibc
import TestSupport
import Testing

@testable import KoInspect

@Suite("Descriptions of a kernel")
struct KernelsTests {
  private static let headers = fixture("kernel/headers")
  private static let magic = "6.1.0-56-amd64 SMP preempt mod_unload modversions "
  private static let release = "6.1.0-56-amd64"
  private static let modules = [
    "hello.ko", "exporter.ko", "importer.ko", "hello-6.12.ko", "license_proprietary.ko",
    "arm64/hello.ko", "hello-signed.ko",
  ].map(fixture)

  /// A folder for what a test makes.
  private final class Folder {
    let path: String

    init() throws {
      path =
        FileManager.default.temporaryDirectory
        .appending(path: "koinspect-\(UUID().uuidString)").path
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// Makes the folder `name` in it.
    func folder(_ name: String) throws -> String {
      try FileManager.default.createDirectory(
        atPath: "\(path)/\(name)", withIntermediateDirectories: true)
      return "\(path)/\(name)"
    }

    func copy(_ name: String, to place: String) throws {
      try FileManager.default.copyItem(atPath: fixture(name), toPath: "\(path)/\(place)")
    }

    func link(_ place: String, to destination: String) throws {
      try FileManager.default.createSymbolicLink(
        atPath: "\(path)/\(place)", withDestinationPath: destination)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  private static func check(_ options: [String]) -> Run {
    Run(["check", "--no-config", "--all-rules", "--format", "json"] + options + modules)
  }

  /// The rules that found something about the module `name`.
  private static func rules(_ run: Run, _ name: String) throws -> Set<String> {
    let object = try run.json().first { ($0["path"] as? String)?.hasSuffix("/\(name)") == true }
    let findings = object?["findings"] as? [[String: Any]] ?? []
    return Set(findings.compactMap { $0["rule"] as? String })
  }

  @Test(
    "A folder, its files one by one, compressed or not, and a saved target give the same findings")
  func forms() throws {
    let folder = try Folder()
    let saved = folder.path + "/target.json"
    expect(Run(["preflight", "--kernel", Self.headers, "--save-target", saved]).status, is: 0)
    let direct = Self.check(["--kernel", Self.headers])
    expect(direct.errors.isEmpty)
    try expect(
      Self.rules(direct, "hello.ko").isSuperset(of: ["crc-mismatch", "unresolved-symbol"]))
    try expect(Self.rules(direct, "hello-6.12.ko").contains("crc-mismatch"))
    var forms = [
      ["--kernel", saved],
      [
        "--kernel-config", Self.headers + "/.config", "--symvers", Self.headers + "/Module.symvers",
        "--vermagic", Self.magic,
      ],
    ]
    for (suffix, format) in [("gz", Compression.gzip), ("xz", .xz), ("zst", .zstd)]
    where format.libraryVersion != nil {
      forms.append([
        "--kernel-config", fixture("kernel/config.\(suffix)"), "--symvers",
        fixture("kernel/symvers.\(suffix)"), "--vermagic", Self.magic,
      ])
    }
    for form in forms {
      let run = Self.check(form)
      expect(run.output, is: direct.output, "\(form)")
      expect(run.errors.isEmpty)
    }
    // Without the kernel there is less to find.
    expect(Self.check([]).output != direct.output)
  }

  @Test("preflight and symbols learn of a kernel in the same ways")
  func otherCommands() throws {
    for command in [["preflight", "--json"], ["symbols", "--json"]] {
      let direct = Run(command + ["--kernel", Self.headers] + Self.modules)
      let apart = Run(
        command + [
          "--config", Self.headers + "/.config", "--symvers", Self.headers + "/Module.symvers",
          "--vermagic", Self.magic,
        ] + Self.modules)
      expect(!direct.output.isEmpty)
      expect(direct.output, is: apart.output)
      expect(direct.status, is: apart.status)
    }
    let run = Run(["symbols", "--json", "--imports", "--kernel", Self.headers, fixture("hello.ko")])
    let imports = try #require(try run.json().first?["imports"] as? [[String: Any]])
    expect(
      imports.first { $0["name"] as? String == "_printk" }?["provider"] as? String, is: "vmlinux")
  }

  @Test("/lib/modules/RELEASE is enough, with build and without")
  func installed() throws {
    let folder = try Folder()
    let tree = try folder.folder("lib/modules/\(Self.release)")
    _ = try folder.folder("lib/modules/\(Self.release)/kernel")
    _ = try folder.folder("boot")
    try folder.copy("exporter.ko", to: "lib/modules/\(Self.release)/kernel/exporter.ko")
    try folder.copy("kernel/headers/.config", to: "boot/config-\(Self.release)")

    // Without build: the modules tell the release, and what they offer; nobody tells the kernel's own.
    let alone = Self.check(["--kernel", tree + "/"])
    expect(alone.errors.isEmpty)
    expect(!(try Self.rules(alone, "hello.ko")).contains("crc-mismatch"))
    let symbols = Run(["symbols", "--json", "--kernel", tree, fixture("importer.ko")])
    expect(symbols.output.contains(#""provider":"kernel/exporter.ko""#))
    let saved = folder.path + "/target.json"
    expect(Run(["preflight", "--kernel", tree, "--save-target", saved]).status, is: 0)
    expect(Self.check(["--kernel", saved]).output, is: alone.output)
    let before = try #require(
      try Run(["preflight", "--json", "--kernel", tree, fixture("hello.ko")]).json().first)
    let known = try #require(before["kernel"] as? [String: Any])
    expect(known["release"] as? String, is: Self.release)
    expect(known["vermagic"] as? String, is: Self.magic)
    expect(before["verdict"] as? String, is: "depends")

    // With it, what the headers tell is known, too.
    try folder.link("lib/modules/\(Self.release)/build", to: Self.headers)
    let built = Self.check(["--kernel", tree])
    expect(built.errors.isEmpty)
    for name in ["hello.ko", "license_proprietary.ko"] {
      try expect(
        Self.rules(built, name), is: Self.rules(Self.check(["--kernel", Self.headers]), name),
        "\(name)")
    }
    expect(!(try Self.rules(built, "importer.ko")).contains("namespace-unused-import"))
    let after = try #require(
      try Run(["preflight", "--json", "--kernel", tree, fixture("hello.ko")]).json().first)
    expect(after["errno"] as? String == "ENOENT" || after["errno"] as? String == "EINVAL")
  }

  @Test("The configuration and the symbols beside the modules count, compressed or not")
  func besides() throws {
    guard Compression.gzip.libraryVersion != nil else { return }
    let folder = try Folder()
    let tree = try folder.folder(Self.release)
    _ = try folder.folder("\(Self.release)/kernel")
    try folder.copy("kernel/symvers.gz", to: "\(Self.release)/symvers.gz")
    try folder.copy("kernel/headers/.config", to: "\(Self.release)/config")
    // There is no module: the folder's name is the release.
    let json = try #require(
      try Run(["preflight", "--json", "--kernel", tree, fixture("hello.ko")]).json().first)
    expect((json["kernel"] as? [String: Any])?["vermagic"] as? String, is: Self.magic)
    expect(json["verdict"] as? String, is: "fails")
  }

  @Test(
    "A tree of modules: links are followed as depmod does, build is left out, pipes are not opened")
  func tree() throws {
    let folder = try Folder()
    let tree = try folder.folder("\(Self.release)/kernel")
    let other = try folder.folder("elsewhere")
    try folder.copy("exporter.ko", to: "elsewhere/exporter.ko")
    try folder.link("\(Self.release)/extra", to: other)
    try folder.link("\(Self.release)/kernel/loop", to: "..")
    try folder.copy("hello.ko", to: "\(Self.release)/kernel/hello.ko")
    // A kernel's own tree, full of modules that are not installed.
    _ = try folder.folder("\(Self.release)/build")
    try folder.copy("license_two.ko", to: "\(Self.release)/build/exporter2.ko")
    for name in ["pipe.ko", "modules.builtin", "modules.builtin.modinfo"] {
      expect(unsafe mkfifo("\(tree)/\(name)", 0o600), is: 0)
    }
    var kernel = KernelDescription()
    try kernel.addKernel(Array("\(folder.path)/\(Self.release)".utf8))
    expect(kernel.trees.first?.files.count, is: 2)
    let run = Run([
      "symbols", "--modules", "\(folder.path)/\(Self.release)", fixture("importer.ko"),
    ])
    expect(run.status, is: 0)
    expect(run.output.contains("extra/exporter.ko"))
  }

  @Test("A pipe where a folder of a kernel has its files is an error, and nobody waits for it")
  func pipes() throws {
    let folder = try Folder()
    expect(unsafe mkfifo("\(folder.path)/Module.symvers", 0o600), is: 0)
    for command in ["check", "symbols", "preflight"] {
      let run = Run([command, "--kernel", folder.path, fixture("hello.ko")])
      expect(run.status, is: 2)
      expect(run.errors.contains(folder.path))
      expect(run.output.isEmpty)
    }
  }

  @Test("Modules that are loaded before offer their symbols")
  func loaded() throws {
    let options = ["--kernel", fixture("debian-6.1.0-56-amd64.json")]
    let without = Self.check(options)
    let with = Self.check(options + ["--loaded", fixture("exporter.ko")])
    let missing = { (run: Run) in
      try run.json().flatMap { $0["findings"] as? [[String: Any]] ?? [] }.filter {
        $0["rule"] as? String == "unresolved-symbol"
          && ($0["subject"] as? String)?.hasPrefix("fixture_") == true
      }.count
    }
    try expect(missing(without) > 0)
    try expect(missing(with), is: 0)
  }

  @Test(
    "Symbols outside of a vendor's list are reported, whatever its form, and saved with the target",
    arguments: [
      "[rhel9_x86_64_stablelist]\n\t_printk\n\tmodule_layout\n",
      "[abi_symbol_list]\n# commonly used\n  _printk\n",
      "0x92997ed8\t_printk\tvmlinux\tEXPORT_SYMBOL\t\n",
      "s#task_struct struct task_struct { }\n_printk int _printk ( const char * , ... )\n",
    ])
  func stableSymbols(list: String) throws {
    let folder = try Folder()
    let path = folder.path + "/list"
    try Data(list.utf8).write(to: URL(fileURLWithPath: path))
    let saved = folder.path + "/target.json"
    let hello = fixture("hello.ko")
    expect(
      Run(["preflight", "--vermagic", Self.magic, "--kabi-list", path, "--save-target", saved])
        .status, is: 0)
    let symbols = try #require(
      try Run(["symbols", "--json", "--kabi-list", path, hello]).json().first)
    let imports = try #require(symbols["imports"] as? [[String: Any]])
    let stable = imports.filter { $0["stable"] as? Bool == true }.compactMap {
      $0["name"] as? String
    }
    expect(stable, is: ["_printk"])
    let words = "\(imports.count - 1) of \(imports.count)"
    for options in [["--kabi-list", path], ["--kernel", saved]] {
      let text = Run(["symbols", "--imports"] + options + [hello])
      expect(text.output.contains("\(words) not in the list of stable symbols"), "\(text.output)")
      let check = Run(["check", "--no-config", "--format", "json"] + options + [hello])
      let findings = try #require(try check.json().first?["findings"] as? [[String: Any]])
      let outside = findings.filter { $0["rule"] as? String == "outside-kabi-list" }
      expect(outside.count, is: imports.count - 1)
      expect(!outside.contains { $0["subject"] as? String == "_printk" })
      let preflight = Run(["preflight"] + options + ["--vermagic", Self.magic, hello])
      expect(
        preflight.output.contains("\(words) symbols are not in the list"), "\(preflight.output)")
    }
    let empty = folder.path + "/empty"
    try Data("# nothing\n".utf8).write(to: URL(fileURLWithPath: empty))
    expect(Run(["symbols", "--kabi-list", empty, hello]).status, is: 2)
  }

  @Test("Whether Android's kernel lets an unsigned module use a symbol, its lists decide")
  func protectedSymbols() throws {
    let folder = try Folder()
    let list = folder.path + "/list"
    try Data("[abi_symbol_list]\n  __fentry__\n  __x86_return_thunk\n".utf8)
      .write(to: URL(fileURLWithPath: list))
    for (release, isOpen) in [
      ("6.1.57-android14-11", true), ("5.15.1-android13-8", false), ("6.1.0-56-amd64", false),
    ] {
      let magic = "\(release) SMP preempt mod_unload modversions "
      let run = Run(["preflight", "--json", "--vermagic", magic, fixture("hello.ko")])
      let questions = try #require(try run.json().first?["dependsOn"] as? [String])
      expect(questions.contains { $0.contains("MODULE_SIG_PROTECT") }, is: isOpen, "\(release)")
      // What is in the vendor's list is not protected.
      let all = Run([
        "preflight", "--json", "--vermagic", magic, "--kabi-list", list, fixture("library.ko"),
      ])
      expect(!all.output.contains("which symbols the kernel protects"))
      // Of what modules may export there is another list.
      expect(all.output.contains("which exports the kernel protects"), is: isOpen)
    }
  }

  @Test(
    "Each way to describe a kernel works with each command",
    arguments: ["check", "symbols", "preflight"])
  func options(command: String) throws {
    let config = command == "check" ? "--kernel-config" : "--config"
    for options in [
      ["--kernel", fixture("debian-6.1.0-56-amd64.json")],
      [config, Self.headers + "/.config"], ["--kernel-config", Self.headers + "/.config"],
      ["--symvers", Self.headers + "/Module.symvers"], ["--reference", fixture("exporter.ko")],
      ["--vermagic", Self.magic], ["--cmdline", "quiet"], ["--taint", "OE"],
      ["--loaded", fixture("exporter.ko")], ["--running"],
      ["--kabi-list", Self.headers + "/Module.symvers"],
    ] {
      let run = Run([command] + options + [fixture("hello.ko")])
      expect(run.status < 2, "\(options): \(run.errors)")
      expect(run.errors.isEmpty || options[0] == "--loaded", "\(options): \(run.errors)")
    }
    for (option, complaint) in [
      ("--kernel", "/nowhere"), ("--modules", "/nowhere"), (config, "/nowhere"),
      ("--symvers", "/nowhere"), ("--reference", "/nowhere"), ("--cert", "/nowhere"),
      ("--loaded", "/nowhere"), ("--kabi-list", "/nowhere"), ("--taint", "is no mask"),
    ] {
      let run = Run([command, option, "/nowhere", fixture("hello.ko")])
      expect(run.status, is: 2, "\(option)")
      expect(run.errors.contains(complaint), "\(option): \(run.errors)")
    }
  }
}
