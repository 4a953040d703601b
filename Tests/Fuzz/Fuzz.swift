// Targets for libFuzzer. Not a target of the package: Scripts/fuzz compiles this file together with
// KoInspect's sources (and with TestSupport's walk over ELFKit).

import ELFKit
import Glibc

/// What is fuzzed, by the name in `FUZZ_TARGET`.
private enum FuzzTarget: String, CaseIterable {
  /// The ELF image and all its views.
  case image
  /// Facts of the module and findings of all rules; the first byte chooses what is known besides.
  case facts
  /// What a kernel would do with the module; the first bytes choose kernel, flags and arguments.
  case preflight
  /// The program as a value: a line of arguments, then the file that `@` stands for; `%` is a saved
  /// target kernel.
  case program
  /// PKCS#7 messages.
  case der
  /// Compressed files and their limits.
  case decompress
  /// Texts: policies, baselines, symbol lists, configurations, indices, targets, oopses, arguments.
  case texts
  /// `koinspect decode`: a log, then the module that it is of.
  case decode
  /// `koinspect diff` and the page of a comparison: two modules, one behind the other.
  case pair
  /// A tree of modules: its lists, one behind the other, then its modules. Who needs whom, the indexes, the
  /// table, the page, the bill; the first byte chooses.
  case tree
  /// Debug information: lines and functions of places all over the file.
  case dwarf

  static let chosen: Self = {
    let word = unsafe getenv("FUZZ_TARGET").map { unsafe String(cString: $0) } ?? ""
    guard let target = Self(rawValue: word) else {
      let names = allCases.map(\.rawValue).joined(separator: ", ")
      fatalError("FUZZ_TARGET is one of \(names)")
    }
    return target
  }()
}

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: size))
  switch FuzzTarget.chosen {
  case .image: image(bytes)
  case .facts: facts(bytes)
  case .preflight: preflight(bytes)
  case .program: program(bytes)
  case .der: der(bytes)
  case .decompress: decompress(bytes)
  case .texts: texts(bytes)
  case .decode: decode(bytes)
  case .pair: pair(bytes)
  case .tree: tree(bytes)
  case .dwarf: dwarf(bytes)
  }
  return 0
}

/// The kernel of the fixtures.
private let kernel: TargetKernel = {
  var target = KernelDescription()
  guard (try? target.addKernel(kernelPath)) != nil else {
    fatalError("FUZZ_KERNEL is no saved target")
  }
  return target.kernel
}()

private let kernelPath: [UInt8] =
  unsafe getenv("FUZZ_KERNEL").map { unsafe Array(String(cString: $0).utf8) } ?? []

private func image(_ bytes: [UInt8]) {
  if let image = try? ELFImage(bytes) { _ = Walk.views(of: image).map(\.description) }
}

private func facts(_ bytes: [UInt8]) {
  guard let choice = bytes.first,
    let image = try? ELFImage(asLoaded: ByteSlice(bytes).suffix(from: 1))
  else { return }
  var host = CheckContext()
  var target = TargetKernel()
  if choice & 1 != 0 { target.symbols = kernel.symbols }
  if choice & 2 != 0 { target.vermagic = kernel.vermagic }
  if choice & 4 != 0 { target.structModule = kernel.structModule }
  if choice & 8 != 0 { host.kernels = KernelVersion(5, 10)...KernelVersion(7, 2) }
  if choice & 16 != 0 { host.fileStem = "hello" }
  if choice & 32 != 0 { target.builtIns = kernel.builtIns }
  if choice & 39 != 0 { host.target = choice & 39 == 39 ? kernel : target }
  if choice & 64 != 0 {
    host.signatureEvidence = SignatureEvidence(choice & 128 != 0 ? [.unknownKey] : [])
  }
  _ = Walk.facts(of: KernelModule(image), host).map(\.description)
}

private let releases = ["5.10.0-32-amd64", "6.1.0-56-amd64", "6.12.107+deb13-amd64", "7.2.0", ""]

