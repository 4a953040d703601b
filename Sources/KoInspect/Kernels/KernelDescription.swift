// What is known of a kernel: its facts as ELFKit has them, and what is needed beside them.

import ELFKit

/// A kernel, as options, folders and files describe it.
struct KernelDescription {
  /// What decides whether it loads a module.
  var kernel = TargetKernel()
  /// The text of the command line, which is kept when the kernel is saved.
  var commandLine: [UInt8]?
  /// The lines of `Module.symvers`, likewise.
  var symvers: [UInt8] = []
  /// The certificates of keys that the kernel trusts: one that has some looks at signatures.
  var certificates: [[UInt8]] = [] {
    didSet { if !certificates.isEmpty { kernel.shownOptions[.moduleSignature] = true } }
  }
  /// The files of its trees of modules, by name.
  var files = ModuleFiles()
  /// Its trees of modules: what was read of them is in ``modules``.
  var trees: [ModuleFolder] = []
  /// What the modules of the trees tell; `nil` until they have been scanned.
  var modules: ModuleSet?
  private var inputs: [[UInt8]] = []
  /// No list, configuration or certificate is larger.
  let limits: Input.Limits

  /// Nothing is known. Files may be as large as `maxSize` when that is more than the usual limit.
  init(maxSize: UInt64? = nil) { limits = Input.Limits(maxSize: max(maxSize ?? 0, 1 << 26)) }

  /// The files that describe it, those of its trees too, so that no report is written over them.
  var describingFiles: [[UInt8]] { inputs + trees.flatMap { $0.files } }

  /// A verifier with the certificates; `nil` without any.
  func verifier() throws(SystemError) -> SignatureVerifier? {
    guard !certificates.isEmpty else { return nil }
    let verifier = try SignatureVerifier()
    for certificate in certificates { _ = verifier.addCertificates(in: certificate) }
    return verifier
  }
}

/// The files.
extension KernelDescription {
  /// The bytes of a file that was named, decompressed; it may be a pipe.
  mutating func read(_ path: [UInt8]) throws(SystemError) -> ByteSlice {
    inputs.append(path)
    let source = try Input(path, .everything, limits: limits).source
    return try system { () throws(ELFError) in try source.slice(0, source.size, in: .file) }
  }

  /// The bytes of a file that was found in a folder, decompressed: nobody meant a pipe there, which
  /// would be waited for. `nil` when there is none; a link that leads nowhere is there, and so is what
  /// may not be looked at: without its list of symbols a kernel would seem to offer any.
  mutating func readIfThere(_ path: [UInt8]) throws(SystemError) -> ByteSlice? {
    do throws(SystemError) {
      guard try isNamed(path) else { return nil }
      inputs.append(path)
      let source = try Input(path, .everything, mustBeRegular: true, limits: limits).source
      return try system { () throws(ELFError) in try source.slice(0, source.size, in: .file) }
    } catch {
      throw error.named(path)
    }
  }
}

/// The facts, one kind after the other.
extension KernelDescription {
  mutating func addConfig(_ path: [UInt8]) throws(SystemError) {
    try addConfig(text: try read(path))
  }

  mutating func addConfig(text: ByteSlice) throws(SystemError) {
    kernel.config = try system { () throws(ELFError) in try KernelConfig(text) }
  }

  mutating func addSymvers(_ path: [UInt8]) throws(SystemError) {
    try addSymvers(text: try read(path))
  }

  /// Adds the list that lies beside the kernel, unless the kernel's own symbols are known already; tells
  /// whether they are, or it has any.
  @discardableResult
  mutating func addOwnSymvers(text: ByteSlice) throws(SystemError) -> Bool {
    if kernel.symbols.isComplete { return true }
    return try addSymvers(text: text) > 0
  }

  /// Adds a list, and tells how many symbols it has.
  @discardableResult
  mutating func addSymvers(text: ByteSlice) throws(SystemError) -> Int {
    let list = try system { () throws(ELFError) in try ModuleSymvers(text) }
    kernel.symbols.add(list)
    if let last = symvers.last, last != UInt8(ascii: "\n") { symvers.append(UInt8(ascii: "\n")) }
    symvers += text.bytes
    return list.symbols.count
  }

