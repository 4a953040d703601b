// A Linux kernel module: an ELF file seen as the kernel sees it. Facts live in the files beside.

/// A kernel module, and the entrance to everything Linux puts into one.
///
/// A module is as cheap as its image: facts are read when they are asked for, each by a method
/// that throws when its own part of the file is damaged. The others still answer.
public struct KernelModule: Sendable {
  /// The ELF file.
  public let image: ELFImage

  /// A view of `image`; whether it really is a module is said by ``isModule``.
  public init(_ image: ELFImage) { self.image = image }

  /// Whether the file has what makes a module: it is relocatable and has
  /// `.gnu.linkonce.this_module` or `.modinfo`.
  public var isModule: Bool {
    image.header.type == .relocatable
      && (image.sections.first(named: ThisModule.sectionName) != nil
        || image.sections.first(named: ".modinfo") != nil)
  }

  /// The strings of `.modinfo`; none when the section is missing.
  public func info() throws(ELFError) -> ModuleInfo {
    try image.moduleInfo() ?? ModuleInfo(.empty(at: 0))
  }

  /// The name that the kernel will use: that of `struct module`, or else `name=` of `.modinfo`.
  public func name() throws(ELFError) -> ByteSlice? {
    if let section = image.sections.first(named: ThisModule.sectionName),
      let name = ThisModule.name(in: try image.bytes(of: section), image.encoding), !name.isEmpty
    {
      return name
    }
    return try info().first("name")
  }
}
