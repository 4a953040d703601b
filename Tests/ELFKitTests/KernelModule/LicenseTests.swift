import ELFKit
import TestSupport
import Testing

@Suite("Licences")
struct LicenseTests {
  private static func slice(_ text: String) -> ByteSlice { ByteSlice(Array(text.utf8)) }

  @Test("The kernel's six texts are accepted", arguments: License.gplCompatible)
  func accepted(text: String) {
    expect(License.isGPLCompatible(Self.slice(text)))
  }

  @Test(
    "Everything else is not, one byte of difference included",
    arguments: [
      "", "gpl", "GPL ", " GPL", "GPLv2", "GPL-2.0", "GPL v3", "Proprietary", "MIT",
      "Dual BSD/GPL v2", "GPL\u{0}",
    ])
  func refused(text: String) {
    expect(!License.isGPLCompatible(Self.slice(text)))
  }

  @Test(
    "A misspelling leads to the text that was meant",
    arguments: [
      ("GPLv2", "GPL v2"), ("gpl", "GPL"), ("GPL ", "GPL"), ("GPL-2.0", "GPL v2"),
      ("GPL-2.0-or-later", "GPL"), ("Dual GPL/BSD", "Dual BSD/GPL"), ("MIT", "Dual MIT/GPL"),
      ("GPL and additonal rights", "GPL and additional rights"), ("Dual MPL / GPL", "Dual MPL/GPL"),
    ])
  func nearest(text: String, meant: String) {
    expect(License.nearestAccepted(to: Self.slice(text)), is: meant)
  }

  @Test("What resembles nothing leads nowhere", arguments: ["Proprietary", "Apache-2.0", "", "x"])
  func far(text: String) {
    expect(License.nearestAccepted(to: Self.slice(text)), is: nil)
  }
}