  /// Adds a list of stable symbols; of several each counts.
  mutating func addStableSymbols(_ path: [UInt8]) throws(SystemError) {
    let text = try read(path)
    guard !text.contains(0) else { throw SystemError("no list of symbols: it is no text") }
    let list = SymbolList(text)
    guard !list.names.isEmpty else { throw SystemError("no list of symbols: it names none") }
    kernel.stableSymbols = SymbolList(
      names: list.names.union(kernel.stableSymbols?.names ?? []))
  }

  mutating func setVermagic(_ magic: ByteSlice) {
    kernel.vermagic = magic
    if kernel.release == nil { kernel.release = magic.prefix(until: UInt8(ascii: " ")) }
  }

  mutating func setCommandLine(_ text: [UInt8]) {
    commandLine = text
    kernel.commandLine = KernelCommandLine(ByteSlice(text))
  }

  mutating func addCertificates(_ path: [UInt8]) throws(SystemError) {
    let files = kind(of: path) == .directory ? try regularFiles(in: path) : [path]
    var count = 0
    for file in files {
      // Not decompressed: a certificate in DER is none of the formats.
      inputs.append(file)
      let bytes: [UInt8]
      do throws(SystemError) {
        bytes = try FileDescriptor(opening: file).readToEnd(limits)
      } catch {
        throw file == path ? error : error.named(file)
      }
      let found = try SignatureVerifier().addCertificates(in: bytes)
      if found > 0 { certificates.append(bytes) }
      count += found
    }
    guard count > 0 else { throw SystemError("no X.509 certificate, neither DER nor PEM") }
  }

  /// What a module of the kernel tells; `isOwn` when it alone is what is known, and not one of many.
  /// Whether it was built with the kernel.
  @discardableResult
  mutating func addReference(_ path: [UInt8], isOwn: Bool) throws(SystemError) -> Bool {
    inputs.append(path)
    let input = try Input(path, .everything, mustBeRegular: !isOwn, needsMagic: true)
    return try system { () throws(ELFError) in
      let module = KernelModule(try ELFImage(asLoaded: input.source))
      let info = try module.info()
      if let release = info.release, let known = kernel.release, release != known {
        throw ELFError(
          .malformed("it is a module of \(release.text), and the kernel is \(known.text)"),
          .file, at: 0)
      }
      if let own = try module.thisModule() {
        var known =
          kernel.structModule.flatMap { $0.size == own.size ? $0 : nil }
          ?? TargetKernel.StructModule(size: own.size)
        known.initOffset = known.initOffset ?? own.initFunction?.fieldOffset
        known.exitOffset = known.exitOffset ?? own.exitFunction?.fieldOffset
        kernel.structModule = known
      }
      if isOwn || kernel.vermagic == nil, let magic = info.first("vermagic") {
        setVermagic(magic.copied())
      }
      try kernel.addOptions(shownBy: module)
      kernel.versions.add(try module.versions())
      if let message = try? module.signature()?.message() {
        kernel.moduleKeyID = message.firstSigner.keyID.copied()
      }
      return info.contains("intree")
    }
  }

  /// Loads the modules in `paths` one after the other, as they are named; tells what does not load, and
  /// gives it back.
  @discardableResult
  mutating func load(
    _ paths: [[UInt8]], _ limits: Input.Limits, _ console: inout Console
  ) throws(SystemError) -> [Unread] {
    guard !paths.isEmpty else { return [] }
    let plan = try LoadPlan(
      self, arguments: [], flags: nil, limits: limits, loadsDependencies: false)
    let (state, unloaded) = try plan.loading(paths, &console)
    kernel.state = state
    return unloaded
  }
}

/// An error of the library as one of the tool.
func system<Value>(
  _ body: () throws(ELFError) -> Value
) throws(SystemError) -> Value {
  do throws(ELFError) { return try body() } catch { throw SystemError(error.description) }
}

extension ByteSlice {
  /// The same bytes in storage of their own, so that the file they come from can go.
  func copied() -> ByteSlice { ByteSlice(bytes, fileOffset: fileOffset) }
}
