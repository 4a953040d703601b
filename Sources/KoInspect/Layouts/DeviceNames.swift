// Names of the devices that aliases claim, as the lists of the machine have them (pci.ids(5), usb.ids): a line a
// vendor, four hexadecimal digits, two blanks, the name; below it, after a tab, its devices.

import ELFKit

struct DeviceNames {
  /// Vendor and device, and what such a device is called; without a device, the vendor's name.
  private var names: [Key: ByteSlice] = [:]

  private struct Key: Hashable {
    let list: String
    let vendor: UInt16
    let device: UInt16?
  }

  /// Which list has the names of a bus, and which fields of an alias lead there.
  private static let buses: [(bus: String, list: String, device: String)] = [
    ("pci", "pci.ids", "device"), ("usb", "usb.ids", "product"),
  ]

  /// Looks for the names of what `aliases` claim. Reads a list when one of them is on its bus, once.
  /// O(length of the list, and number of aliases).
  init(_ aliases: [ModuleAlias], _ environment: Environment) {
    for bus in Self.buses {
      var wanted: Set<Key> = []
      for alias in aliases where alias.format?.bus == bus.bus {
        guard let key = Self.key(alias) else { continue }
        wanted.insert(key)
        wanted.insert(Key(list: key.list, vendor: key.vendor, device: nil))
      }
      guard !wanted.isEmpty, let list = environment.deviceList(bus.list) else { continue }
      read(list, bus.list, wanted)
    }
  }

  /// What the device of `alias` is called; `nil` where no list has it.
  func name(_ alias: ModuleAlias) -> TextBuffer? {
    guard let key = Self.key(alias),
      let vendor = names[Key(list: key.list, vendor: key.vendor, device: nil)]
    else { return nil }
    var text = TextBuffer()
    text.escaped(vendor)
    if key.device != nil, let device = names[key] {
      text.append(", ")
      text.escaped(device)
    }
    return text
  }

  private static func key(_ alias: ModuleAlias) -> Key? {
    guard let format = alias.format, let bus = buses.first(where: { $0.bus == format.bus }),
      let vendor = number(alias, "vendor")
    else { return nil }
    return Key(list: bus.list, vendor: vendor, device: number(alias, bus.device))
  }

  private static func number(_ alias: ModuleAlias, _ name: String) -> UInt16? {
    alias.fields.first { $0.name == name }.flatMap { UInt16($0.value.text, radix: 16) }
  }

  private mutating func read(_ list: ByteSlice, _ name: String, _ wanted: Set<Key>) {
    var vendor: UInt16?
    var start = 0
    while start < list.count {
      let end = list.firstIndex(of: UInt8(ascii: "\n"), from: start) ?? list.count
      var line = list[within: start..<end]
      start = end + 1
      let isDevice = line.first == UInt8(ascii: "\t")
      if isDevice { line = line.suffix(from: 1) }
      // Comments, parts of devices, and the lists of classes that follow have no number here.
      guard line.count > 6, line[4] == UInt8(ascii: " "),
        let number = UInt16(line[within: 0..<4].text, radix: 16)
      else {
        if !isDevice, !line.isEmpty, line.first != UInt8(ascii: "#") { vendor = nil }
        continue
      }
      if !isDevice { vendor = number }
      guard let vendor else { continue }
      let key = Key(list: name, vendor: vendor, device: isDevice ? number : nil)
      if wanted.contains(key) { names[key] = line.suffix(from: 6) }
    }
  }
}
