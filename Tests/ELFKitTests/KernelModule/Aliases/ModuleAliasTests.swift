import ELFKit
import TestSupport
import Testing

@Suite("Aliases in words")
struct ModuleAliasTests {
  @Test(
    "An alias is taken apart into its fields",
    arguments: [
      ("pci:v00008086d000010B9sv*sd*bc*sc*i*", "pci", "vendor=00008086 device=000010B9"),
      ("pci:v*d*sv*sd*bc0Csc03i30*", "pci", "class=0C subclass=03 interface=30"),
      (
        "usb:v0BDAp8153d*dc*dsc*dp*icFFisc*ip*in*", "usb",
        "vendor=0BDA product=8153 interface class=FF"
      ),
      ("of:N*T*Cbrcm,bcm2835-spiC*", "of", "compatible=brcm,bcm2835-spi"),
      ("of:NfanT*Cx", "of", "name=fan compatible=x"),
      ("acpi*:PNP0C0A:*", "acpi", "id=PNP0C0A"),
      ("dmi*:svnLENOVO*:pvrThinkPad*:", "dmi", "system vendor=LENOVO product version=ThinkPad"),
      ("input:b*v*p*e*-e*1,*k*a0,1,*r*m*l*s*f*w*", "input", "events=1, keys=a0,1,"),
      ("dmi:bvnIBM:bvrI[MU]ET??WW*", "dmi", "BIOS vendor=IBM BIOS version=I[MU]ET??WW"),
      ("platform:i8042", "platform", "name=i8042"),
      ("virtio:d00000001v*", "virtio", "device=00000001"),
      ("hid:b0003g*v0000046Dp0000C52B", "hid", "bus=0003 vendor=0000046D product=0000C52B"),
      ("char-major-10-200", "char", "major=10 minor=200"),
      ("net-pf-16-proto-4", "net", "family=16 protocol=4"),
      ("fs-ext4", "fs", "name=ext4"), ("plain_name", nil, ""), ("pci:", "pci", ""), ("", nil, ""),
    ] as [(String, String?, String)])
  func fields(text: String, bus: String?, expected: String) {
    let alias = ModuleAlias(ByteSlice(Array(text.utf8)))
    expect(alias.format?.bus, is: bus)
    let fields = alias.fields.map { "\($0.name)=\($0.value.text)" }.joined(separator: " ")
    expect(fields, is: expected)
  }

  @Test("Device tables of old and new kernels, with the number of their entries")
  func deviceTables() throws {
    var builder = ELFBuilder.module(modinfo: ["license=GPL", "vermagic=6.1.0-56-amd64 SMP "])
    let data = UInt16(builder.section(".rodata", [UInt8](repeating: 0, count: 400)))
    builder.symbol("__mod_pci__my_ids_device_table", section: data, size: 120, type: 1)
    builder.symbol("__mod_device_table__kmod_drv__usb__my_usb", section: data, size: 96, type: 1)
    builder.symbol("__mod_what__ids_device_table", section: data, size: 10, type: 1)
    builder.symbol("__mod_of__absent_device_table")
    builder.symbol("__mod_nothing", section: data)
    let tables = try KernelModule(ELFImage(builder.build())).deviceTables()
    let texts = tables.map { table in
      "\(table.type.text) \(table.variable.text) \(table.size) \(table.count.map(String.init) ?? "?")"
    }
    expect(texts, is: ["pci my_ids 120 2", "usb my_usb 96 2", "what ids 10 ?"])
  }

  @Test(
    "A table of PCI devices has larger entries since 5.16",
    arguments: [("5.10.0", 2), ("5.16.0", 1), ("7.2.0", 1), ("junk", nil)] as [(String, UInt64?)])
  func versions(release: String, count: UInt64?) throws {
    var builder = ELFBuilder.module(modinfo: ["license=GPL", "vermagic=\(release) SMP "])
    let data = UInt16(builder.section(".rodata", [UInt8](repeating: 0, count: 96)))
    builder.symbol("__mod_pci__ids_device_table", section: data, size: 96, type: 1)
    let tables = try KernelModule(ELFImage(builder.build())).deviceTables()
    expect(tables.first?.count, is: count)
  }
}
