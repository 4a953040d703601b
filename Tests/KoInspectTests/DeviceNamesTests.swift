import ELFKit
import TestSupport
import Testing

@testable import KoInspect

/// The lists of the machine give devices their names; without them, and for what they have not, numbers stay.
@Suite("Names of devices")
struct DeviceNamesTests {
  private static let lists = [
    "pci.ids": """
    # a comment
    10ec  Realtek
    \t8168  Another
    8086  Intel Corporation
    \t10d3  82574L Gigabit
    \t\t103c 1717  A part of it
    \t10ea  \u{1b}[31mred
    C 02  Network controller
    \t00  Ethernet controller
    """,
    "usb.ids": "046d  Logitech, Inc.\n\tc623  Space Traveller\n",
  ]

  private func run(_ aliases: [String], _ lists: [String: String] = lists) throws -> Run {
    let builder = ELFBuilder.module(
      "hello", modinfo: ["license=GPL"] + aliases.map { "alias=\($0)" })
    let file = try TemporaryFile(builder.build())
    return Run(["aliases", file.path], deviceLists: lists)
  }

  private static let pci = "pci:v00008086d000010D3sv*sd*bc*sc*i*"

  @Test("Vendor and device, in the list of their bus")
  func names() throws {
    let run = try run([Self.pci, "usb:v046DpC623d*dc*dsc*dp*ic*isc*ip*in*"])
    expect(run.output.contains("Intel Corporation, 82574L Gigabit"))
    expect(run.output.contains("Logitech, Inc., Space Traveller"))
  }

  @Test("A device that the list has not is called after its vendor; one of nobody's stays a number")
  func unknown() throws {
    try expect(
      run(["pci:v00008086d00009999sv*sd*bc*sc*i*"]).output.contains("Intel Corporation\n"))
    let run = try run(["pci:v00001234d000010D3sv*sd*bc*sc*i*"])
    expect(run.output.contains("1234") && !run.output.contains("82574L"))
  }

  @Test("Without a list the output is what it was; a list's text is escaped")
  func absent() throws {
    let bare = try run([Self.pci], [:])
    expect(bare.output.contains("vendor 8086, device 10D3\n"))
    let hostile = try run(["pci:v00008086d000010EAsv*sd*bc*sc*i*"])
    expect(!hostile.out.contains(0x1b) && hostile.output.contains("red"))
  }

  @Test("Buses, groups and features of processors are said in words; what may be anything is any")
  func numbers() throws {
    let run = try run(
      [
        "hid:b*g*v*p*", "hid:b0003g0101v0000056Ap00000301", "hid:b7777g*v*p*",
        "cpu:type:x86,ven0000fam*mod*:feature:*0099*", "cpu:type:x86,ven*fam*mod*:feature:*00E8*",
      ], [:])
    expect(run.output.contains("any HID device"))
    expect(run.output.contains("bus 0003 (USB), group 0101 (Wacom), vendor 056A, product 0301"))
    // Nobody's number, and a feature that only Linux numbers.
    expect(run.output.contains("bus 7777\n"))
    expect(run.output.contains("type x86, vendor 0000 (Intel), feature 0099 (AES-NI)"))
    expect(run.output.contains("type x86, feature 00E8\n"))
  }
}
