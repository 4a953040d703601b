// What readelf finds odd about section headers. All of it goes to standard error.

import ELFKit

extension ReadelfFile {
  /// Numbers that cannot be true, reported whatever was asked for.
  func writeSectionTableOddities(_ console: inout Console) {
    let headers = sections.headers
    var unexpectedSizes: [Int] = []
    for index in 0..<headers.count {
      let header = headers[index]
      if header.link >= headers.count {
        console.warn("Section \(index) has an out of range sh_link value of \(header.link)")
      }
      if header.info >= headers.count, header.flags.contains(.infoLink) {
        console.warn("Section \(index) has an out of range sh_info value of \(header.info)")
      }
      if header.entrySize != entrySize(of: header) { unexpectedSizes.append(index) }
    }
    for index in unexpectedSizes {
      let header = headers[index]
      let expected = entrySize(of: header)
      console.complain("Section \(index) has invalid sh_entsize of \(hexText(header.entrySize))")
      console.complain(
        "(Using the expected size of \(hexText(expected)) for the rest of this dump)")
    }
  }

  /// Links that do not lead where the section's type says, reported with the section's row.
  func writeOddities(of index: Int, _ header: SectionHeader, _ console: inout Console) {
    let link = header.link
    let typeOf = { (number: UInt32) in
      number < sections.headers.count ? sections.headers[Int(number)].type : nil
    }
    let odd = { (console: inout Console, text: String) in
      console.warn("[\(index < 10 ? " " : "")\(index)]: \(text)")
    }
    switch header.type {
    case .rel, .rela:
      let linkType = typeOf(link)
      let isSymbolTable = linkType == .symtab || linkType == .dynsym
      if link == 0 ? !header.flags.contains(.alloc) : !isSymbolTable {
        odd(&console, "Link field (\(link)) should index a symtab section.")
      }
      let target = typeOf(header.info)
      if header.info == 0 ? !header.flags.contains(.alloc) : target == nil || target == .symtab {
        odd(&console, "Info field (\(header.info)) should index a relocatable section.")
      }
    case .symtab, .dynsym:
      if link == 0 || typeOf(link) != .strtab {
        odd(&console, "Link field (\(link)) should index a string section.")
      }
    case .group, .symtabSectionIndices:
      if link == 0 || typeOf(link) != .symtab {
        odd(&console, "Link field (\(link)) should index a symtab section.")
      }
    case .progbits where header.size == 0 && options.checks:
      let name = headingName(of: sections[index]).text
      console.warn("Section '\(name)': has a size of zero - is this intended ?")
    default: break
    }
    if header.type != .nobits, header.size > image.source.size {
      console.warn("Size of section \(index) is larger than the entire file!")
    }
  }
}
