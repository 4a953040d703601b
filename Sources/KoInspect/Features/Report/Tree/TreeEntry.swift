// What a page of many modules knows of each: a row of its table, and what the sums are made of.

import ELFKit

struct TreeEntry: Sendable {
  let path: [UInt8]
  let name: [UInt8]
  let description: [UInt8]?
  let version: [UInt8]?
  /// The licence that the kernel looks at.
  let license: [UInt8]?
  let isFree: Bool
  /// Bytes of the file, decompressed.
  let size: UInt64
  /// Bytes that stay in memory.
  let resident: UInt64
  /// The letters of the taints that the file decides.
  let taints: [UInt8]
  /// Who signed; `nil` without a signature.
  let signer: [UInt8]?
  let kernel: [UInt8]?
  let machine: String
  let parameters: Int
  let aliases: Int
  /// What `firmware=` names.
  let firmware: [[UInt8]]
  let findings: [FoundHere]
  /// What ties it to others; `nil` when that cannot be read.
  let member: ModuleMember?
  /// What of it could not be read.
  let problems: [Unread]

  /// A finding, without what it says about places in the file.
  struct FoundHere: Sendable {
    let rule: String
    let severity: Severity
    let message: [UInt8]
  }

  /// Reads what the page needs.
  init(_ inspection: inout Inspection, _ judgedBy: JudgedBy) {
    let module = inspection.module
    let facts = ModuleFacts(module, judgedBy.context(of: inspection))
    inspection.add(facts.errors)
    let found = facts.findings(of: FindingsList.rules)
    if let error = found.error { inspection.add([error]) }
    let info = facts.info
    let release = info.release
    path = inspection.path
    name =
      Self.short(facts.thisModule?.name.flatMap { $0.isEmpty ? nil : $0 } ?? info.first("name"))
      ?? ModuleName.ofFile(at: inspection.path)
    description = Self.short(info.first("description"))
    version = Self.short(info.first("version"))
    license = Self.short(info.first("license"))
    isFree = info.first("license").map(License.isGPLCompatible) ?? false
    size = module.image.source.size
    resident =
      module.memory(
        in: release.flatMap { Kernel(release: $0) }, facts.symbols, release: release,
        isLivepatch: info.contains("livepatch")
      ).resident
    let taints = inspection.attempt { module throws(ELFError) in try module.taints() } ?? []
    self.taints = Array(String(taints.map { $0.taint.letter }).utf8)
    let signer = facts.signedMessage?.firstSigner
    self.signer = facts.signature.map { signature in
      Self.short(signer?.name ?? signature.signer) ?? Array("a key without a name".utf8)
    }
    kernel = Self.short(release)
    machine =
      module.image.header.machine.shortName ?? "machine \(module.image.header.machine.rawValue)"
    parameters = facts.parameters.count
    aliases = info.all("alias").count
    firmware = info.all("firmware").prefix(Self.mostFirmware).map { Self.short($0) ?? [] }
    // Copies: the file itself is not kept.
    findings = found.findings.map {
      FoundHere(rule: $0.rule, severity: $0.severity, message: Array($0.message.bytes.prefix(600)))
    }
    member = inspection.attempt { [path] module throws(ELFError) in
      try ModuleMember(module, path: ByteSlice(path), [.offers, .needs])
    }
    problems = inspection.errors.map { Unread(path: inspection.path, problem: $0.description) }
  }

  /// No driver names as many files.
  private static let mostFirmware = 5000

  /// A text in memory of its own, of which a row shows the beginning.
  private static func short(_ text: ByteSlice?) -> [UInt8]? {
    guard let text else { return nil }
    guard text.count > 300 else { return text.bytes }
    return text[within: 0..<297].bytes + Array("…".utf8)
  }
}
