// Types for BPF that a module brings (Documentation/bpf/btf.rst).

/// The types of a module (`.BTF`).
public struct ModuleTypes: Equatable, Sendable {
  /// The bytes of them.
  public let size: UInt64
  /// Whether the module brings the types that its own are differences to (`.BTF.base`); without, they are
  /// differences to those of the very kernel that it was built for.
  public let hasBase: Bool
  /// What the newest kernel says of a damaged header, or of the sections that it says are behind it; `nil` for
  /// sound ones. At the types themselves nobody has looked.
  public let problem: String?
}

extension KernelModule {
  /// The module's types; `nil` when it brings none.
  public func types() throws(ELFError) -> ModuleTypes? {
    guard let section = image.sections.first(named: ".BTF"), section.header.size > 0 else {
      return nil
    }
    let base = image.sections.first(named: ".BTF.base")
    return ModuleTypes(
      size: section.header.size, hasBase: base != nil,
      problem: BTFHeader.read(
        try image.bytes(of: section), image.encoding, hasLayout: true
      ).problem?.text)
  }
}
