// The forms of aliases, one row each (scripts/mod/file2alias.c; for names that are no devices
// include/linux/module.h, fs.h, crypto.h, net.h, miscdevice.h …).

/// A form that aliases have.
public struct AliasFormat: Sendable {
  /// What the alias begins with, such as `pci:`.
  public let prefix: String
  /// What claims of this form are about, singular, such as `PCI device`.
  public let subject: String
  /// The parts behind the prefix, in their order.
  let parts: [Part]
  /// Whether all parts stand there in their order, as `file2alias` writes them. In the others any
  /// may be missing.
  let isOrdered: Bool
  /// What may follow at the end and says nothing: `C*` allows further `compatible` strings.
  let trailer: String

  /// A part: the letters it begins with, and what it is.
  struct Part: Sendable {
    let key: String
    let name: String
  }

  /// The word before the colon, such as `pci`.
  public var bus: String {
    String(prefix.prefix { $0 != ":" && $0 != "*" && $0 != "-" })
  }

  private init(
    _ prefix: String, _ subject: String, _ parts: KeyValuePairs<String, String> = [:],
    isOrdered: Bool = true, trailer: String = ""
  ) {
    self.prefix = prefix
    self.subject = subject
    self.parts = parts.map { Part(key: $0.key, name: $0.value) }
    self.isOrdered = isOrdered
    self.trailer = trailer
  }

