import Foundation
import TestSupport
import Testing

@testable import KoInspect

@Suite("koinspect check")
struct CheckTests {
  @Test(
    "Fixtures get exactly their findings",
    arguments: [
      ("hello.ko", [], 0), ("license_missing.ko", ["missing-license"], 1),
      ("license_proprietary.ko", ["proprietary-license"], 1),
      ("license_misspelt.ko", ["unknown-license"], 1),
      ("license_blank.ko", ["unknown-license"], 1), ("license_two.ko", ["mixed-license"], 1),
    ] as [(String, [String], Int32)])
  func findings(name: String, rules: [String], status: Int32) throws {
    let human = Run(["check", fixture(name)])
    let json = Run(["check", "--format", "json", fixture(name)])
    #expect(human.status == status)
    #expect(json.status == status, "the status is the same for every format")
    let object = try #require(try json.json().first)
    let found = try #require(object["findings"] as? [[String: Any]])
    #expect(found.compactMap { $0["rule"] as? String } == rules)
    for rule in rules { #expect(human.output.contains("[\(rule)]")) }
  }

  @Test("The nearest accepted spelling is suggested")
  func suggestion() {
    #expect(
      Run(["check", fixture("license_misspelt.ko")]).output.contains("did you mean 'GPL v2'?"))
  }

  @Test("An unreadable file is status 2, also when there are findings")
  func unreadable() {
    let run = Run(["check", fixture("license_missing.ko"), "/nowhere.ko"])
    #expect(run.status == 2)
    #expect(run.output.contains("[missing-license]"))
  }

  @Test("An unknown format is named")
  func format() {
    let run = Run(["check", "--format", "xml", fixture("hello.ko")])
    #expect(run.status == 2)
    #expect(run.errors.contains("unknown format 'xml'"))
  }
}
