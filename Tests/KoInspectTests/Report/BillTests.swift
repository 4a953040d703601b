import ELFKit
import Foundation
import TestSupport
import Testing

@testable import KoInspect

@Suite("Bills of materials", .enabled(if: SHA256() != nil))
struct BillTests {
  private func object(_ run: Run) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(run.out)) as? [String: Any])
  }

  private func run(_ format: String, _ path: String) -> Run {
    Run(["report", "--format", format, path], variables: ["SOURCE_DATE_EPOCH": "1000000000"])
  }

  @Test("CycloneDX: what the file says, its digest, and no licence that it does not name")
  func cycloneDX() throws {
    let path = fixture("hello.ko")
    let bill = try object(run("cyclonedx", path))
    expect(bill["bomFormat"] as? String, is: "CycloneDX")
    let component = try #require((bill["components"] as? [[String: Any]])?.first)
    expect(component["name"] as? String == "hello" && component["version"] as? String == "1.0")
    expect(component["type"] as? String, is: "device-driver")
    let hash = try #require((component["hashes"] as? [[String: String]])?.first)
    let file = ByteSlice([UInt8](try Data(contentsOf: URL(filePath: path))))
    let digest = try #require(SHA256()?.digest(of: file))
    expect(hash["content"], is: digest.map { String(format: "%02x", $0) }.joined())
    let license = try #require(
      ((component["licenses"] as? [[String: Any]])?.first)?["license"] as? [String: Any])
    expect(license["name"] as? String == "GPL" && license["id"] == nil)
    let properties = try #require(license["properties"] as? [[String: String]])
    expect(
      properties.filter { $0["name"] == "koinspect:candidate" }.map { $0["value"] },
      is: ["GPL-2.0-only", "GPL-2.0-or-later"])
  }

  @Test(
    "SPDX: the licence is a reference with the text and how sure it is, and nothing is concluded")
  func spdx() throws {
    let bill = try object(run("spdx", fixture("hello.ko")))
    expect(
      (bill["creationInfo"] as? [String: Any])?["created"] as? String, is: "2001-09-09T01:46:40Z")
    let package = try #require((bill["packages"] as? [[String: Any]])?.first)
    expect(package["licenseDeclared"] as? String, is: "LicenseRef-MODULE-LICENSE-GPL")
    expect(package["licenseConcluded"] as? String, is: "NOASSERTION")
    expect((package["licenseComments"] as? String)?.contains("does not tell 'only'"), is: true)
    let license = try #require((bill["hasExtractedLicensingInfos"] as? [[String: Any]])?.first)
    expect(license["extractedText"] as? String, is: "MODULE_LICENSE(\"GPL\")")
  }

  @Test(
    "The sources that tables and debug information name are listed, and that they may not be all")
  func sources() throws {
    let path = Fixtures.path("pairs/debug.ko.xz")
    let component = try #require(
      (try object(run("cyclonedx", path))["components"] as? [[String: Any]])?.first)
    let files = try #require(component["components"] as? [[String: String]])
    expect(files.contains { $0["name"]?.hasSuffix(".c") == true })
    expect(files.allSatisfy { $0["type"] == "file" })
    let compositions = try object(run("cyclonedx", path))["compositions"] as? [[String: Any]]
    expect(compositions?.first?["aggregate"] as? String, is: "incomplete")
    // The digest is that of the file, compressed as it is.
    let file = ByteSlice([UInt8](try Data(contentsOf: URL(filePath: path))))
    let digest = try #require(SHA256()?.digest(of: file))
    expect(
      ((component["hashes"] as? [[String: String]])?.first)?["content"],
      is: digest.map { String(format: "%02x", $0) }.joined())
  }

  @Test("Texts that have one reference are told apart, and what is no text is escaped")
  func licenses() throws {
    let tree = try ModuleTree()
    for (name, text) in [("a", "X Y"), ("b", "X-Y"), ("c", "")] {
      try tree.write(
        "\(name).ko", ELFBuilder.module(name, modinfo: ["license=\(text)"]).build())
    }
    var builder = ELFBuilder()
    builder.section(".modinfo", Array("license=".utf8) + [0xff, 0x1b, 0])
    builder.thisModule("d")
    try tree.write("d.ko", builder.build())
    try tree.write("e.ko", ELFBuilder.module("e", modinfo: ["intree=Y"]).build())
    let bill = try object(run("spdx", tree.path))
    let packages = try #require(bill["packages"] as? [[String: Any]])
    let declared = packages.compactMap { $0["licenseDeclared"] as? String }
    expect(Set(declared).count == 5 && declared.last == "NONE")
    let known = try #require(bill["hasExtractedLicensingInfos"] as? [[String: Any]])
    expect(Set(known.compactMap { $0["licenseId"] as? String }), is: Set(declared.dropLast()))
    expect(known.contains { ($0["name"] as? String) == "\\xff\\x1b" })
  }

  @Test("Who needs whom is in both, and a missing module makes them incomplete")
  func dependencies() throws {
    let tree = try ModuleTree()
    try tree.add("a.ko", offers: ["a_do"])
    try tree.add("b.ko", needs: ["a_do"])
    try tree.write("c.ko", "no module")
    let cyclone = run("cyclonedx", tree.path)
    expect(cyclone.status, is: 2)
    let dependencies = try #require(try object(cyclone)["dependencies"] as? [[String: Any]])
    expect(dependencies[1]["dependsOn"] as? [String], is: ["module-0"])
    expect((try object(cyclone)["compositions"] as? [[String: Any]])?.count, is: 2)
    let spdx = try object(run("spdx", tree.path))
    let relations = try #require(spdx["relationships"] as? [[String: String]])
    expect(
      relations.contains {
        $0["relationshipType"] == "DEPENDS_ON" && $0["spdxElementId"] == "SPDXRef-module-1"
          && $0["relatedSpdxElement"] == "SPDXRef-module-0"
      })
    expect((spdx["comment"] as? String)?.contains("missing"), is: true)
  }

  @Test("The same files give the same bytes, and others another name of the document")
  func deterministic() throws {
    let path = Fixtures.path("pairs")
    expect(run("spdx", path).out, is: run("spdx", path).out)
    let one = try object(run("cyclonedx", fixture("hello.ko")))["serialNumber"] as? String
    let other = try object(run("cyclonedx", fixture("exporter.ko")))["serialNumber"] as? String
    expect(one != other && one?.hasPrefix("urn:uuid:") == true)
  }

  @Test("A format that is none, and a kernel that nobody asks, are errors")
  func usage() {
    expect(Run(["report", "--format", "pdf", fixture("hello.ko")]).status, is: 2)
    expect(
      Run(["report", "--format", "spdx", "--running", fixture("hello.ko")]).status, is: 2)
  }
}
