// Small ELF files made in memory, so that a test shows its bytes.

package import ELFKit

/// Collects bytes as numbers of one encoding.
package struct ByteWriter {
  package var bytes: [UInt8] = []
  let encoding: Encoding

  package init(_ encoding: Encoding = Encoding(.little)) { self.encoding = encoding }

  package mutating func number(_ value: UInt64, byteCount: Int) {
    let little = (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    bytes += encoding.byteOrder == .little ? little : little.reversed()
  }

  package mutating func u16(_ value: UInt64) { number(value, byteCount: 2) }
  package mutating func u32(_ value: UInt64) { number(value, byteCount: 4) }
  package mutating func u64(_ value: UInt64) { number(value, byteCount: 8) }
  /// A number that is as wide as an address.
  package mutating func address(_ value: UInt64) { number(value, byteCount: encoding.addressSize) }
}

/// Builds a relocatable file: sections in the order they are added, then a symbol table,
/// its strings, the section names and the section headers.
package struct ELFBuilder {
  package struct NewSection {
    package var name: String
    package var type: UInt32 = 1
    package var flags: UInt64 = 2
    package var bytes: [UInt8] = []
    package var size: UInt64?
    package var link: UInt32 = 0
    package var info: UInt32 = 0
    package var alignment: UInt64 = 1
    package var entrySize: UInt64 = 0
    /// The number of an earlier section whose place in the file this one shares.
    package var sharedPlace: Int?
    /// The number of a section, within whose name this one's begins, and where.
    package var sharedName: (section: Int, position: Int)?
  }

  package var machine: UInt16
  package var type: UInt16 = 1
  package let encoding: Encoding
  package var sections: [NewSection] = []
  private var symbols: ByteWriter
  private var symbolCount: UInt64 = 1
  private var strings: [UInt8] = [0]

  package init(
    machine: UInt16 = 62, _ order: ByteOrder = .little, _ fileClass: ELFClass = .elf64
  ) {
    self.machine = machine
    encoding = Encoding(order, fileClass)
    symbols = ByteWriter(encoding)
    symbols.bytes = [UInt8](repeating: 0, count: SymbolRecord.byteCount(in: encoding))
  }

  /// Adds a section and returns its number.
  @discardableResult
  package mutating func section(
    _ name: String, type: UInt32 = 1, flags: UInt64 = 2, _ bytes: [UInt8] = [],
    size: UInt64? = nil, link: UInt32 = 0, info: UInt32 = 0, alignment: UInt64 = 1,
    entrySize: UInt64 = 0
  ) -> Int {
    sections.append(
      NewSection(
        name: name, type: type, flags: flags, bytes: bytes, size: size, link: link, info: info,
        alignment: alignment, entrySize: entrySize))
    return sections.count
  }

  /// Adds a section that shares its place with an earlier one, and returns its number.
  @discardableResult
  package mutating func section(
    _ name: String, type: UInt32, sharing number: Int, link: UInt32 = 0, info: UInt32 = 0,
    alignment: UInt64 = 1
  ) -> Int {
    section(
      name, type: type, size: UInt64(sections[number - 1].bytes.count), link: link, info: info,
      alignment: alignment)
    sections[sections.count - 1].sharedPlace = number
    return sections.count
  }

  /// Adds bytes to the names of the symbols and returns their offset.
  package mutating func names(_ bytes: [UInt8]) -> UInt64 {
    strings += bytes
    return UInt64(strings.count - bytes.count)
  }

  /// Adds an undefined symbol whose name is at `offset`.
  package mutating func symbol(nameOffset: UInt64) {
    addSymbol(nameOffset, info: 0x10, section: 0, value: 0, size: 0)
  }

  /// Adds a symbol and returns its number.
  @discardableResult
  package mutating func symbol(
    _ name: String, section: UInt16 = 0, value: UInt64 = 0, size: UInt64 = 0, binding: UInt8 = 1,
    type: UInt8 = 0
  ) -> UInt64 {
    let nameOffset = name.isEmpty ? 0 : UInt64(strings.count)
    if !name.isEmpty { strings += Array(name.utf8) + [0] }
    addSymbol(
      nameOffset, info: binding << 4 | type, section: UInt64(section), value: value, size: size)
    return symbolCount - 1
  }

  private mutating func addSymbol(
    _ nameOffset: UInt64, info: UInt8, section: UInt64, value: UInt64, size: UInt64
  ) {
    symbolCount += 1
    symbols.u32(nameOffset)
    if encoding.fileClass == .elf32 {
      symbols.u32(value)
      symbols.u32(size)
    }
    symbols.bytes += [info, 0]
    symbols.u16(section)
    if encoding.fileClass == .elf64 {
      symbols.u64(value)
      symbols.u64(size)
    }
  }

  package typealias NewRelocation = (
    offset: UInt64, symbol: UInt64, type: UInt64, addend: Int64
  )

  /// Adds a section of relocations that changes section `target`: RELA in 64-bit files; REL in others,
  /// where the addends go into the bytes that are changed, four of them.
  package mutating func relocations(of target: Int, _ entries: [NewRelocation]) {
    var writer = ByteWriter(encoding)
    if encoding.fileClass == .elf32 {
      for entry in entries {
        writer.u32(entry.offset)
        writer.u32(entry.symbol << 8 | entry.type)
        var addend = ByteWriter(encoding)
        addend.u32(UInt64(bitPattern: entry.addend))
        let start = Int(entry.offset)
        sections[target - 1].bytes.replaceSubrange(start..<start + 4, with: addend.bytes)
      }
      section(
        ".rel\(sections[target - 1].name)", type: 9, flags: 0x40, writer.bytes, link: .max,
        info: UInt32(target), alignment: 4, entrySize: 8)
      return
    }
    for entry in entries {
      writer.u64(entry.offset)
      writer.u64(entry.symbol << 32 | entry.type)
      writer.u64(UInt64(bitPattern: entry.addend))
    }
    section(
      ".rela\(sections[target - 1].name)", type: 4, flags: 0x40, writer.bytes, link: .max,
      info: UInt32(target), alignment: 8, entrySize: 24)
  }

  /// The file.
  package func build() -> [UInt8] {
    var all = sections
    let symtab = UInt32(all.count + 1)
    all.append(
      NewSection(
        name: ".symtab", type: 2, flags: 0, bytes: symbols.bytes, link: symtab + 1, info: 1,
        alignment: 8, entrySize: UInt64(SymbolRecord.byteCount(in: encoding))))
    all.append(NewSection(name: ".strtab", type: 3, flags: 0, bytes: strings))
    all.append(NewSection(name: ".shstrtab", type: 3, flags: 0))
    var names: [UInt8] = [0]
    var nameOffsets: [Int] = []
    for section in all {
      if let shared = section.sharedName {
        nameOffsets.append(nameOffsets[shared.section - 1] + shared.position)
      } else {
        nameOffsets.append(names.count)
        names += Array(section.name.utf8) + [0]
      }
    }
    all[all.count - 1].bytes = names
    return assemble(all, nameOffsets, symtab: symtab)
  }

  private func assemble(
    _ all: [NewSection], _ nameOffsets: [Int], symtab: UInt32
  ) -> [UInt8] {
    var body = ByteWriter(encoding)
    let headerSize = FileHeader.byteCount(in: encoding)
    body.bytes = [UInt8](repeating: 0, count: headerSize)
    var headers = ByteWriter(encoding)
    // More sections than `e_shnum` can hold are counted by section 0 (gABI, extended numbering).
    let count = all.count + 1
    let isLong = count >= 0xff00
    headers.u32(0)
    headers.u32(0)
    for value in [0, 0, 0, isLong ? count : 0] { headers.address(UInt64(value)) }
    headers.u32(UInt64(isLong ? count - 1 : 0))
    headers.u32(0)
    for _ in 0..<2 { headers.address(0) }
    var offsets: [Int] = []
    for (section, nameOffset) in zip(all, nameOffsets) {
      while body.bytes.count % 8 != 0 { body.bytes.append(0) }
      offsets.append(section.sharedPlace.map { offsets[$0 - 1] } ?? body.bytes.count)
      headers.u32(UInt64(nameOffset))
      headers.u32(UInt64(section.type))
      headers.address(section.flags)
      headers.address(0)
      headers.address(UInt64(offsets[offsets.count - 1]))
      headers.address(section.size ?? UInt64(section.bytes.count))
      headers.u32(UInt64(section.link == .max ? symtab : section.link))
      headers.u32(UInt64(section.info))
      headers.address(section.alignment)
      headers.address(section.entrySize)
      body.bytes += section.bytes
    }
    while body.bytes.count % 8 != 0 { body.bytes.append(0) }
    let start = body.bytes.count
    body.bytes += headers.bytes
    body.bytes.replaceSubrange(
      0..<headerSize, with: header(start, isLong ? 0 : count, isLong ? 0xffff : count - 1))
    return body.bytes
  }

  private func header(_ sectionHeaders: Int, _ count: Int, _ names: Int) -> [UInt8] {
    var header = ByteWriter(encoding)
    header.bytes = [
      0x7f, 0x45, 0x4c, 0x46, encoding.fileClass == .elf64 ? 2 : 1,
      encoding.byteOrder == .little ? 1 : 2, 1,
    ]
    header.bytes += [UInt8](repeating: 0, count: 9)
    header.u16(UInt64(type))
    header.u16(UInt64(machine))
    header.u32(1)
    header.address(0)
    header.address(0)
    header.address(UInt64(sectionHeaders))
    header.u32(0)
    let sizes = [FileHeader.byteCount(in: encoding), 0, 0, SectionHeader.byteCount(in: encoding)]
    for value in sizes + [count, names] { header.u16(UInt64(value)) }
    return header.bytes
  }
}

/// The usual parts of a module.
extension ELFBuilder {
  /// Adds `.modinfo` with these strings.
  @discardableResult
  package mutating func modinfo(_ strings: [String]) -> Int {
    section(".modinfo", strings.flatMap { Array($0.utf8) + [0] })
  }

  /// Adds `.gnu.linkonce.this_module` of this size with a name; pointers are relocations.
  @discardableResult
  package mutating func thisModule(_ name: String, size: Int = 896) -> Int {
    var bytes = [UInt8](repeating: 0, count: size)
    let start = 3 * encoding.addressSize
    for (position, byte) in name.utf8.enumerated() where start + position < size {
      bytes[start + position] = byte
    }
    return section(".gnu.linkonce.this_module", flags: 3, bytes, alignment: 64)
  }

  /// A small module with a licence and a name, to which a test adds what it is about.
  package static func module(
    _ name: String = "tiny", modinfo: [String] = ["license=GPL", "intree=Y"],
    machine: UInt16 = 62, _ order: ByteOrder = .little, _ fileClass: ELFClass = .elf64
  ) -> ELFBuilder {
    var builder = ELFBuilder(machine: machine, order, fileClass)
    builder.modinfo(modinfo + ["name=\(name)"])
    builder.thisModule(name)
    return builder
  }
}
