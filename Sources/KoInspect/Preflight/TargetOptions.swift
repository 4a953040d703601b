// The options that say what is known of a kernel, and the facts that they give.

import ELFKit

/// A command's names for these options.
protocol TargetOptionName: InputOptionName {
  static var kernel: Self { get }
  static var modules: Self { get }
  static var config: Self { get }
  static var symvers: Self { get }
  static var reference: Self { get }
  static var vermagic: Self { get }
  static var commandLine: Self { get }
  static var certificate: Self { get }
  static var loaded: Self { get }
  static var taint: Self { get }
  static var running: Self { get }
}

/// Their rows in the command's table.
extension Option where Name: TargetOptionName {
  static var target: [Self] {
    [
      Self(
        .kernel, nil, "kernel", argument: .required("DIR|FILE"),
        help: "a kernel's build or headers directory, or a target that was saved"),
      Self(
        .modules, nil, "modules", argument: .required("DIR"),
        help: "the kernel's own modules, such as /lib/modules/RELEASE"),
      Self(.running, nil, "running", help: "the kernel that runs here (the default)"),
      Self(.config, nil, "config", argument: .required("FILE"), help: "its .config"),
      Self(.symvers, nil, "symvers", argument: .required("FILE"), help: "its Module.symvers"),
      Self(
        .reference, nil, "reference", argument: .required("FILE"),
        help: "a module of it: version magic and struct module"),
      Self(.vermagic, nil, "vermagic", argument: .required("TEXT"), help: "its version magic"),
      Self(
        .commandLine, nil, "cmdline", argument: .required("TEXT"), help: "its command line"),
      Self(
        .certificate, nil, "cert", argument: .required("FILE|DIR"),
        help: "certificates of the keys that it trusts"),
      Self(
        .loaded, nil, "loaded", argument: .required("FILE"),
        help: "a module that is loaded before; may be given more than once, in order"),
      Self(
        .taint, nil, "taint", argument: .required("MASK"),
        help: "its taints before: 12288, OE"),
    ]
  }
}

/// What the options give: a kernel, and what is needed beside it.
struct Target {
  var kernel = TargetKernel()
  /// The text of the command line, which is kept when the target is saved.
  var commandLine: [UInt8]?
  /// The lines of `Module.symvers`, likewise.
  var symvers: [UInt8] = []
  /// The certificates of keys that the kernel trusts.
  var certificates: [[UInt8]] = []
  /// The modules of the tree, by name.
  var tree = ModuleTree()

  /// A verifier with the certificates; `nil` without any.
  func verifier() throws(SystemError) -> SignatureVerifier? {
    guard !certificates.isEmpty else { return nil }
    let verifier = try SignatureVerifier()
    for certificate in certificates { _ = verifier.addCertificates(in: certificate) }
    return verifier
  }
}

extension ParsedArguments where Name: TargetOptionName {
  /// The kernel that the options describe; that which runs here when they name none.
  func target() throws(SystemError) -> Target {
    var target = Target()
    let facts: [Name] = [
      .kernel, .modules, .config, .symvers, .reference, .vermagic, .certificate,
    ]
    if has(.running) || !facts.contains(where: has) { try target.addRunning() }
    for path in values(.kernel) {
      try naming(path) { () throws(SystemError) in try target.addKernel(path) }
    }
    for path in values(.modules) {
      try naming(path) { () throws(SystemError) in try target.addModules(path) }
    }
    if let path = value(.config) {
      try naming(path) { () throws(SystemError) in try target.addConfig(path) }
    }
    for path in values(.symvers) {
      try naming(path) { () throws(SystemError) in try target.addSymvers(path) }
    }
    if let path = value(.reference) {
      try naming(path) { () throws(SystemError) in try target.addReference(path, isOwn: true) }
    }
    if let text = value(.vermagic) { target.setVermagic(ByteSlice(text)) }
    if let text = value(.commandLine) { target.setCommandLine(text) }
    for path in values(.certificate) {
      try naming(path) { () throws(SystemError) in try target.addCertificates(path) }
    }
    if let text = value(.taint) {
      guard let mask = TaintMask(ByteSlice(text)) else {
        throw SystemError(
          "'\(String(decoding: text, as: UTF8.self))' is no mask: 12288, 0x3000 and OE are")
      }
      target.kernel.state.taints = mask
    }
    return target
  }
}

