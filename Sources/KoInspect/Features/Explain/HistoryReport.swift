// The kernel's history in words: for a person on a terminal, and as the page Docs/Kernels.md.

import ELFKit

enum HistoryReport {
  /// One change, all of it.
  static func write(_ change: KernelChange, to out: inout TextBuffer, _ style: Style) {
    out.toned(.heading, style, change.id)
    out.append(": \(change.what)")
    out.newline()
    var table = Table(indentation: 2)
    table.row([Cell("kernels", .faint), Cell(kernels(change))])
    table.row([Cell("certainty", .faint), Cell(change.certainty.rawValue)])
    table.row([Cell("source", .faint), Cell(change.source)])
    table.write(to: &out, style)
  }

  /// All changes, a line each.
  static func writeList(to out: inout TextBuffer, _ style: Style) {
    var table = Table(indentation: 0)
    for change in KernelChange.all {
      table.row([
        Cell(change.id, .name), Cell(kernels(change)), Cell(change.certainty.rawValue),
        Cell(change.what),
      ])
    }
    table.write(to: &out, style)
  }

  /// The page Docs/Kernels.md.
  static func writePage(to out: inout TextBuffer) {
    let measured = Kernel.measured.map { $0.description }.joined(separator: ", ")
    out.append(
      """
      # What changed in the kernel's loader, and when

      Made by `koinspect explain --kernels --markdown`; a test compares. One row a change: the only place where its
      date stands (`Sources/ELFKit/History/Changes`). Answers were recorded on Linux \(measured): what these do is
      measured, wherever the boundary lies. How sure a boundary is: *measured* on a real kernel, read in the
      *source* of both sides, *nearest* when only kernels further away were compared, *unknown*.

      ## Which kernels are known, and how

      `preflight` says so at the top of its answer (`certainty` in JSON). What lies between two rows is *nearest*; of
      what is older or newer nothing is known, and a verdict about it *depends*.

      | Linux | Known | How |
      |---|---|---|

      """)
    for row in KernelKnowledge.all {
      let vendor = row.vendor.map { " (\($0.rawValue))" } ?? ""
      out.append("| \(row.version)\(vendor) | \(row.certainty.rawValue) | \(row.source) |\n")
    }
    out.append(
      """

      ## Changes

      | Change | Linux | Boundary | What a kernel with it does | Source |
      |---|---|---|---|---|

      """)
    for change in KernelChange.all {
      out.append(
        "| `\(change.id)` | \(kernels(change)) | \(change.certainty.rawValue) | \(change.what) | "
          + "\(change.source) |\n")
    }
  }

  /// Which kernels have it: since when, stable lines that took it over early, vendors that differ.
  private static func kernels(_ change: KernelChange) -> String {
    var words =
      change.since.map { "\($0) and later" }
      ?? (change.vendors.isEmpty ? "not known" : "none of kernel.org's")
    if let since = change.since, let until = change.until {
      words = "\(since) up to before \(until)"
    }
    for line in change.stable { words += "; \(line.line) from \(line.line).\(line.patch) on" }
    for vendor in change.vendors {
      words += "; \(vendor.hasIt ? "also" : "not") \(vendor.vendor.rawValue) since \(vendor.since)"
    }
    return words
  }
}
