// readelf -A: object attributes, and on MIPS the ABI flags

import ELFKit

extension ReadelfFile {
  /// What is specific to the machine; false when it is damaged.
  func writeArchitecture(_ console: inout Console) -> Bool {
    let format = machine.format
    let type = format.attributeSections
    let attributes = AttributeFormat(format)
    var isGood = true
    for index in 0..<sections.count
    where sections.headers[index].type == type && !console.isOverLimit {
      guard let content = bytes(of: sections[index], as: "attributes", &console), !content.isEmpty
      else {
        isGood = false
        continue
      }
      if !writeAttributes(content, attributes, &console) { isGood = false }
    }
    if let name = format.abiFlagsSection, !writeABIFlags(name, &console) { isGood = false }
    if !checkOptions(&console) { isGood = false }
    if let tags = format.offsetTable { writeOffsetTables(tags, &console) }
    return isGood
  }

  /// False, with a word, when the options that the dynamic table tells of have no section: MIPS has them on IRIX, and
  /// they are not decoded here.
  private func checkOptions(_ console: inout Console) -> Bool {
    guard let (tag, type) = machine.format.options, program?.dynamic?.value(of: tag) ?? 0 != 0,
      sections.first(ofType: type) == nil
    else { return true }
    console.complain("No \(typeText(of: type)) header found")
    return false
  }

  private func writeABIFlags(_ name: String, _ console: inout Console) -> Bool {
    guard let section = sections.first(named: name) else { return true }
    guard section.header.size == UInt64(MIPSABIFlags.byteCount),
      let content = bytes(of: section, as: "MIPS ABI Flags section", &console),
      content.count == MIPSABIFlags.byteCount
    else {
      console.complain("Corrupt MIPS ABI Flags section.")
      return false
    }
    let flags = RecordTable<MIPSABIFlags>(content, encoding)[0]
    console.out.append("\nMIPS ABI Flags Version: \(flags.version)\n\nISA: MIPS\(flags.level)")
    if flags.revision > 1 { console.out.append("r\(flags.revision)") }
    console.out.append("\nGPR size: \(Self.registerSize(flags.generalSize))")
    console.out.append("\nCPR1 size: \(Self.registerSize(flags.floatingSize))")
    console.out.append("\nCPR2 size: \(Self.registerSize(flags.coprocessorSize))")
    console.out.append("\nFP ABI: \(MIPSABIFlags.floatingABIText(UInt64(flags.floatingABI)))")
    let name = flags.isaExtensionName ?? "Unknown (\(flags.isaExtension))"
    console.out.append("\nISA Extension: \(name)\nASEs:")
    let (names, unknown) = flags.extensionNames
    for name in names { console.out.append("\n\t\(name)") }
    if unknown != 0 { console.out.append("\n\tUnknown (\(hexText(unknown)))") }
    if names.isEmpty, unknown == 0 { console.out.append("\n\tNone") }
    console.out.append("\nFLAGS 1: ")
    console.out.hex(UInt64(flags.flags1), width: 8)
    console.out.append("\nFLAGS 2: ")
    console.out.hex(UInt64(flags.flags2), width: 8)
    console.out.newline()
    return true
  }

  private static func registerSize(_ number: UInt8) -> String {
    number < 4 ? ["0", "32", "64", "128"][Int(number)] : "-1"
  }
}
