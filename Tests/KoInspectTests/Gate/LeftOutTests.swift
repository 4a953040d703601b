import Foundation
import TestSupport
import Testing

@testable import KoInspect

/// What lies where modules are looked for, and is not read.
@Suite("check: what is not followed, and what leads nowhere")
struct LeftOutTests {
  private let manager = FileManager.default

  private func link(_ path: String, _ target: String) throws {
    try manager.createSymbolicLink(atPath: path, withDestinationPath: target)
  }

  @Test("Links that are not followed are said in every format", arguments: CheckFormat.all)
  func leftOut(format: CheckFormat) throws {
    let module = try TemporaryFile(try Fixtures.bytes("hello.ko"), name: "a.ko")
    try link(module.folder + "/link.ko", fixture("license_missing.ko"))
    let run = Run(["check", "--no-config", "--format", format.name, module.folder])
    expect(run.status, is: 0)
    expect(run.output.contains("left out"))
    expect(run.errors.contains("1 link or special file left out"))
  }

  @Test("A link that leads nowhere could not be read", arguments: CheckFormat.all)
  func dangling(format: CheckFormat) throws {
    let module = try TemporaryFile(try Fixtures.bytes("hello.ko"), name: "a.ko")
    try link(module.folder + "/gone.ko", "nowhere")
    try link(module.folder + "/loop.ko", "loop.ko")
    let options = ["check", "--no-config", "--format", format.name]
    for arguments in [[module.folder], ["--modules", module.folder, fixture("hello.ko")]] {
      let run = Run(options + arguments)
      expect(run.status, is: 2)
      expect(run.output.contains(format.name == "human" ? "2 could not be read" : "gone.ko"))
      expect(run.errors.contains("gone.ko") && run.errors.contains("loop.ko"))
    }
  }

  @Test("--modules tells what it leaves out, but the links of /lib/modules/RELEASE")
  func modules() throws {
    let module = try TemporaryFile(try Fixtures.bytes("hello.ko"), name: "a.ko")
    let other = try TemporaryFile(try Fixtures.bytes("exporter.ko"), name: "b.ko")
    for name in ["build", "source"] { try link(module.folder + "/" + name, other.folder) }
    expect(unsafe mkfifo(module.folder + "/pipe.ko", 0o600), is: 0)
    let options = ["check", "--no-config", "--modules", module.folder, fixture("hello.ko")]
    let run = Run(options)
    expect(run.status == 0 && run.errors.contains("3 links or special files left out"))
    expect(run.output.contains("left out"))
    try Data().write(to: URL(filePath: module.folder + "/modules.order"))
    expect(Run(options).errors.contains("1 link or special file left out"))
    try manager.removeItem(atPath: module.folder + "/pipe.ko")
    expect(!Run(options).errors.contains("left out"))
  }

  @Test(
    "A kernel's file that is there and cannot be read is an error that names it",
    arguments: ["Module.symvers", "include/config/kernel.release"], ["nowhere", "", "folder"])
  func kernelFiles(name: String, target: String) throws {
    let config = try TemporaryFile(Array("CONFIG_MODULES=y\n".utf8), name: ".config")
    let path = config.folder + "/" + name
    try manager.createDirectory(
      atPath: config.folder + "/include/config", withIntermediateDirectories: true)
    if target == "folder" {
      try manager.createDirectory(atPath: path, withIntermediateDirectories: false)
    } else {
      try link(path, target.isEmpty ? path : target)
    }
    let run = Run(["check", "--no-config", "--kernel", config.folder, fixture("hello.ko")])
    expect(run.status == 2 && run.errors.contains(name))
  }

  @Test("Headers that may not be looked at are not taken for headers that are not there")
  func headers() throws {
    let module = try TemporaryFile(try Fixtures.bytes("hello.ko"), name: "a.ko")
    try manager.createDirectory(
      atPath: module.folder + "/kernel", withIntermediateDirectories: false)
    let options = ["check", "--no-config", "--kernel", module.folder, fixture("hello.ko")]
    let build = module.folder + "/build"
    try link(build, "nowhere")
    expect(Run(options).status, is: 0)
    try manager.removeItem(atPath: build)
    try link(build, "build")
    let run = Run(options)
    expect(run.status == 2 && run.errors.contains("build"))
  }
}