/// What `body` does; an error of it names the file.
private func naming(
  _ path: [UInt8], _ body: () throws(SystemError) -> Void
) throws(SystemError) {
  do throws(SystemError) { try body() } catch {
    throw SystemError("\(String(decoding: path, as: UTF8.self)): \(error.message)")
  }
}

extension Target {
  /// No list, configuration or certificate is larger.
  private static let limits = Input.Limits(maxSize: 1 << 26)

  /// Throws when --kernel would refuse what is about to be saved.
  static func check(saved text: [UInt8]) throws(SystemError) {
    try limits.check(UInt64(text.count))
    var target = Target()
    try target.addSaved(text)
  }

  private static func read(_ path: [UInt8]) throws(SystemError) -> [UInt8] {
    try FileDescriptor(opening: path).readToEnd(limits)
  }

  /// The bytes of a file that nobody has named: a tree may have pipes in it.
  private static func readInTree(_ path: [UInt8]) throws(SystemError) -> [UInt8] {
    try FileDescriptor(opening: path, mustBeRegular: true).readToEnd(limits)
  }

  /// The bytes of a file that may be missing; other errors count.
  private static func readIfThere(_ path: [UInt8]) throws(SystemError) -> [UInt8]? {
    kind(of: path) == .missing ? nil : try readInTree(path)
  }

  /// A build or headers directory, or a saved target.
  mutating func addKernel(_ path: [UInt8]) throws(SystemError) {
    guard kind(of: path) == .directory else {
      try addSaved(try Self.read(path))
      return
    }
    func file(_ name: String) -> [UInt8] { path + Array("/\(name)".utf8) }
    var found = false
    if let release = try Self.release(file) {
      kernel.release = release
      found = true
    }
    if kind(of: file(".config")) != .missing {
      try addConfig(text: try Self.readInTree(file(".config")))
      found = true
    }
    if kind(of: file("Module.symvers")) != .missing {
      try addSymvers(text: try Self.readInTree(file("Module.symvers")))
      found = true
    }
    guard found else {
      throw SystemError(
        "neither a kernel's build or headers directory (.config, Module.symvers) nor a saved target"
      )
    }
  }

  /// The release that modules get. Debian's packages have another one, without the ABI's number, in
  /// `kernel.release`.
  private static func release(
    _ file: (String) -> [UInt8]
  ) throws(SystemError) -> ByteSlice? {
    if let text = try readIfThere(file("include/generated/utsrelease.h")) {
      let words = text.split { $0 == 0x20 || $0 == 0x0a }
      if words.count >= 3, words[1].elementsEqual("UTS_RELEASE".utf8), words[2].count > 2 {
        return ByteSlice(Array(words[2].dropFirst().dropLast()))
      }
    }
    let text = try readIfThere(file("include/config/kernel.release"))
    return text.map { ByteSlice(Array($0.prefix { $0 != 0x0a })) }
  }

  mutating func addConfig(_ path: [UInt8]) throws(SystemError) {
    try addConfig(text: try Self.read(path))
  }

  private mutating func addConfig(text: [UInt8]) throws(SystemError) {
    kernel.config = try system { () throws(ELFError) in try KernelConfig(ByteSlice(text)) }
  }

  mutating func addSymvers(_ path: [UInt8]) throws(SystemError) {
    try addSymvers(text: try Self.read(path))
  }

  mutating func addSymvers(text: [UInt8]) throws(SystemError) {
    let list = try system { () throws(ELFError) in try ModuleSymvers(ByteSlice(text)) }
    kernel.symbols.add(list)
    if let last = symvers.last, last != 0x0a { symvers.append(0x0a) }
    symvers += text
  }

  mutating func setVermagic(_ magic: ByteSlice) {
    kernel.vermagic = magic
    if kernel.release == nil {
      kernel.release = magic.prefix(until: 0x20)
    }
  }

  mutating func setCommandLine(_ text: [UInt8]) {
    commandLine = text
    kernel.commandLine = KernelCommandLine(ByteSlice(text))
  }

