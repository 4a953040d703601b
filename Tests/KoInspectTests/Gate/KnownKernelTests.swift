import Foundation
import TestSupport
import Testing

@testable import KoInspect

/// A kernel of which less is known than who described it thinks: modules would pass for want of it.
@Suite("check: what the kernel's description lacks")
struct KnownKernelTests {
  @Test(
    "A module that cannot be loaded, and a list without symbols, are reported in every format",
    arguments: CheckFormat.all.map(\.name), ["--loaded", "--symvers"])
  func nothingKnown(format: String, option: String) throws {
    let bytes = option == "--loaded" ? Array("no module".utf8) : []
    let file = try TemporaryFile(bytes, name: "nothing")
    let run = Run([
      "check", "--no-config", "--format", format, option, file.path, fixture("hello.ko"),
    ])
    expect(run.status, is: 2)
    expect(run.output.contains(format == "human" ? "1 could not be read" : "nothing"))
    if format == "sarif" { expect(run.output.contains("\"executionSuccessful\":false")) }
    let baseline = try TemporaryFile(Array("good".utf8), name: "baseline.json")
    let write = ["check", "--no-config", option, file.path, "--write-baseline", baseline.path]
    expect(Run(write + [fixture("hello.ko")]).status, is: 2)
    try expect(String(contentsOfFile: baseline.path, encoding: .utf8), is: "good")
  }

  @Test("One of several lists may be empty: that of a module which exports nothing")
  func emptyList() throws {
    let list = try TemporaryFile([], name: "Module.symvers")
    let full = try TemporaryFile(
      Array("0x00000000\tprintk\tvmlinux\tEXPORT_SYMBOL\t\n".utf8), name: "full")
    let run = Run([
      "check", "--no-config", "--symvers", full.path, "--symvers", list.path, fixture("hello.ko"),
    ])
    expect(!run.errors.contains("no symbol in this list"))
  }

  @Test("A build directory whose list of symbols is empty is an error")
  func emptyBuild() throws {
    let config = try TemporaryFile(Array("CONFIG_MODULES=y\n".utf8), name: ".config")
    let options = ["check", "--no-config", "--kernel", config.folder, fixture("hello.ko")]
    expect(Run(options).status, is: 0)
    try Data().write(to: URL(filePath: config.folder + "/Module.symvers"))
    let run = Run(options)
    expect(run.status == 2 && run.errors.contains("no symbol in this list"))
  }
}
