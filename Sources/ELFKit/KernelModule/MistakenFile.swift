// What people give by mistake in place of a module. Each has its reason to look like one, and a list of
// what is wrong with it would hide that reason.

/// A file that is no finished module, and what to give instead.
public enum MistakenFile: Hashable, Sendable {
  /// Nothing is in it.
  case empty
  /// The text that Git LFS keeps in place of a file.
  case largeFilePointer
  /// A file that holds others, modules perhaps.
  case archive(Archive)
  /// A page of the web: what a server answers in place of a file.
  case webPage
  /// A module of FreeBSD.
  case freeBSD
  /// The debug information of a module, split off: what would be loaded has no content.
  case debugInformation
  /// An object that becomes a module when it is linked with what modpost writes.
  case object
  /// What modpost writes, compiled, before it is linked with the module's own code.
  case modpostObject

  /// What a file is that cannot be read as a module; `nil` when nobody knows.
  public init?(unreadable source: some ByteSource) {
    guard source.size > 0 else {
      self = .empty
      return
    }
    guard let head = try? source.slice(0, min(source.size, 64), in: .file) else { return nil }
    if head.starts(with: "version https://git-lfs.github.com/spec/") {
      self = .largeFilePointer
      return
    }
    if Self.webPages.contains(where: { head.starts(with: $0) }) {
      self = .webPage
      return
    }
    guard let archive = Archive(head, source) else { return nil }
    self = .archive(archive)
  }

  /// How they begin.
  private static let webPages = ["<!DOCTYPE html", "<!doctype html", "<html", "\n<!DOCTYPE html"]

  /// What an ELF file is that is no finished module; `nil` for modules, and for what nobody knows.
  public init?(_ module: KernelModule) {
    let image = module.image
    guard image.header.type == .relocatable else { return nil }
    guard module.isModule else {
      guard image.header.identification.osABI == .freeBSD else { return nil }
      self = .freeBSD
      return
    }
    // Lazily: of nearly every module the first look tells.
    let loaded = image.sections.lazy.filter {
      $0.header.flags.contains(.alloc) && $0.header.size > 0 && $0.header.type != .note
    }
    if loaded.contains(where: { $0.name.equals(".modinfo") }),
      loaded.allSatisfy({ $0.header.type == .nobits })
    {
      self = .debugInformation
      return
    }
    guard let info = try? module.info() else { return nil }
    let hasStruct = image.sections.first(named: ThisModule.sectionName) != nil
    if !hasStruct {
      // What modpost adds, whatever the kernel's configuration is.
      let added = ["vermagic", "depends", "name"]
      if info.bytes.isEmpty || added.contains(where: info.contains) { return nil }
      self = .object
      return
    }
    let hasCode = loaded.contains {
      $0.header.flags.contains(.executable) && $0.header.type != .nobits
    }
    guard !hasCode, !info.contains("license"), let symbols = try? image.symbols(),
      symbols.contains(where: {
        $0.isUndefined && ($0.name.equals("init_module") || $0.name.equals("cleanup_module"))
      })
    else { return nil }
    self = .modpostObject
  }
}

extension MistakenFile: CustomStringConvertible {
  /// One line for a person: what it is, and what to give instead.
  public var description: String {
    switch self {
    case .empty:
      "an empty file: the build or the copy of the module was interrupted; make it again"
    case .largeFilePointer:
      "a Git LFS pointer, not the file itself: fetch that with 'git lfs pull'"
    case .archive(let archive):
      archive.description
    case .webPage:
      "a page of the web, not the module: the server answered with it; take the link to the file itself"
    case .freeBSD:
      "a FreeBSD module: only Linux kernel modules are read"
    case .debugInformation:
      "split debug information, without what is loaded: give the module itself (X.ko for X.ko.debug)"
    case .object:
      "an object file of a build, not yet linked into a module: give the .ko that kbuild makes of it"
    case .modpostObject:
      "the .mod.o of a build, without the module's own code: give the .ko that kbuild makes of it"
    }
  }
}