  mutating func addCertificates(_ path: [UInt8]) throws(SystemError) {
    let files = kind(of: path) == .directory ? try regularFiles(in: path) : [path]
    var count = 0
    for file in files {
      let bytes = try Self.read(file)
      let found = try SignatureVerifier().addCertificates(in: bytes)
      if found > 0 { certificates.append(bytes) }
      count += found
    }
    guard count > 0 else { throw SystemError("no X.509 certificate, neither DER nor PEM") }
  }

  /// What a module of the kernel tells; `isOwn` when it alone is what is known.
  mutating func addReference(_ path: [UInt8], isOwn: Bool) throws(SystemError) {
    let input = try Input(path, .everything)
    try system { () throws(ELFError) in
      let module = KernelModule(try ELFImage(asLoaded: input.source))
      if let own = try module.thisModule() {
        var known =
          kernel.structModule.flatMap { $0.size == own.size ? $0 : nil }
          ?? TargetKernel.StructModule(size: own.size)
        known.initOffset = known.initOffset ?? own.initFunction?.fieldOffset
        known.exitOffset = known.exitOffset ?? own.exitFunction?.fieldOffset
        kernel.structModule = known
      }
      let info = try module.info()
      if let release = info.release, let known = kernel.release, release != known {
        throw ELFError(
          .malformed("it is a module of \(release.text), and the kernel is \(known.text)"),
          .file, at: 0)
      }
      if isOwn || kernel.vermagic == nil, let magic = info.first("vermagic") {
        setVermagic(magic.copied())
      }
      if let message = try? module.signature()?.message() {
        kernel.moduleKeyID = message.firstSigner.keyID.copied()
      }
    }
  }

  /// A tree of modules: what any of them tells, built-in ones, and where all of them are.
  mutating func addModules(_ directory: [UInt8]) throws(SystemError) {
    var problem: SystemError?
    let files = KoInspect.modules(below: directory) { _, error in problem = problem ?? error }
    if let problem { throw problem }
    tree.add(files)
    try addBuiltIns(directory)
    // The first few: not every module has both init and exit.
    for file in files.prefix(16) {
      do throws(SystemError) { try addReference(file, isOwn: false) } catch { continue }
      let known = kernel.structModule
      if known?.initOffset != nil, known?.exitOffset != nil { break }
    }
  }

  /// Names below `/sys/module` of what is built in: that which has parameters or a version.
  ///
  /// What could not be a module may call its parameters after something else
  /// (`MODULE_PARAM_PREFIX`: those of mm/kfence/core.c are `kfence.…`), so that its name tells nothing.
  private mutating func addBuiltIns(_ directory: [UInt8]) throws(SystemError) {
    func file(_ name: String) throws(SystemError) -> [UInt8]? {
      try Self.readIfThere(directory + Array("/\(name)".utf8))
    }
    guard let text = try file("modules.builtin.modinfo"), let list = try file("modules.builtin")
    else { return }
    let names = Set(list.split(separator: 0x0a).map { ModuleName.ofFile(at: Array($0)) })
    for entry in ModuleInfo(ByteSlice(text)) {
      guard let dot = entry.key.firstIndex(of: 0x2e) else { continue }
      let tag = entry.key.suffix(from: dot + 1)
      guard tag.equals("parmtype") || tag.equals("version") else { continue }
      let name = entry.key[within: 0..<dot]
      if names.contains(name.bytes) { kernel.builtIns.insert(name.copied()) }
    }
    kernel.hasBuiltIns = true
  }
}

/// An error of the library as one of the tool.
private func system<Value>(
  _ body: () throws(ELFError) -> Value
) throws(SystemError) -> Value {
  do throws(ELFError) { return try body() } catch { throw SystemError(error.description) }
}

extension ByteSlice {
  /// The same bytes in storage of their own, so that the file they come from can go.
  func copied() -> ByteSlice { ByteSlice(bytes, fileOffset: fileOffset) }

  /// What is before the first `byte`.
  func prefix(until byte: UInt8) -> ByteSlice { self[within: 0..<(firstIndex(of: byte) ?? count)] }
}
