// `decode --sites`: file and line of every WARN, BUG and pr_debug of a module, from its own tables.

import ELFKit

/// What is printed of a module's sites.
enum SitesReport {
  /// One site.
  private struct Site {
    let kind: String
    let file: ByteSlice
    let line: UInt64
    var place: (section: ByteSlice, offset: UInt64)?
    var function: ByteSlice?
  }

  /// Prints the sites of `module` by file and line.
  static func write(
    _ module: KernelModule, _ path: [UInt8], isJSON: Bool, _ out: inout TextBuffer
  ) throws(ELFError) {
    var sites: [Site] = []
    for bug in try module.bugEntries() {
      guard let file = bug.file else { continue }
      sites.append(
        Site(
          kind: bug.isWarning ? "WARN" : "BUG", file: file, line: bug.line,
          place: (module.image.sections[bug.section].name, bug.offset)))
    }
    for site in try module.debugSites() {
      sites.append(
        Site(kind: "pr_debug", file: site.file, line: site.line, function: site.function))
    }
    sites.sort { ($0.file, $0.line) < ($1.file, $1.line) }
    for site in sites {
      isJSON ? writeJSON(site, path, &out) : writeText(site, &out)
      out.newline()
    }
  }

  private static func writeText(_ site: Site, _ out: inout TextBuffer) {
    out.escaped(site.file)
    out.append(":\(site.line): \(site.kind)")
    if let place = site.place {
      out.append(" at ")
      out.escaped(place.section)
      out.append("+0x")
      out.hex(place.offset)
    }
    if let function = site.function {
      out.append(" in ")
      out.escaped(function)
    }
  }

  private static func writeJSON(_ site: Site, _ path: [UInt8], _ out: inout TextBuffer) {
    var json = JSONWriter()
    json.object { json in
      json.key("schemaVersion")
      json.number(UInt64(1))
      json.key("path")
      json.bytes(path)
      json.key("kind")
      json.string(site.kind)
      json.field("file", site.file)
      json.key("line")
      json.number(site.line)
      json.field("function", site.function)
      json.field("section", site.place?.section)
      json.key("sectionOffset")
      json.optional(site.place?.offset) { $0.number($1) }
    }
    out.append(json.out)
  }
}
