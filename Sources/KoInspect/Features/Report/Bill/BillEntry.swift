// What a bill of materials says of one module: facts of the file, and how they are known.

import ELFKit

struct BillEntry: Sendable {
  let path: [UInt8]
  let name: [UInt8]
  /// What MODULE_VERSION says.
  let version: [UInt8]?
  let description: [UInt8]?
  /// What MODULE_AUTHOR says, each.
  let authors: [[UInt8]]
  /// What MODULE_LICENSE says, each once; the kernel looks at the first.
  let licenses: [[UInt8]]
  /// The digest of the file as it lies there, in base 16; `nil` when it was not a file.
  let digest: String?
  /// The source files that are known to be compiled in, in their order.
  let sources: [[UInt8]]
  /// What tells them: names of sections.
  let evidence: [String]
  /// What else identifies it: a name and a value.
  let properties: [(name: String, value: [UInt8])]
  /// What ties it to others; `nil` when that cannot be read.
  let member: ModuleMember?

  init(_ inspection: inout Inspection, _ hashing: SHA256, _ limits: Input.Limits) {
    let path = inspection.path
    let info =
      inspection.attempt { module throws(ELFError) in try module.info() }
      ?? ModuleInfo(.empty(at: 0))
    let own = inspection.attempt { module throws(ELFError) in try module.name() } ?? nil
    self.path = path
    name = own.map { $0.bytes } ?? ModuleName.ofFile(at: path)
    version = info.first("version")?.bytes
    description = info.first("description")?.bytes
    authors = info.all("author").map { $0.bytes }
    var seen: Set<ByteSlice> = []
    licenses = info.all("license").filter { seen.insert($0).inserted }.map { $0.bytes }
    digest = Self.digest(&inspection, hashing, limits)
    (sources, evidence) = Self.sources(&inspection, limits)
    properties = Self.properties(&inspection, info)
    member = inspection.attempt { module throws(ELFError) in
      try ModuleMember(module, path: ByteSlice(path), [.offers, .needs])
    }
  }

  /// The digest of the file, compressed as it is.
  private static func digest(
    _ inspection: inout Inspection, _ hashing: SHA256, _ limits: Input.Limits
  ) -> String? {
    var bytes: ByteSlice?
    if inspection.compression == nil {
      bytes = inspection.attempt { module throws(ELFError) in
        try module.image.source.slice(0, module.image.source.size, in: .file)
      }
    } else if inspection.path != [UInt8(ascii: "-")],
      let packed = try? FileDescriptor(opening: inspection.path).readToEnd(limits)
    {
      bytes = ByteSlice(packed)
    }
    guard let bytes, let digest = hashing.digest(of: bytes) else { return nil }
    var text = TextBuffer()
    for byte in digest { text.hex(UInt64(byte), width: 2) }
    return text.text
  }

  /// The files that its tables of WARN, BUG and pr_debug name, and those of its debug information.
  private static func sources(
    _ inspection: inout Inspection, _ limits: Input.Limits
  ) -> ([[UInt8]], [String]) {
    var found: Set<[UInt8]> = []
    var evidence: [String] = []
    func add(_ paths: [[UInt8]], _ section: String) {
      guard !paths.isEmpty else { return }
      found.formUnion(paths)
      evidence.append(section)
    }
    let bugs = inspection.attempt { module throws(ELFError) in try module.bugEntries() } ?? []
    add(bugs.compactMap { $0.file?.bytes }, "__bug_table")
    let sites = inspection.attempt { module throws(ELFError) in try module.debugSites() } ?? []
    add(sites.map { $0.file.bytes }, "__dyndbg")
    var lines =
      inspection.attempt { module throws(ELFError) in
        try LineTable(module.image, Compression.sectionUnpacker(limits))
      } ?? nil
    add(
      (lines?.sources() ?? []).map { file in
        file.folder.isEmpty ? file.name.bytes : file.folder.bytes + [0x2f] + file.name.bytes
      }, ".debug_line")
    let plain = Set(found.map { Self.plain($0) })
    return (plain.filter { !$0.isEmpty }.sorted { $0.lexicographicallyPrecedes($1) }, evidence)
  }

  /// A path without a dot before it, which says nothing.
  private static func plain(_ path: [UInt8]) -> [UInt8] {
    var path = path[...]
    while path.starts(with: [UInt8(ascii: "."), UInt8(ascii: "/")]) { path = path.dropFirst(2) }
    return Array(path)
  }

  private static func properties(
    _ inspection: inout Inspection, _ info: ModuleInfo
  ) -> [(name: String, value: [UInt8])] {
    var all: [(name: String, value: [UInt8])] = []
    func add(_ name: String, _ value: [UInt8]?) {
      if let value { all.append(("koinspect:\(name)", value)) }
    }
    add("path", inspection.path)
    add("compression", inspection.compression.map { Array($0.rawValue.utf8) })
    add("machine", inspection.module.image.header.machine.shortName.map { Array($0.utf8) })
    add("vermagic", info.first("vermagic")?.bytes)
    add("srcversion", info.first("srcversion")?.bytes)
    if let id = inspection.module.buildNotes().buildID {
      var text = TextBuffer()
      for byte in id { text.hex(UInt64(byte), width: 2) }
      add("buildID", text.pending)
    }
    let signature =
      inspection.attempt { module throws(ELFError) in try module.signature() } ?? nil
    if let signature {
      let signer = (try? signature.message())?.firstSigner
      // What the signature says of itself; nobody has verified it.
      add("signerClaimed", (signer?.name ?? signature.signer)?.bytes)
    }
    return all
  }
}
