// The device tables that MODULE_DEVICE_TABLE marks (include/linux/module.h; entries in
// include/linux/mod_devicetable.h). modpost makes the aliases from them.

/// A table of devices in a module.
public struct DeviceTable: Sendable {
  /// The kind of devices, such as `pci`.
  public let type: ByteSlice
  /// The variable that holds the table.
  public let variable: ByteSlice
  /// The size in bytes, the empty entry at the end included.
  public let size: UInt64
  /// The number of entries without the empty one; `nil` when the size of one is not known.
  public let count: UInt64?

  /// The sizes of entries on 64-bit and on 32-bit machines, where pointers and `kernel_ulong_t` are
  /// shorter, by type; of one type the newest first, with the change that brought it.
  private static let entrySizes: [(type: String, since: KernelChange?, UInt64, narrow: UInt64)] = [
    ("pci", .pciOverride, 40, 32), ("pci", nil, 32, 28), ("usb", nil, 32, 24),
    ("of", nil, 200, 196),
    ("acpi", nil, 32, 28), ("i2c", nil, 32, 24), ("spi", nil, 40, 36), ("platform", nil, 32, 24),
    ("hid", nil, 24, 16), ("virtio", nil, 8, 8), ("dmi", nil, 344, 332), ("sdio", nil, 16, 12),
    ("serio", nil, 4, 4), ("vmbus", nil, 24, 20), ("mdio", nil, 8, 8), ("hdaudio", nil, 32, 20),
    ("ssb", nil, 6, 6), ("bcma", nil, 6, 6),
  ]

  fileprivate static func entrySize(
    _ type: ByteSlice, _ kernel: Kernel?, _ encoding: Encoding
  ) -> UInt64? {
    for row in entrySizes where type.equals(row.type) {
      let size = encoding.fileClass == .elf64 ? row.2 : row.narrow
      guard let since = row.since else { return size }
      guard let kernel else { return nil }
      if kernel.has(since) { return size }
    }
    return nil
  }
}

extension KernelModule {
  /// The device tables in the order of the symbol table: symbols `__mod_TYPE__VARIABLE_device_table`
  /// or, from 7.x on, `__mod_device_table__kmod_MODULE__TYPE__VARIABLE`. O(number of symbols).
  public func deviceTables() throws(ELFError) -> [DeviceTable] {
    let symbols = try image.symbols()
    let kernel = try info().release.flatMap { Kernel(release: $0) }
    var tables: [DeviceTable] = []
    for (position, record) in symbols.records.enumerated() where record.nameOffset != 0 {
      let name = symbols[position].name
      guard name.starts(with: "__mod_"), record.sectionIndex != .undefined,
        let (type, variable) = Self.deviceTable(named: name)
      else { continue }
      let count = DeviceTable.entrySize(type, kernel, image.encoding).map { record.size / $0 }
      tables.append(
        DeviceTable(
          type: type, variable: variable, size: record.size,
          count: count.map { $0 > 0 ? $0 - 1 : 0 }))
    }
    return tables
  }

  private static func deviceTable(
    named name: ByteSlice
  ) -> (type: ByteSlice, variable: ByteSlice)? {
    let (new, old, suffix) = ("__mod_device_table__kmod_", "__mod_", "_device_table")
    if name.starts(with: new) {
      let rest = name.suffix(from: new.utf8.count)
      guard let (_, typed) = split(rest) else { return nil }
      return split(typed)
    }
    let end = name.count - suffix.utf8.count
    guard end >= old.utf8.count, name.suffix(from: end).equals(suffix) else { return nil }
    return split(name[within: old.utf8.count..<end])
  }

  /// What is before and behind the first `__`.
  private static func split(_ text: ByteSlice) -> (ByteSlice, ByteSlice)? {
    var start = 1
    while let position = text.firstIndex(of: UInt8(ascii: "_"), from: start),
      position + 1 < text.count
    {
      if text[position + 1] == UInt8(ascii: "_") {
        return (text[within: 0..<position], text.suffix(from: position + 2))
      }
      start = position + 1
    }
    return nil
  }
}