  /// All of them.
  public static let all: [Self] = [
    Self("pci:", "PCI device", pciParts),
    Self("vfio_pci:", "VFIO PCI device", pciParts),
    Self(
      "usb:", "USB device",
      [
        "v": "vendor", "p": "product", "d": "version", "dc": "device class",
        "dsc": "device subclass", "dp": "device protocol", "ic": "interface class",
        "isc": "interface subclass", "ip": "interface protocol", "in": "interface number",
      ]),
    Self("of:", "device tree node", ["N": "name", "T": "type", "C": "compatible"], trailer: "C*"),
    Self("acpi*:", "ACPI device", ["": "id"]),
    Self("acpi:", "ACPI device", ["": "id"]),
    Self("platform:", "platform device", ["": "name"]),
    Self("i2c:", "I²C device", ["": "name"]),
    Self("spi:", "SPI device", ["": "name"]),
    Self("dmi*", "DMI machine", dmiParts, isOrdered: false),
    Self("dmi:", "DMI machine", dmiParts, isOrdered: false),
    Self(
      "hid:", "HID device", ["b": "bus", "g": "group", "v": "vendor", "p": "product"]),
    Self(
      "input:", "input device",
      [
        "b": "bus", "v": "vendor", "p": "product", "e": "version", "-e": "events", "k": "keys",
        "r": "relative axes", "a": "absolute axes", "m": "misc events", "l": "LEDs",
        "s": "sounds", "f": "force feedback", "w": "switches",
      ]),
    Self("virtio:", "virtio device", ["d": "device", "v": "vendor"]),
    Self("vmbus:", "Hyper-V device", ["": "GUID"]),
    Self("sdio:", "SDIO device", ["c": "class", "v": "vendor", "d": "device"]),
    Self("mdio:", "network PHY", ["": "id in base 2"]),
    Self("scsi:t-", "SCSI device", ["": "type"]),
    Self(
      "serio:", "serial I/O device", ["ty": "type", "pr": "protocol", "id": "id", "ex": "extra"]),
    Self("pnp:d", "PnP device", ["": "id"]),
    Self("pnp:c", "PnP card", ["": "id"]),
    Self("ssb:", "SSB device", ["v": "vendor", "id": "core", "rev": "revision"]),
    Self(
      "bcma:", "BCMA device",
      ["m": "manufacturer", "id": "core", "rev": "revision", "cl": "class"]),
    Self(
      "pcmcia:", "PCMCIA device",
      [
        "m": "manufacturer", "c": "card", "f": "function id", "fn": "function",
        "pfn": "pseudo function", "pa": "product id hash", "pb": "product id hash 2",
        "pc": "product id hash 3", "pd": "product id hash 4",
      ]),
    Self("hdaudio:", "HD audio codec", ["v": "vendor", "r": "revision", "a": "API version"]),
    Self("mei:", "Intel ME client", ["": "client"]),
    Self("wmi:", "WMI device", ["": "GUID"]),
    Self(
      "ieee1394:", "FireWire device",
      ["ven": "vendor", "mo": "model", "sp": "specifier", "ver": "version"]),
    Self("eisa:s", "EISA device", ["": "signature"]),
    Self("isapnp:", "ISA PnP device", ["": "id"]),
    Self("parport:", "parallel port device", ["": "id"]),
    Self("gameport:", "game port device", ["": "id"]),
    Self(
      "parisc:", "PA-RISC device",
      ["t": "type", "hv": "hardware version", "rev": "revision", "sv": "software version"]),
    Self(
      "ccw:", "channel device",
      ["t": "control unit", "m": "model", "dt": "device type", "dm": "device model"]),
    Self("css:t", "subchannel", ["": "type"]),
    Self("ap:t", "crypto card", ["": "type"]),
    Self("vio:", "virtual I/O device", ["T": "type", "S": "compatible"]),
    Self("zorro:i", "Zorro device", ["": "id"]),
    Self("ipack:", "IndustryPack device", ["f": "format", "v": "vendor", "d": "device"]),
    Self("amba:d", "AMBA device", ["": "id"]),
    Self("mipscdmm:t", "MIPS CDMM device", ["": "type"]),
    Self("x86cpu:", "x86 processor", ["": "feature"]),
    Self(
      "cpu:type:", "processor",
      ["": "type", ",ven": "vendor", "fam": "family", "mod": "model", ":feature:": "feature"],
      isOrdered: false),
    Self(
      "rapidio:", "RapidIO device",
      ["v": "vendor", "d": "device", "av": "assembly vendor", "ad": "assembly device"]),
    Self("mcb:16z", "MEN Chameleon device", ["": "id"]),
    Self("fsl-mc:", "Freescale MC object", ["v": "vendor", "d": "type"]),
    Self(
      "tbsvc:", "Thunderbolt service",
      ["k": "key", "p": "protocol", "v": "version", "r": "revision"]),
    Self("typec:", "USB-C alternate mode", ["id": "SVID", "m": "mode"]),
    Self("tee:", "TEE service", ["": "UUID"]),
    Self("mhi:", "MHI channel", ["": "name"]),
    Self("mhi_ep:", "MHI endpoint channel", ["": "name"]),
    Self("auxiliary:", "auxiliary device", ["": "name"]),
    Self(
      "ssam:", "Surface device",
      [
        "d": "domain", "c": "category", "t": "target", "i": "instance", "f": "function",
      ]),
    Self("dfl:", "FPGA feature", ["t": "type", "f": "feature"]),
    Self("ishtp:", "Intel sensor hub client", ["": "GUID"]),
    Self(
      "cdx:", "CDX device",
      [
        "v": "vendor", "d": "device", "sv": "subsystem vendor", "sd": "subsystem device",
        "c": "class",
      ]),
    Self("rpmsg:", "remote processor channel", ["": "name"]),
    Self("slim:", "SLIMbus device", ["": "id"]),
    Self(
      "sdw:", "SoundWire device",
      ["m": "manufacturer", "p": "part", "v": "version", "c": "class"]),
    Self(
      "i3c:", "I3C device",
      ["dcr": "type", "manuf": "manufacturer", "part": "part", "ext": "extra"]
    ),
    Self("ulpi:", "ULPI PHY", ["v": "vendor", "p": "product"]),
    Self("coreboot:t", "coreboot table entry", ["": "tag"]),
    Self("fs-", "file system", ["": "name"]),
    Self("crypto-", "crypto algorithm", ["": "name"]),
    Self("net-pf-", "socket family", ["": "family", "-proto-": "protocol", "-type-": "type"]),
    Self("char-major-", "character device", ["": "major", "-": "minor"]),
    Self("block-major-", "block device", ["": "major", "-": "minor"]),
    Self("devname:", "device node", ["": "name"]),
    Self("rtnl-link-", "network link type", ["": "name"]),
    Self("tcp_", "TCP congestion control", ["": "name"]),
    Self("binfmt-", "binary format", ["": "magic"]),
    Self("nls_", "character set", ["": "name"]),
    Self("ip_vs_", "IPVS scheduler or protocol", ["": "name"]),
    Self("sound-", "sound service", ["": "name"]),
    Self("snd-card-", "sound card", ["": "number"]),
    Self("ldtdisc-", "line discipline", ["": "number"]),
    Self("tty-ldisc-", "line discipline", ["": "number"]),
    Self("md-", "RAID personality", ["": "name"]),
    Self("dm-", "device mapper target", ["": "name"]),
    Self("net-", "network service", ["": "name"]),
    Self("ipt_", "packet filter extension", ["": "name"]),
    Self("ip6t_", "packet filter extension", ["": "name"]),
    Self("arpt_", "packet filter extension", ["": "name"]),
    Self("ebt_", "packet filter extension", ["": "name"]),
    Self("xt_", "packet filter extension", ["": "name"]),
    Self("nft-", "nftables extension", ["": "name"]),
    Self("nf_", "netfilter module", ["": "name"]),
  ]

  private static let dmiParts: KeyValuePairs<String, String> = [
    ":bvn": "BIOS vendor", ":bvr": "BIOS version", ":bd": "BIOS date", ":br": "BIOS release",
    ":efr": "firmware release", ":svn": "system vendor", ":pn": "product name",
    ":pvr": "product version", ":sku": "product SKU", ":pfa": "product family",
    ":rvn": "board vendor", ":rn": "board name", ":rvr": "board version",
    ":cvn": "chassis vendor", ":ct": "chassis type", ":cvr": "chassis version",
  ]

  private static let pciParts: KeyValuePairs<String, String> = [
    "v": "vendor", "d": "device", "sv": "subsystem vendor", "sd": "subsystem device",
    "bc": "class", "sc": "subclass", "i": "interface",
  ]
}
