// The sections of a module with their purpose, sorted by what becomes of them in memory.

import ELFKit

struct SectionsReport {
  let module: KernelModule
  /// The kernel that the module was built for: some entries have another size in others.
  let kernel: Kernel?

  /// Reads the release; the rest is read when it is written.
  init(_ inspection: inout Inspection) {
    module = inspection.module
    let info = inspection.attempt { module throws(ELFError) in try module.info() }
    kernel = info?.release.flatMap { Kernel(release: $0) }
  }

  init(_ module: KernelModule, _ info: ModuleInfo) {
    self.module = module
    kernel = info.release.flatMap { Kernel(release: $0) }
  }

  /// A table a region, the largest sections first; with `bars` how large they are side by side.
  func write(to out: inout TextBuffer, _ style: Style, bars: Bool) {
    let memory = module.memory(in: kernel)
    let sections = module.image.sections.filter { $0.header.type != .null }
    var table = Table(indentation: 2)
    for region in SectionRegion.allCases {
      let members = sections.filter { module.region(of: $0, in: kernel) == region }
      guard !members.isEmpty else { continue }
      table.row([Cell(region.rawValue, .heading), Cell(), Cell(heading(region, memory), .faint)])
      let relocations = members.filter { $0.isRelocations }
      let sorted = members.filter { !$0.isRelocations }.sorted { left, right in
        (right.header.size, left.index) < (left.header.size, right.index)
      }
      let largest = sorted.first?.header.size ?? 0
      for section in sorted { row(section, bars ? largest : 0, &table) }
      if !relocations.isEmpty { row(relocations, &table) }
    }
    table.write(to: &out, style)
  }

  private func heading(_ region: SectionRegion, _ memory: ModuleMemory) -> String {
    let size = Quantity.size(memory.sizes[region] ?? 0)
    switch region {
    case .notLoaded: return size
    case .perCPU: return "\(size) for each CPU"
    default: return "\(size), takes \(Quantity.size(memory.pages(region))) in whole pages"
    }
  }

  private func row(_ section: Section, _ largest: UInt64, _ table: inout Table) {
    var purpose = TextBuffer()
    if let entries = module.entryCount(of: section, kernel), let noun = section.purpose?.entry {
      purpose.append("\(Quantity.count(entries, noun)): ")
    }
    purpose.append(section.purpose?.words ?? "")
    var name = TextBuffer()
    name.append("  ")
    if section.name.isEmpty { name.append("(no name)") } else { name.escaped(section.name) }
    table.row([
      Cell(name, .name), Self.size(section.header.size),
      Cell(Self.bar(section.header.size, of: largest, purpose)),
    ])
  }

  private func row(_ relocations: [Section], _ table: inout Table) {
    let size = relocations.reduce(0) { $0 &+ $1.header.size }
    let entries = relocations.compactMap { module.entryCount(of: $0, kernel) }.reduce(0, &+)
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

  /// A bar of up to 16 characters in front of the text.
  private static func bar(_ size: UInt64, of largest: UInt64, _ text: TextBuffer) -> TextBuffer {
    guard largest > 0 else { return text }
    let width = 16
    let eighths = Int((Double(size) / Double(largest) * Double(width * 8)).rounded(.up))
    let partial = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    let blocks = String(repeating: "█", count: eighths / 8) + partial[eighths % 8]
    var bar = TextBuffer()
    bar.append(blocks + String(repeating: " ", count: width + 1 - blocks.count))
    bar.append(text)
    return bar
  }

  /// What the tables of the module tell about its code: `9 WARN or BUG sites, 30 ftrace sites`.
  var contents: [String] {
    // On x86 both are there, and what can be traced is in the first.
    let isTraced = module.image.sections.first(named: "__mcount_loc") != nil
    return module.image.sections.compactMap { section in
      guard Self.telling.contains(where: { section.name.equals($0) }),
        !(isTraced && section.name.equals("__patchable_function_entries")),
        let noun = section.purpose?.entry,
        let count = module.entryCount(of: section, kernel), count > 0
      else { return nil }
      return Quantity.count(count, noun)
    }
  }

  /// The tables that say something about the module, not about how it is built.
  private static let telling = [
    "__bug_table", "__mcount_loc", "__patchable_function_entries", "__jump_table",
    ".static_call_sites", "__tracepoints_ptrs", "__dyndbg", ".kunit_test_suites",
  ]
}

extension Section {
  /// Whether it tells how other sections are to be changed.
  fileprivate var isRelocations: Bool { header.type == .rela || header.type == .rel }
}

extension SectionRegion {
  /// The name in JSON. (Asking the runtime for the case's name costs more than all the rest.)
  fileprivate var key: String {
    switch self {
    case .code: "code"
    case .readOnlyData: "readOnlyData"
    case .readOnlyAfterInit: "readOnlyAfterInit"
    case .data: "data"
    case .perCPU: "perCPU"
    case .initialization: "initialization"
    case .notLoaded: "notLoaded"
    }
  }
}

/// `sections --json` and the same keys of `show --json`, see Docs/json.md.
extension SectionsReport {
  func writeJSON(_ json: inout JSONWriter) {
    json.array(module.image.sections) { json, section in
      json.object { json in
        json.key("index")
        json.number(UInt64(section.index))
        json.field("name", section.name)
        json.key("type")
        json.number(UInt64(section.header.type.rawValue))
        json.key("flags")
        json.number(section.header.flags.rawValue)
        json.key("offset")
        json.number(section.header.offset)
        json.key("size")
        json.number(section.header.size)
        json.key("region")
        json.string(module.region(of: section, in: kernel).key)
        json.key("entries")
        json.optional(module.entryCount(of: section, kernel)) { $0.number($1) }
      }
    }
  }

  func writeMemoryJSON(_ json: inout JSONWriter) {
    let memory = module.memory(in: kernel)
    json.object { json in
      for region in SectionRegion.allCases {
        json.key(region.key)
        json.number(memory.sizes[region] ?? 0)
      }
      json.key("resident")
      json.number(memory.resident)
    }
  }
}