private func preflight(_ bytes: [UInt8]) {
  guard bytes.count > 4 else { return }
  var target = kernel
  let release = releases[Int(bytes[0]) % releases.count]
  target.release = release.isEmpty ? nil : ByteSlice(Array(release.utf8))
  if bytes[1] & 1 != 0 { target.config = nil }
  if bytes[1] & 2 != 0 { target.symbols = SymbolProviders() }
  if bytes[1] & 4 != 0 { target.vermagic = nil }
  if bytes[1] & 8 != 0 { target.structModule = nil }
  target.commandLine =
    bytes[1] & 16 != 0 ? KernelCommandLine("module.sig_enforce") : nil
  // Arguments end where the file begins.
  let end = bytes.firstIndex(of: 0x7f) ?? 4
  var request = LoadRequest(ByteSlice(Array(bytes[end...])))
  request.flags = LoadRequest.Flags(rawValue: UInt32(bytes[2] & 15))
  request.isInitModule = bytes[3] & 1 != 0
  if end > 4 { request.arguments = ByteSlice(Array(bytes[4..<end])) }
  let prediction = target.prediction(request)
  _ = prediction.verdict
  target.state = prediction.state
  _ = target.prediction(request).messages.count
}

/// Counts what is printed, and takes more than can be meant for an endless report.
private final class CountingSink: OutputSink {
  private var count = 0
  let failure: String? = nil

  func write(_ bytes: [UInt8]) {
    count += bytes.count
    precondition(count < 256 << 20, "output without end")
  }
}

/// A folder of this run's own (`FUZZ_FOLDER`), for the file that is read and for an empty folder to
/// work in: what `.` means must be neither large nor anybody's.
private let folder: String = {
  guard let folder = unsafe getenv("FUZZ_FOLDER").map({ unsafe String(cString: $0) }) else {
    fatalError("FUZZ_FOLDER is not set")
  }
  let empty = folder + "/empty"
  guard unsafe empty.withCString({ unsafe mkdir($0, 0o700) == 0 && chdir($0) == 0 }) else {
    fatalError("\(empty) cannot be made")
  }
  return folder
}()

/// Writes a file of this run's own and gives its path back.
private func write(_ name: String, _ content: ArraySlice<UInt8>) -> [UInt8] {
  let path = Array((folder + "/" + name).utf8)
  let file = unsafe withCString(path) { unsafe open($0, O_RDWR | O_CREAT | O_TRUNC, 0o600) }
  _ = unsafe content.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
  close(file)
  return path
}

/// Runs the program; nothing that it prints goes anywhere.
private func perform(_ words: [[UInt8]]) {
  let environment = Environment(
    outputIsTerminal: { false }, errorIsTerminal: { false }, variable: { _ in nil },
    workingDirectory: { Array("/nowhere".utf8) })
  let console = Console(
    out: TextBuffer(CountingSink()), err: TextBuffer(CountingSink()), environment: environment)
  var program = Program(console: console)
  precondition((0...2).contains(program.run(words).rawValue))
}

private func program(_ bytes: [UInt8]) {
  let split = bytes.firstIndex(of: 0x0a) ?? bytes.count
  let path = write("input", bytes[min(split + 1, bytes.count)...])
  // Nothing is written, and no file but this one is read.
  let words = bytes[..<split].split(separator: 0x20).prefix(12).map { word -> [UInt8] in
    word.elementsEqual([0x40]) ? path : word.elementsEqual([0x25]) ? kernelPath : Array(word)
  }
  for word in words where word != path && word != kernelPath {
    let text = String(decoding: word, as: UTF8.self)
    for option in ["-o", "--o", "--w", "--sa", "--ru", "/"] where text.hasPrefix(option) { return }
    if text.contains("=/") || text.contains("..") || text == "-" { return }
  }
  perform(words)
}

private func decode(_ bytes: [UInt8]) {
  let all = ByteSlice(bytes)
  let end = all.firstPosition(of: "\u{7f}ELF") ?? bytes.count
  let module = write("input.ko", bytes[end...])
  let log = write("log", bytes[..<end])
  let option = bytes.count % 2 == 0 ? "--json" : "--color=never"
  perform([Array("decode".utf8), Array(option.utf8), module, log])
}

/// The parts of an input that begin as ELF files do, and what is before the first.
private func files(in bytes: [UInt8]) -> (before: ArraySlice<UInt8>, files: [ArraySlice<UInt8>]) {
  let all = ByteSlice(bytes)
  var starts: [Int] = []
  while let next = all.suffix(from: starts.last.map { $0 + 1 } ?? 0).firstPosition(of: "\u{7f}ELF")
  {
    starts.append((starts.last.map { $0 + 1 } ?? 0) + next)
  }
  let ends = starts.dropFirst() + [bytes.count]
  return (bytes[..<(starts.first ?? bytes.count)], zip(starts, ends).map { bytes[$0..<$1] })
}

