// What two real kernels answered when they were asked to load more than a thousand modules, and what
// the prediction says (Fixtures/truth; Scripts/make-truth tells where they come from).

import ELFKit
import Foundation
import TestSupport
import Testing

@testable import KoInspect

@Suite("What real kernels answered")
struct TruthTests {
  /// One case: a module, how it was handed to a kernel, and what that did.
  struct Case {
    let id: String
    let group: String
    let kernel: String
    let file: String
    let preload: [String]
    let commandLine: String
    let flags: UInt32
    let arguments: String
    let circumstance: String
    let isInitModule: Bool
    /// Whether the kernel read or wrote where it must not: what then happened was luck.
    let isUndefined: Bool
    let verdict: String
    let errno: String?
    let crashSite: String
    let kernelTaints: String
    let taints: String?
    let messages: [String]

    init(_ json: [String: Any]) throws {
      let expect = try #require(json["expect"] as? [String: Any])
      id = try #require(json["id"] as? String)
      group = try #require(json["group"] as? String)
      let release = try #require(json["kernel"] as? String)
      let line = release.hasPrefix("6.1.") ? "6.1" : "6.12"
      kernel =
        release.hasSuffix("-arm64")
        ? "\(line)-arm64" : release.hasSuffix("-armmp") ? "\(line)-armhf" : line
      file = try #require(json["file"] as? String)
      preload = json["preload"] as? [String] ?? []
      commandLine = json["cmdline"] as? String ?? "module_blacklist=k_blk,kt_second,k-dash"
      flags = (json["flags"] as? NSNumber)?.uint32Value ?? 0
      arguments = json["args"] as? String ?? ""
      circumstance = json["circumstance"] as? String ?? ""
      isInitModule = json["syscall"] as? String == "init"
      isUndefined = json["undefined"] as? Bool ?? false
      verdict = try #require(expect["verdict"] as? String)
      errno = expect["errno"] as? String
      crashSite = expect["crashSite"] as? String ?? ""
      kernelTaints = expect["kernelTaints"] as? String ?? ""
      taints = expect["taints"] as? String
      messages = expect["messages"] as? [String] ?? []
    }
  }

  /// Cases in which the module's own code decides: the loader's verdict was "loads".
  private static let ownCode: Set<String> = [
    "enodev", "enodev_prop", "eexist", "positive", "warn", "warn@panic_on_taint", "oops",
  ]

  /// Cases in which a parameter's own code decides: nothing but "depends" is right.
  private static let ownParameter: Set<String> = ["par_p_cb_3", "par_p_cb_X", "par_p_cb_noarg"]

  /// Cases in which what was recorded is not all that was printed, or depends on more than is known:
  /// a line of more than a kilobyte; types that only the kernel's own (vmlinux) can be compared with.
  private static let otherMessages: Set<String> = ["arg_len1025", "btf_nobase"]

  /// The files of the archive, by name.
  static func files(_ archive: String = "modules") throws -> [String: ByteSlice] {
    let archive = ByteSlice(try Fixtures.bytes("truth/\(archive).tar.xz"))
    let tar = ByteSlice(try Compression.xz.decompress(archive, Input.Limits()))
    var files: [String: ByteSlice] = [:]
    var position = 0
    // ustar: a header of 512 bytes, the name first and the size, in base 8, at 124.
    while position + 512 <= tar.count, tar[position] != 0 {
      let name = tar[within: position..<position + 100].untilNUL.text
      let size = try #require(Int(tar[within: position + 124..<position + 135].text, radix: 8))
      // Bytes of its own: a module begins at offset 0 of its file.
      files[name] = ByteSlice(tar[within: position + 512..<position + 512 + size].bytes)
      position += 512 + (size + 511) / 512 * 512
    }
    return files
  }

