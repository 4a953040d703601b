// Types for BPF that a module brings (Documentation/bpf/btf.rst).

/// The types of a module (`.BTF`).
public struct ModuleTypes: Equatable, Sendable {
  /// The bytes of them.
  public let size: UInt64
  /// Whether the module brings the types that its own are differences to (`.BTF.base`); without, they are
  /// differences to those of the very kernel that it was built for.
  public let hasBase: Bool
  /// What a kernel says of a damaged header; `nil` for a sound one. What is behind it nobody has looked at.
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
      problem: BTFHeader.problem(try image.bytes(of: section), image.encoding))
  }
}
