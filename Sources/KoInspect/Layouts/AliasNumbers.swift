// What numbers in aliases mean: classes of devices (PCI Code and ID Assignment Specification; USB-IF Defined Class
// Codes), buses and groups of HID (include/uapi/linux/input.h, include/linux/hid.h), vendors of
// processors; features of these are in ELFKit's Machines/.

import ELFKit

enum AliasNumbers {
  /// What the number of `field` means on `bus`; `nil` when it is none, or not known. `machine` is the module's.
  static func meaning(
    of field: ModuleAlias.Field, _ bus: String, _ machine: Machine?
  ) -> String? {
    guard let number = UInt16(field.value.text, radix: 16) else { return nil }
    switch (bus, field.name, field.value.count) {
    case ("pci", "class", 2), ("vfio_pci", "class", 2): return pci[number]
    case ("usb", "device class", 2), ("usb", "interface class", 2): return usb[number]
    case ("hid", "bus", 4), ("input", "bus", 4): return inputBuses[number]
    case ("hid", "group", 4): return groups[number]
    case ("cpu", "vendor", 4): return vendors[number]
    case ("cpu", "feature", 4): return machine?.featureName(number)
    default: return nil
    }
  }

  private static let pci: [UInt16: String] = [
    0x01: "mass storage", 0x02: "network", 0x03: "display", 0x04: "multimedia", 0x05: "memory",
    0x06: "bridge", 0x07: "communication", 0x08: "system", 0x09: "input", 0x0a: "docking station",
    0x0b: "processor", 0x0c: "serial bus", 0x0d: "wireless", 0x0e: "intelligent I/O",
    0x0f: "satellite", 0x10: "encryption", 0x11: "signal processing", 0x12: "accelerator",
  ]

  private static let usb: [UInt16: String] = [
    0x01: "audio", 0x02: "communication", 0x03: "HID", 0x05: "physical", 0x06: "image",
    0x07: "printer", 0x08: "mass storage", 0x09: "hub", 0x0a: "CDC data", 0x0b: "smart card",
    0x0e: "video", 0x0f: "health", 0xdc: "diagnostic", 0xe0: "wireless", 0xef: "miscellaneous",
    0xfe: "application", 0xff: "vendor's own",
  ]

  private static let inputBuses: [UInt16: String] = [
    0x01: "PCI", 0x02: "ISA PnP", 0x03: "USB", 0x04: "HIL", 0x05: "Bluetooth", 0x06: "virtual",
    0x10: "ISA", 0x11: "i8042", 0x12: "XT keyboard", 0x13: "serial", 0x14: "game port",
    0x15: "parallel port", 0x16: "Amiga", 0x17: "ADB", 0x18: "I²C", 0x19: "host", 0x1a: "GSC",
    0x1b: "Atari", 0x1c: "SPI", 0x1d: "RMI", 0x1e: "CEC", 0x1f: "Intel ISHTP", 0x20: "AMD SFH",
  ]

  private static let groups: [UInt16: String] = [
    0x0001: "generic", 0x0002: "multitouch", 0x0003: "sensor hub", 0x0004: "multitouch, Windows 8",
    0x0100: "RMI", 0x0101: "Wacom", 0x0102: "Logitech receiver's device", 0x0103: "Steam",
    0x0104: "Logitech 27 MHz device", 0x0105: "Vivaldi",
  ]

  /// arch/x86/include/asm/processor.h
  private static let vendors: [UInt16: String] = [
    0: "Intel", 1: "Cyrix", 2: "AMD", 3: "UMC", 5: "Centaur", 7: "Transmeta", 8: "NSC", 9: "Hygon",
    10: "Zhaoxin", 11: "Vortex86",
  ]
}