  static func cases(_ name: String = "cases") throws -> [Case] {
    let text = try Fixtures.bytes("truth/\(name).jsonl")
    return try text.split(separator: 0x0a).map { line in
      try Case(
        try #require(JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]))
    }
  }

  static func targets(
    _ files: [String: ByteSlice], _ kernels: [String] = ["6.1", "6.12"]
  ) throws -> [String: KernelDescription] {
    var targets: [String: KernelDescription] = [:]
    for kernel in kernels {
      var target = KernelDescription()
      try target.addSaved(try #require(files["\(kernel)/target.json"]).bytes)
      targets[kernel] = target
    }
    return targets
  }

  /// The answer to a case.
  static func prediction(
    _ item: Case, _ target: KernelDescription, _ files: [String: ByteSlice]
  ) throws -> LoadPrediction {
    var target = target
    target.setCommandLine(Array(item.commandLine.utf8))
    target.kernel.isModulesDisabled = item.circumstance == "disabled"
    let verifier = try target.verifier()
    func request(_ name: String) throws -> LoadRequest {
      let bytes = try #require(files["\(item.kernel)/\(name)"])
      var request = LoadRequest(bytes)
      request.command = "init"
      let flags = LoadRequest.Flags(rawValue: item.flags)
      if flags.contains(.compressedFile), let format = Compression(magic: bytes) {
        request.unpacked = (try? format.decompress(bytes, Input.Limits())).map {
          ByteSlice($0).erased
        }
      }
      let module = request.unpacked ?? request.file
      request.evidence = verifier?.evidence(on: module)
      return request
    }
    for name in item.preload {
      target.kernel.state = target.kernel.prediction(try request(name)).state
    }
    var own = try request(item.file)
    own.flags = LoadRequest.Flags(rawValue: item.flags)
    own.arguments = ByteSlice(Array(item.arguments.utf8))
    own.isInitModule = item.isInitModule
    own.isPermitted = item.circumstance != "unpriv"
    own.isReadable = item.circumstance != "wronly"
    return target.kernel.prediction(own)
  }

  /// What the prediction gets wrong; empty when nothing.
  private static func differences(_ item: Case, _ answer: LoadPrediction) -> [String] {
    var differences: [String] = []
    let verdict = answer.verdict.rawValue
    if item.isUndefined || item.verdict == "crashes", !ownCode.contains(item.id) {
      // A kernel that panics as it was told to prints that.
      return verdict == "loads" ? ["loads, where the kernel does not survive"] : []
    }
    if ownParameter.contains(item.id) { return verdict == "depends" ? [] : ["verdict \(verdict)"] }
    let isOwn = ownCode.contains(item.id)
    let expected = isOwn ? "loads" : item.verdict
    if verdict != expected {
      let why = answer.openQuestions.map(\.text).joined(separator: "; ")
      differences.append("\(verdict) \(why), the kernel: \(expected) \(item.errno ?? "")")
    }
    if !isOwn, answer.errno?.rawValue != item.errno {
      differences.append("\(answer.errno?.rawValue ?? "none"), the kernel: \(item.errno ?? "none")")
    }
    // What init did to itself is not the loader's.
    let kernelTaints = isOwn ? item.kernelTaints.filter { !"WD".contains($0) } : item.kernelTaints
    if answer.state.taints.letters != kernelTaints {
      differences.append(
        "kernel taints \(answer.state.taints.letters), the kernel: \(kernelTaints)")
    }
    if let taints = item.taints, answer.moduleTaints.letters != taints {
      differences.append("taints \(answer.moduleTaints.letters), the kernel: \(taints)")
    }
    if !otherMessages.contains(item.id), item.verdict != "crashes" {
      let own = answer.messages.map { normalized($0.text.replacing("\\", with: "\\x5c")) }
      let kernels = item.messages.map { normalized($0.replacing("\\x7f", with: "\\x5cx7f")) }
      if own != kernels { differences.append("messages \(own), the kernel: \(kernels)") }
    }
    return differences
  }

  /// Addresses differ from boot to boot.
  private static func normalized(_ line: String) -> String {
    line.replacing(/\b(0x)?[0-9a-f]{8,}\b/, with: "ADDRESS")
  }

  /// Cases that decide by where this boot has put kernel and modules: nothing but "depends" is right.
  private static let decidedByAddresses: Set<String> = [
    "rel_und_MOVW_PREL_G0", "rel_und_PREL16", "rel_und_TSTBR14",
  ]

  /// Cases in which the module's own code does the damage: the loader has loaded it.
  private static let ownDamage: Set<String> = ["rel_call_to_data", "rel_off_4", "sym_weak"]

  /// A relocation reaches one byte beyond its section, which this time did no harm.
  private static let luck: Set<String> = ["mcount_odd"]

  /// Jumps within one section that are too far use up .plt, which is not counted: "loads" is wrong.
  private static let exhausted: Set<String> = ["rel_plt_exhaust_pad"]

  @Test("On AArch64 verdict and error are the kernel's own in every case that a file decides")
  func arm64() throws {
    let files = try Self.files("arm64")
    let target = try #require(try Self.targets(files, ["6.1-arm64"])["6.1-arm64"])
    var failures: [String] = []
    var count = 0
    for item in try Self.cases("arm64") {
      let answer = try Self.prediction(item, target, files)
      let verdict = answer.verdict.rawValue
      count += 1
      if Self.exhausted.contains(item.id) { continue }
      if Self.ownDamage.contains(item.id) {
        if verdict != "loads" { failures.append("\(item.id): \(verdict)") }
        continue
      }
      let open = Self.decidedByAddresses.union(Self.ownParameter).union(Self.luck)
      if open.contains(item.id) {
        if verdict != "depends" { failures.append("\(item.id): \(verdict)") }
        continue
      }
      if item.isUndefined || item.verdict == "crashes", !Self.ownCode.contains(item.id) {
        if verdict == "loads" { failures.append("\(item.id): loads, and the kernel dies") }
        continue
      }
      let isOwn = Self.ownCode.contains(item.id)
      let expected = isOwn ? "loads" : item.verdict
      if verdict != expected || !isOwn && answer.errno?.rawValue != item.errno {
        failures.append(
          "\(item.id): \(verdict) \(answer.errno?.rawValue ?? "") \(answer.openQuestions.map(\.text)), the kernel: \(expected) \(item.errno ?? "")"
        )
      }
    }
    expect(count > 300)
    expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
  }

  /// Cases of 32-bit ARM that a file alone does not decide, and why. "depends" is right, "loads" is not
  /// wrong where the kernel has loaded it.
  private static let openOnARM = [
    "rel_big_LDR_PC_G2":
      "what two groups of eight bits leave of a distance depends on every bit of the address",
    "mcount_odd": "a relocation reaches beyond its section, which this time did no harm",
    "sym_shndx_livepatch": "the module is loaded, and its own code jumps to nowhere",
    "sym_weak": "the module is loaded, and its own code jumps to nowhere",
  ]

  @Test("On 32-bit ARM verdict, error, taints and words are the kernel's own")
  func arm() throws {
    let files = try Self.files("armhf")
    let target = try #require(try Self.targets(files, ["6.12-armhf"])["6.12-armhf"])
    var failures: [String] = []
    var (agree, open, undefined) = (0, 0, 0)
    for item in try Self.cases("armhf") {
      let answer = try Self.prediction(item, target, files)
      if Self.openOnARM[item.id] != nil {
        open += 1
        let isRight = answer.verdict == .depends || item.verdict == "crashes"
        if !isRight { failures.append("\(item.id): \(answer.verdict.rawValue)") }
        continue
      }
      if item.isUndefined { undefined += 1 }
      let differences = Self.differences(item, answer)
      if differences.isEmpty {
        agree += 1
      } else {
        failures.append("\(item.id): \(differences.joined(separator: " | "))")
      }
    }
    print("armhf: \(agree) cases agree (\(undefined) of them memory luck), \(open) are left open:")
    for (id, reason) in Self.openOnARM.sorted(by: { $0.key < $1.key }) {
      print("  \(id): \(reason)")
    }
    expect(agree + open + failures.count > 370)
    expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
  }

  @Test("Verdict, error, taints and words are the kernels' own, case by case")
  func agreement() throws {
    let files = try Self.files()
    let targets = try Self.targets(files)
    var table: [String: (cases: Int, agree: Int, open: Int)] = [:]
    var failures: [String] = []
    for item in try Self.cases() {
      let answer = try Self.prediction(item, try #require(targets[item.kernel]), files)
      let differences = Self.differences(item, answer)
      let key = "\(item.kernel.padding(toLength: 5, withPad: " ", startingAt: 0)) \(item.group)"
      var row = table[key] ?? (0, 0, 0)
      row.cases += 1
      if differences.isEmpty { row.agree += 1 }
      if answer.verdict == .depends { row.open += 1 }
      table[key] = row
      if !differences.isEmpty {
        failures.append("\(item.kernel) \(item.id): \(differences.joined(separator: " | "))")
      }
    }
    print("kernel group        cases  agree  depends")
    for (key, row) in table.sorted(by: { $0.key < $1.key }) {
      let columns = [row.cases, row.agree, row.open].map { String($0) }
      let padded = columns.map { String(repeating: " ", count: max(7 - $0.count, 1)) + $0 }
      print(key.padding(toLength: 18, withPad: " ", startingAt: 0) + padded.joined())
    }
    expect(table.values.reduce(0) { $0 + $1.cases }, is: 1126)
    expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
  }
}
