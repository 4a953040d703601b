import Foundation
import TestSupport
import Testing

@testable import KoInspect

/// The main job: a built hello.ko goes in, the truth about it comes out.
@Suite("hello.ko")
struct HelloTests {
  @Test("show: name, licence, taints with reasons, parameter with its default, init and exit")
  func show() {
    let run = Run([fixture("hello.ko")])
    expect(run.status, is: 0)
    for text in [
      "hello", "GPL", "OE", "out of tree", "no signature", "name", "\"World\"", "charp", "0660",
      "hello_init", "hello_exit", ".init.text",
    ] {
      expect(run.output.contains(text), "\(text) in\n\(run.output)")
    }
    expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
    expect(!run.output.split(separator: "\n").contains { $0.hasSuffix(" ") })
  }

  @Test("JSON has the promised keys, in order", arguments: Fixtures.modules)
  func keys(name: String) throws {
    let run = Run(["--json", fixture(name)])
    let object = try #require(try run.json().first)
    let keys = [
      "schemaVersion", "path", "compression", "size", "name", "elf", "buildID", "buildSalt",
      "vermagic", "licenses", "gplCompatible", "modinfo", "parameters", "thisModule", "imports",
      "exports", "signature", "taints", "sections", "findings",
    ]
    for key in keys { expect(object[key] != nil, "\(key)") }
    let positions = keys.compactMap { run.output.range(of: "\"\($0)\":")?.lowerBound }
    expect(positions, is: positions.sorted())
    expect(!run.out.contains(0x1b))
  }

  @Test(
    "The parameter's default is the same on every machine",
    arguments: [
      "hello.ko", "arm64/hello.ko", "s390x/hello.ko", "armhf/hello.ko", "i386/hello.ko",
      "mipsel/hello.ko", "mips/hello.ko",
    ])
  func defaultValue(name: String) throws {
    let object = try #require(try Run(["--json", fixture(name)]).json().first)
    let parameters = try #require(object["parameters"] as? [[String: Any]])
    let parameter = try #require(parameters.first { $0["name"] as? String == "name" })
    expect(parameter["default"] as? String, is: "World")
    expect(parameter["mode"] as? String, is: "0660")
    expect(parameter["type"] as? String, is: "charp")
    let module = try #require(object["thisModule"] as? [String: Any])
    expect((module["init"] as? [String: Any])?["symbol"] as? String, is: "hello_init")
    expect((module["exit"] as? [String: Any])?["symbol"] as? String, is: "hello_exit")
  }
}
