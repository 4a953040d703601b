// readelf -A: the libraries that prelink(8) linked a program with (elf.h `Elf32_Lib`)

import ELFKit

extension ReadelfFile {
  /// The lists, of five words for each library; false when one cannot be read.
  func writeLibraryLists(_ console: inout Console) -> Bool {
    var isGood = true
    // Any number of lists may be linked to the same strings.
    var allowance = Allowance(for: image.source.size)
    let limit = options.nameLimit(width: 20)
    for section in sections
    where section.header.type.rawValue == 0x6fff_fff7 && !console.isOverLimit {
      guard let linked = sections.section(section.header.link) else { continue }
      guard allowance.take(linked.header.size) else {
        console.cutRest()
        return false
      }
      guard let content = bytes(of: section, as: "liblist section data", &console),
        let strings = bytes(of: linked, as: "liblist string table", &console),
        section.header.entrySize == 20
      else {
        isGood = false
        continue
      }
      let words = RecordTable<UInt32>(content, encoding)
      let names = StringTable(strings)
      console.out.append("\nLibrary list section '")
      console.out.append(headingName(of: section))
      console.out.append("' contains \(words.count / 5) entries:\n     Library              ")
      console.out.append("Time Stamp          Checksum   Version Flags\n")
      for index in 0..<words.count / 5 where !console.isOverLimit {
        let name = names.prefix(at: words[5 * index], limit: limit) ?? "<corrupt>"
        console.out.decimal(index, width: 3)
        console.out.append(": ")
        let shown = options.isWide ? name : name[within: 0..<Swift.min(name.count, 20)]
        console.out.untrusted(shown, options)
        console.out.spaces(20 - shown.count)
        console.out.append(" \(Self.time(words[5 * index + 1])) 0x")
        console.out.hex(UInt64(words[5 * index + 2]), width: 8)
        console.out.append(byte: UInt8(ascii: " "))
        console.out.left("\(words[5 * index + 3])", 7)
        console.out.append(byte: UInt8(ascii: " "))
        console.out.left("\(words[5 * index + 4])", 7)
        console.out.newline()
      }
    }
    return isGood
  }

  /// Seconds since 1970 as date and time, in UTC.
  private static func time(_ seconds: UInt32) -> String {
    // Years that begin with March have their leap day last, and 400 of them have as many days as any 400.
    let days = Int(seconds / 86_400) + 719_468
    let (era, day) = (days / 146_097, days % 146_097)
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365
    let dayOfYear = day - (365 * year + year / 4 - year / 100)
    let month = (5 * dayOfYear + 2) / 153
    let date = (
      400 * era + year + (month >= 10 ? 1 : 0), (month + 2) % 12 + 1,
      dayOfYear - (153 * month + 2) / 5 + 1
    )
    let second = Int(seconds % 86_400)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(date.0)-\(two(date.1))-\(two(date.2))T\(two(second / 3_600))"
      + ":\(two(second / 60 % 60)):\(two(second % 60))"
  }
}
