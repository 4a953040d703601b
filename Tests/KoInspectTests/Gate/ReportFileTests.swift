import Foundation
import TestSupport
import Testing

@testable import KoInspect

/// Reports and baselines: never lost, never spoilt.
@Suite("check: files that are written")
struct ReportFileTests {
  private func text(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
  }

  private func write(_ options: [String], _ path: String, _ module: String = "license_missing.ko")
    -> Run
  {
    Run(["check", "--no-config"] + options + ["-o", path, fixture(module)])
  }

  @Test("A run that could read nothing leaves report and baseline as they were")
  func kept() throws {
    let file = try TemporaryFile(Array("good".utf8), name: "report")
    let list = try TemporaryFile([], name: "list")
    for named in [["/nowhere.ko"], ["--files-from", list.path]] {
      for option in ["-o", "--write-baseline"] {
        expect(Run(["check", "--no-config", option, file.path] + named).status, is: 2)
        try expect(text(file.path), is: "good", "\(option) \(named)")
      }
    }
    let partly = ["check", "--no-config", "--write-baseline", file.path, fixture("hello.ko")]
    expect(Run(partly + ["/nowhere.ko"]).status, is: 2)
    try expect(text(file.path), is: "good")
    // Where nothing is lost the report is written, and says what could not be read.
    let new = file.folder + "/new"
    expect(Run(["check", "--format", "sarif", "-o", new, "/nowhere.ko"]).status, is: 2)
    try expect(text(new).contains("\"executionSuccessful\":false"))
  }

  @Test("Mode, links and hard links stay; a protected file is not replaced")
  func identity() throws {
    let file = try TemporaryFile(Array("old".utf8), name: "report")
    let manager = FileManager.default
    try manager.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file.path)
    expect(write([], file.path).status, is: 1)
    try expect(manager.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int, is: 0o640)

    let link = file.folder + "/link"
    try manager.createSymbolicLink(atPath: link, withDestinationPath: "report")
    expect(write(["--format", "json"], link).status, is: 1)
    try expect(manager.destinationOfSymbolicLink(atPath: link), is: "report")
    try expect(text(file.path).hasPrefix("{"))
    let dangling = file.folder + "/dangling"
    try manager.createSymbolicLink(atPath: dangling, withDestinationPath: "later")
    expect(write([], dangling).status, is: 1)
    try expect(text(file.folder + "/later").contains("missing-license"))