private func words(_ line: String) -> [[UInt8]] {
  line.split(separator: " ").map { Array($0.utf8) }
}

private func pair(_ bytes: [UInt8]) {
  let parts = files(in: bytes).files
  guard let first = parts.first else { return }
  let rest = bytes[first.endIndex...]
  let paths = [write("old.ko", first), write("new.ko", rest.isEmpty ? first : rest)]
  let commands = [
    "diff", "diff --json --all", "diff --markdown", "diff --sizes", "report --diff -o page.html",
  ]
  perform(words(commands[bytes.count % commands.count]) + paths)
}

/// The lists that a tree may have, in the order of the input.
private let lists = ["modules.order", "modules.builtin", "modules.dep", "modules.builtin.modinfo"]

private func tree(_ bytes: [UInt8]) {
  let (before, modules) = files(in: bytes)
  let texts = before.dropFirst().split(separator: 0x01, omittingEmptySubsequences: false)
  let root = Array((folder + "/tree").utf8)
  _ = unsafe withCString(root) { unsafe mkdir($0, 0o700) }
  for (number, name) in lists.enumerated() {
    _ = write("tree/" + name, number < texts.count ? texts[number] : [])
  }
  for number in 0..<4 {
    _ = write("tree/m\(number).ko", number < modules.count ? modules[number] : [])
  }
  let commands = [
    "deps", "deps --json", "deps --reverse", "deps --flat", "deps --check", "deps --dot",
    "deps --mermaid",
    "depmod -n", "depmod --check-indexes", "show", "show --json", "show --csv",
    "check --format sarif",
    "report -o page.html", "report --format cyclonedx -o bill", "report --format spdx -o bill",
  ]
  perform(words(commands[Int(bytes.first ?? 0) % commands.count]) + [root])
}

private func dwarf(_ bytes: [UInt8]) {
  let unpacker = Compression.sectionUnpacker(Input.Limits(maxSize: 1 << 24))
  guard let image = try? ELFImage(bytes), var table = try? SourceTable(image, unpacker) else {
    return
  }
  for section in 0..<min(image.sections.count, 16) {
    for offset in stride(from: 0, to: 0x100, by: 17) as StrideTo<UInt64> {
      precondition(table.frames(at: offset, of: section).count <= 1 << 16)
    }
  }
}

private func der(_ bytes: [UInt8]) {
  guard let message = try? SignedMessage(ByteSlice(bytes)) else { return }
  for signer in message.signers {
    _ = signer.name?.count
    _ = signer.keyID.count
    _ = signer.digestAlgorithm.description
  }
}

private func decompress(_ bytes: [UInt8]) {
  let slice = ByteSlice(bytes)
  guard let format = Compression(magic: slice) else { return }
  let limits = Input.Limits(maxSize: 1 << 24)
  if let output = try? format.decompress(slice, limits) { precondition(output.count <= 1 << 24) }
}

private func texts(_ bytes: [UInt8]) {
  guard let first = bytes.first else { return }
  let rest = Array(bytes.dropFirst())
  let slice = ByteSlice(rest)
  switch first % 9 {
  case 0: _ = try? Policy(rest) { _ throws(SystemError) in rest }
  case 1: _ = try? Baseline(rest)
  case 2: _ = try? ModuleSymvers(slice)
  case 3: _ = try? KernelConfig(slice)
  case 4:
    var target = KernelDescription()
    if (try? target.addSaved(rest)) != nil { _ = target.saved.pending.count }
  case 5:
    let index = BinaryIndex(slice)
    _ = index?.value(of: Array("hello".utf8))
    _ = index?.values(matching: Array("pci:v00008086d00001234".utf8))
  case 6:
    let index = TextIndex(slice)
    _ = index.path(ofModule: Array("hello".utf8))
    _ = index.modules(matching: Array("pci:v00008086d00001234".utf8))
  case 7:
    _ = TaintMask(slice)
    _ = TaintMask(oopsLine: slice)
    _ = TaintingModule.all(in: slice).count
  default:
    _ = KernelCommandLine(slice)
    _ = KernelArguments(slice).rest
    _ = AliasPattern(slice).matches("pci:v00008086d00001234sv")
    _ = PathGlob(rest)
  }
}
