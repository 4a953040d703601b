import ELFKit
import TestSupport
import Testing

@Suite("Taints that the file decides")
struct TaintTests {
  static let cases: [(modinfo: [String], name: String, letters: String)] = [
    (["license=GPL"], "m", "OE"),
    (["license=GPL", "intree=Y"], "m", "E"),
    (["license=GPL", "intree="], "m", "E"),
    (["license=GPL", "intree"], "m", "OE"),
    (["license=Proprietary"], "m", "POE"),
    (["license=GPL", "license=Proprietary"], "m", "OE"),
    (["license=Proprietary", "license=GPL"], "m", "POE"),
    (["intree=Y"], "m", "PE"),
    (["license=GPL", "intree=Y", "staging=N"], "m", "CE"),
    (["license=GPL", "livepatch=Y", "test=Y"], "m", "OEKN"),
    (["license=GPL"], "ndiswrapper", "POE"),
    (["license=GPL"], "driverloader", "POE"),
  ]

  @Test("Letters come in the order of their bits", arguments: cases)
  func letters(modinfo: [String], name: String, letters: String) throws {
    var builder = ELFBuilder()
    builder.modinfo(modinfo)
    builder.thisModule(name)
    let taints = try KernelModule(ELFImage(builder.build())).taints()
    expect(String(taints.map(\.taint.letter)), is: letters)
    expect(taints.map(\.taint.bit), is: taints.map(\.taint.bit).sorted())
  }
}
