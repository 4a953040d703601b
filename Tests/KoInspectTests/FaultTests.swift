import ELFKit
import Foundation
import TestSupport
import Testing

@testable import KoInspect

/// What kernels printed when modules went wrong (Fixtures/traces/faults, Scripts/record-faults): WARN, BUG, a
/// read from nowhere, stacks, in code that stays, in its unlikely parts, on loading and on unloading.
@Suite("Modules that went wrong")
struct FaultTests {
  static let kernels = ["5.10", "6.1", "6.1-arm64", "6.1-armhf", "6.1-i386", "6.12", "7.2"]
  static let modules = ["faults", "initbug", "initnull", "exitnull"]

  private static func unpacked(_ name: String) throws -> [UInt8] {
    let packed = ByteSlice(try Fixtures.bytes("traces/faults/\(name).xz"))
    return try Compression.xz.decompress(packed, Input.Limits())
  }

  private static func paths(_ kernel: String) -> [String] {
    modules.map { Fixtures.path("traces/faults/\(kernel)/\($0).ko.xz") }
  }

  @Test("Every place is found, and each module is the build that ran", arguments: kernels)
  func found(_ kernel: String) throws {
    let folder = try DecodeTests.Folder()
    let log = try Self.unpacked("\(kernel)/log")
    let path = try folder.file("log", log)
    let run = Run(["decode", "--json"] + Self.paths(kernel) + [path])
    expect(run.status, is: 0, "\(run.errors)")
    let objects = try run.json()
    let places = objects.filter { $0["module"] is String && $0["kind"] as? String != "address" }
    let found = places.filter { $0["kind"] != nil }
    let printed = String(decoding: log, as: UTF8.self).matches(
      of: /\+0x[0-9a-f]+\/0x[0-9a-f]+ \[(faults|init|exit)/)
    expect(found.count == printed.count && found.count >= 36)
    for place in found { expect(place["section"] is String, "\(place)") }
    let sections = Set(found.compactMap { $0["section"] as? String })
    expect(sections.isSuperset(of: [".text", ".init.text", ".exit.text"]))
    expect(
      objects.compactMap { $0["verdict"] as? String }, is: Array(repeating: "consistent", count: 4))
    // Places that calls return to tell what had been called, but for calls through pointers.
    let frames = found.filter {
      $0["kind"] as? String == "frame" && $0["reliable"] as? Bool == true
    }
    let called = frames.filter { $0["call"] is String }
    expect(called.count >= 18)
    // The text has the log in it as it was, and no frame is said to be another's.
    let text = Run(["decode"] + Self.paths(kernel) + [path]).output
    for line in text.split(separator: "\n") where line.contains("the frame above is") {
      expect(line.contains("called dump_stack (the frame above is dump_stack_lvl)"), "\(line)")
    }
  }

  @Test("Numbers that are addresses of code have the names that the symbols give them")
  func addresses() throws {
    let folder = try DecodeTests.Folder()
    let path = try folder.file("log", try Self.unpacked("6.1/log"))
    let text = Run(["decode"] + Self.paths("6.1") + [path]).output
    for line in [
      "0xffffffffc04f0000 is faults_init [faults], .init.text+0x0; freed once init has run",
      "0xffffffffc04ea0c0 is deeper [faults], .text+0xc0",
      "0xffffffffc04ea020 is late [faults], .text+0x20",
    ] { expect(text.contains("    -> \(line)\n"), "\(line)") }
    let arm = try folder.file("arm", try Self.unpacked("6.1-armhf/log"))
    let words = Run(["decode"] + Self.paths("6.1-armhf") + [arm]).output
    expect(words.contains("    -> 0xbf00001c is pointed+0x1c [faults], .text+0x1c\n"))
    // The registers that the names stand for are not told again.
    expect(words.contains("pc : [<bf0000b4>]    lr : [<bf000124>]    psr: 600d0013\n["))
  }

  @Test(
    "A module of another kernel, or with one more statement, is different, and no other is the same"
  )
  func otherBuilds() throws {
    let folder = try DecodeTests.Folder()
    func verdicts(_ paths: [String], _ log: String) throws -> [String] {
      try Run(["decode", "--json"] + paths + [log]).json().compactMap { $0["verdict"] as? String }
    }
    let log = try folder.file("log", try Self.unpacked("6.1/log"))
    let more = Fixtures.path("traces/faults/more.ko.xz")
    try expect(verdicts([more], log), is: ["different"])
    // Of several builds the right one is taken.
    try expect(verdicts([more, Self.paths("6.1")[0]], log), is: ["consistent"])
    for kernel in Self.kernels where kernel != "6.1" {
      let found = try verdicts(Self.paths(kernel), log)
      expect(found.first == "different" && !found.contains("same"), "\(kernel)")
    }
  }

  @Test("Without lines, the pr_debugs before and behind a place tell between whose code it is")
  func bounds() throws {
    for (machine, first, second) in [
      ("amd64", 0x2a, 0x4e), ("i386", 0x2c, 0x4f), ("armhf", 0x38, 0x60),
    ] {
      let module = Fixtures.path("traces/debugs/\(machine).ko.xz")
      let places = [first, second].map { "steps+\($0)" }
      let run = try Run(["decode", "--json", module] + places).json()
      let bounds = run.map { $0["bounds"] as? [String: Any] }
      expect(bounds.count == 3 || bounds.count == 2)
      expect(bounds[0]?["first"] as? Int == 8 && bounds[0]?["last"] as? Int == 10, "\(machine)")
      expect(bounds[1] == nil, "\(machine)")
      let text = Run(["decode", module] + places).output
      expect(text.contains("; between the code of lines 8 and 10 of "))
    }
  }
}
