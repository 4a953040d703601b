// `decode --sites`: file and line of every WARN, BUG and pr_debug of a module, from its own tables.

import ELFKit

/// A WARN, a BUG or a pr_debug.
struct Site {
  /// The module's file.
  let path: [UInt8]
  let kind: String
  let file: ByteSlice
  let line: UInt64
  var place: (section: ByteSlice, offset: UInt64)?
  var function: ByteSlice?
}

/// What is printed of a module's sites.
enum SitesReport {
  /// Prints the sites of `module` by file and line.
  static func write(
    _ module: KernelModule, _ path: [UInt8], isJSON: Bool, _ out: inout TextBuffer
  ) throws(ELFError) {
    var sites: [Site] = []
    for bug in try module.bugEntries() {
      guard let file = bug.file else { continue }
      sites.append(
        Site(
          path: path, kind: bug.isWarning ? "WARN" : "BUG", file: file, line: bug.line,
          place: (module.image.sections[bug.section].name, bug.offset)))
    }
    for site in try module.debugSites() {
      sites.append(
        Site(
          path: path, kind: "pr_debug", file: site.file, line: site.line, function: site.function))
    }
    sites.sort { ($0.file, $0.line) < ($1.file, $1.line) }
    for site in sites {
      if isJSON {
        var json = JSONWriter()
        DecodeForms.site.write(site, &json)
        out.append(json.out)
      } else {
        writeText(site, &out)
      }
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
}
