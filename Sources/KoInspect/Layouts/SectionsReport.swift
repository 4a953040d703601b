// The sections of a module with their purpose, sorted by what becomes of them in memory.

import ELFKit

struct SectionsReport {
  let sections: SectionsDescription

  init(_ inspection: inout Inspection) {
    let info = inspection.attempt { module throws(ELFError) in try module.info() }
    // Some entries have another size in other kernels.
    let kernel = info?.release.flatMap { Kernel(release: $0) }
    let symbols = inspection.attempt { module throws(ELFError) in try module.image.symbols() }
    sections = SectionsDescription(
      inspection.module, kernel, release: info?.release,
      isLivepatch: info?.contains("livepatch") ?? false, symbols)
  }

  /// A table a region, the largest sections first; with `bars` how large they are side by side.
  func write(to out: inout TextBuffer, _ style: Style, bars: Bool) {
    let all = sections.list.filter { $0.type != .null }
    let barWidth = bars ? Self.barWidth(style) : 0
    var table = Table(indentation: 2)
    for region in SectionRegion.allCases {
      let members = all.filter { $0.region == region }
      guard !members.isEmpty else { continue }
      table.row([Cell(region.rawValue, .heading), Cell(), Cell(heading(region), .faint)])
      let relocations = members.filter { $0.isRelocations }
      let sorted = members.filter { !$0.isRelocations }.sorted { left, right in
        (right.size, left.index) < (left.size, right.index)
      }
      let bar = Bar(width: barWidth, largest: sorted.first?.size ?? 0)
      for section in sorted { row(section, bar, &table) }
      if !relocations.isEmpty { row(relocations, &table) }
    }
    let memory = sections.memory
    if memory.symbols > 0, !memory.isByKind {
      table.row([
        Cell("symbols and names", .heading), Cell(),
        Cell(
          "\(Quantity.size(memory.symbols)), takes \(Quantity.size(memory.symbolPages)) in whole pages",
          .faint),
      ])
    }
    table.write(to: &out, style)
  }

  private func heading(_ region: SectionRegion) -> String {
    let memory = sections.memory
    let size = Quantity.size(memory.sizes[region] ?? 0)
    switch region {
    case .notLoaded: return size
    case .perCPU: return "\(size) for each CPU"
    case .data where memory.isByKind && memory.symbols > 0:
      let pages = Quantity.size(memory.pages(region))
      return
        "\(size), with \(Quantity.size(memory.symbols)) of symbols and names takes \(pages) in whole pages"
    default: return "\(size), takes \(Quantity.size(memory.pages(region))) in whole pages"
    }
  }

  private func row(_ section: SectionDescription, _ bar: Bar, _ table: inout Table) {
    var purpose = TextBuffer()
    if let entries = section.entryCount, let noun = section.entryNoun {
      purpose.append("\(Quantity.count(entries, noun)): ")
    }
    purpose.append(section.purpose ?? "")
    var name = TextBuffer()
    name.append("  ")
    if section.name.isEmpty { name.append("(no name)") } else { name.escaped(section.name) }
    var last = Cell(bar.before(purpose, section.size))
    last.hanging = bar.room
    table.row([Cell(name, .name), Self.size(section.size), last])
  }

  private func row(_ relocations: [SectionDescription], _ table: inout Table) {
    let size = relocations.reduce(0) { $0 &+ $1.size }
    let entries = relocations.compactMap { $0.entryCount }.reduce(0, &+)
    table.row([
      Cell("  (\(Quantity.count(relocations.count, "relocation section")))", .name),
      Self.size(size), Cell(Quantity.count(entries, "relocation")),
    ])
  }

  /// A number of bytes, aligned to the right.
  private static func size(_ bytes: UInt64) -> Cell {
    var text = TextBuffer()
    text.decimal(bytes, width: 8)
    return Cell(text)
  }

  /// The characters of the longest bar: words go before bars where there is little room.
  private static func barWidth(_ style: Style) -> Int {
    switch style.width {
    case 100...: 16
    case 80...: 8
    default: 0
    }
  }
}

/// How large a section is beside the largest of its region.
private struct Bar {
  let width: Int
  let largest: UInt64

  /// What a bar takes, the blank behind it included.
  var room: Int { width > 0 && largest > 0 ? width + 1 : 0 }

  /// The text with the bar of `size` before it.
  func before(_ text: TextBuffer, _ size: UInt64) -> TextBuffer {
    guard room > 0 else { return text }
    let eighths = Int((Double(size) / Double(largest) * Double(width * 8)).rounded(.up))
    let partial = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    let blocks = String(repeating: "█", count: eighths / 8) + partial[eighths % 8]
    var bar = TextBuffer()
    bar.append(blocks + String(repeating: " ", count: room - blocks.count))
    bar.append(text)
    return bar
  }
}