    let hard = file.folder + "/hard"
    try manager.linkItem(atPath: file.path, toPath: hard)
    expect(write([], hard).status, is: 1)
    try expect(text(file.path), is: text(hard))
    try expect(text(hard).contains("[missing-license]"))
    if geteuid() != 0 {
      try manager.setAttributes([.posixPermissions: 0o440], ofItemAtPath: file.path)
      expect(write([], file.path).status, is: 2)
    }
  }

  @Test("Names of 250 bytes, and files that another run has left")
  func names() throws {
    let folder = try TemporaryFile([], name: "x")
    let long = folder.folder + "/" + String(repeating: "n", count: 250)
    expect(write([], long).status, is: 1)
    try expect(text(long).contains("missing-license"))
    for number in 0..<3 {
      let left = folder.folder + "/.koinspect.\(getpid()).\(number).tmp"
      try Data("left".utf8).write(to: URL(filePath: left))
    }
    let path = folder.folder + "/report"
    expect(write([], path).status, is: 1)
    try expect(text(path).contains("missing-license"))
  }

  @Test("What is read is not written over")
  func inputs() throws {
    let module = try TemporaryFile(try Fixtures.bytes("license_missing.ko"), name: "a.ko")
    let other = module.folder + "/b"
    try FileManager.default.linkItem(atPath: module.path, toPath: other)
    for path in [module.path, other] {
      for option in ["-o", "--write-baseline"] {
        expect(Run(["check", "--no-config", option, path, module.folder]).status, is: 2)
        try expect([UInt8](Data(contentsOf: URL(filePath: module.path))).starts(with: [0x7f]))
      }
    }
    let report = module.folder + "/same"
    let both = ["check", "--no-config", "-o", report, "--write-baseline", report, module.path]
    expect(Run(both).status, is: 2)
  }

  @Test(
    "Closed streams: messages do not go into the report, and lost output is status 2",
    arguments: [
      ("exec \"$0\" check --no-config -o \"$1\" \"$2\" /nowhere.ko 2>&-", 2),
      ("exec \"$0\" check --no-config -o \"$1\" \"$2\" <&- >&- 2>&-", 1),
      ("exec \"$0\" check --no-config \"$2\" >&-", 2),
      ("exec \"$0\" check - <&-", 2),
    ] as [(String, Int32)])
  func closed(line: String, status: Int32) throws {
    let report = try TemporaryFile(Array("old".utf8), name: "report")
    let run = try BuiltBinary.run(line, [report.path, fixture("license_missing.ko")])
    expect(run.status, is: status)
    let written = try text(report.path)
    expect(!written.contains("koinspect:") && !written.contains("nowhere.ko: "))
  }

  @Test("Pipes that do not wait are waited for, to read as to write")
  func nonBlocking() throws {
    let pipe = Pipe()
    let (reading, writing) = (
      pipe.fileHandleForReading.fileDescriptor, pipe.fileHandleForWriting.fileDescriptor
    )
    let file = try FileDescriptor(opening: Array("/dev/fd/\(reading)".utf8), O_NONBLOCK)
    expect(fcntl(writing, F_SETFL, O_NONBLOCK), is: 0)
    // More than a pipe holds.
    let bytes = [UInt8](repeating: 0x78, count: 1 << 20)
    let thread = Thread {
      usleep(50_000)
      let sink = FileDescriptorSink(writing)
      sink.write(bytes)
      expect(sink.failure, is: nil)
      try? pipe.fileHandleForWriting.close()
    }
    thread.start()
    try expect(file.readToEnd(Input.Limits()), is: bytes)
  }

  @Test("No report is written over what the run found by itself and read")
  func foundInputs() throws {
    let file = try TemporaryFile(Array("CONFIG_MODULES=y\n".utf8), name: ".config")
    let folder = file.folder
    let module = folder + "/hello.ko"
    let policy = folder + "/.koinspect.json"
    try Data(Fixtures.bytes("hello.ko")).write(to: URL(filePath: module))
    try Data("{\"allowedImports\":\"imports\"}".utf8).write(to: URL(filePath: policy))
    let imports = folder + "/imports"
    try Data("printk\n".utf8).write(to: URL(filePath: imports))
    let keys = folder + "/keys"
    try FileManager.default.createDirectory(atPath: keys, withIntermediateDirectories: false)
    try Data(Fixtures.bytes("hello-signed.x509.der")).write(to: URL(filePath: keys + "/key"))
    let target = folder + "/target.json"
    try Data(Fixtures.bytes("debian-6.1.0-56-amd64.json")).write(to: URL(filePath: target))
    var cases = [
      (["--kernel", folder], file.path), (["--kernel", target], target), ([], policy),
      ([], imports), (["--modules", folder], module),
    ]
    if Libcrypto() != nil { cases.append((["--cert", keys], keys + "/key")) }
    for (options, report) in cases {
      let old = try Data(contentsOf: URL(filePath: report))
      let operand = options.first == "--modules" ? fixture("hello.ko") : module
      let run = Run(["check"] + options + ["-o", report, operand])
      expect(run.status == 2 && run.errors.contains("not written"), "\(options) \(report)")
      try expect(Data(contentsOf: URL(filePath: report)), is: old, "\(options) \(report)")
    }
    let both = try TemporaryFile(Array("old".utf8), name: "both")
    expect(write(["--write-baseline", both.path], both.path).status, is: 2)
    try expect(text(both.path), is: "old")
  }

  @Test("A list of files is no larger than lists are")
  func longList() throws {
    let list = try TemporaryFile([], name: "list")
    let handle = try FileHandle(forWritingTo: URL(filePath: list.path))
    try handle.truncate(atOffset: 1 << 27)
    let run = Run(["check", "--no-config", "--files-from", list.path])
    expect(run.status == 2 && run.errors.contains("64 MiB"))
    // What is no module costs its head only, whatever its size.
    let device = Run(["check", "--no-config", "--reference", "/dev/zero", fixture("hello.ko")])
    expect(device.status == 2 && !device.errors.contains("bytes"))
  }
}
