import ELFKit
import TestSupport
import Testing

@Suite("The kernel's history")
struct KernelTests {
  private func kernel(_ release: String) throws -> Kernel {
    try #require(Kernel(release: ByteSlice(Array(release.utf8))))
  }

  @Test("A release tells version, stable release and vendor")
  func releases() throws {
    try expect(
      kernel("6.12.117+deb13-amd64"), is: Kernel(KernelVersion(6, 12), patch: 117, vendor: .debian))
    try expect(kernel("6.1.0-56-amd64"), is: Kernel(KernelVersion(6, 1), vendor: .debian))
    try expect(kernel("5.14.0-70.el9.x86_64").vendor, is: .redHat)
    try expect(kernel("6.1.57-android14-11-g0a1b").vendor, is: .android)
    try expect(kernel("6.8.0-41-generic").vendor, is: .ubuntu)
    try expect(kernel("6.6.30").vendor, is: nil)
    expect(Kernel(release: "linux"), is: nil)
    expect(Kernel(release: "6"), is: nil)
  }

  @Test("A change has a first version, and may have a last")
  func boundaries() throws {
    try expect(!kernel("6.3.9").has(.lateTaints))
    try expect(kernel("6.4.0").has(.lateTaints))
    try expect(kernel("5.11.1").has(.futureExports))
    try expect(!kernel("5.12.1").has(.futureExports))
  }

  @Test("A stable line may have it earlier, from one release on")
  func stableLines() throws {
    try expect(!kernel("6.12.107+deb13-amd64").has(.elfValidityCache))
    try expect(kernel("6.12.117+deb13-amd64").has(.elfValidityCache))
    try expect(!kernel("6.11.117").has(.elfValidityCache))
  }

  @Test("A vendor's kernel may differ")
  func vendors() throws {
    try expect(kernel("6.4.0-1-amd64").has(.structModuleChecks))
    try expect(!kernel("5.14.0-70.el9.x86_64").has(.structModuleChecks))
  }

  @Test("Nobody is sure of what is not known")
  func unknown() throws {
    let kernel = try kernel("3.10.0")
    expect(kernel.certainty(of: .parameterFields), is: .unknown)
  }

  @Test(
    "Kernels that were measured are sure, between two that agree the source is, at a boundary nobody"
  )
  func certainty() throws {
    try expect(kernel("6.1.0-56-amd64").certainty(of: .lateTaints), is: .measured)
    try expect(kernel("6.14.1").certainty(of: .lateTaints), is: .source)
    try expect(kernel("6.6.1").certainty(of: .lateTaints), is: .nearest)
  }

  @Test(
    "How a kernel is known depends on version and vendor",
    arguments: [
      ("6.1.0-56-amd64", .measured), ("6.1.57", .measured), ("6.1.57-android14-11", .nearest),
      ("5.14.0-70.el9.x86_64", .source), ("5.14.2", .nearest), ("4.4.302", .source),
      ("4.18.0-147.8.1.el8_1.x86_64", .source), ("4.9.140-tegra", .nearest),
      ("3.10.0-1160.el7.x86_64", .nearest), ("3.10.0", .source), ("6.18.2", .nearest),
      ("3.4.113", .unknown), ("3.18.140", .nearest), ("5.4.0-150-generic", .nearest),
      ("7.2.13+deb14-amd64", .measured), ("7.5.0", .unknown), ("6.12.0-55.el10.x86_64", .nearest),
    ] as [(String, Certainty)])
  func knowledge(release: String, certainty: Certainty) throws {
    let known = try kernel(release).knowledge
    expect(known.certainty, is: certainty, "\(known.source)")
    try expect(known.version, is: kernel(release).version)
  }

  @Test("Each kernel that is listed has one row, and what was measured is listed")
  func knowledgeRows() {
    let rows = KernelKnowledge.all
    expect(rows.map(\.version), is: rows.map(\.version).sorted())
    expect(Set(rows.map { "\($0.version) \($0.vendor?.rawValue ?? "")" }).count, is: rows.count)
    expect(rows.filter { $0.certainty == .measured }.map(\.version), is: Kernel.measured)
  }

  @Test("Ids are unique, every row says what and where from")
  func rows() {
    expect(Set(KernelChange.all.map(\.id)).count, is: KernelChange.all.count)
    for change in KernelChange.all {
      expect(!change.what.isEmpty && !change.source.isEmpty)
      if let since = change.since, let until = change.until { expect(since < until) }
      expect(change.stable.allSatisfy { line in change.since.map { line.line < $0 } ?? false })
    }
  }
}
