// The law of the house: `check` and `preflight` know the same. Whatever a kernel refuses for reasons that
// lie in the file and in what is known of the kernel is an error of `check`; where it would touch memory
// that it must not, at least a warning; what it loads is no error but by a rule of our own.

import ELFKit
import Foundation
import TestSupport
import Testing

@testable import KoInspect

@Suite("check and preflight agree")
struct AgreementTests {
  /// Rules whose errors are our own: the kernel loads such a module, and is tainted or looks no further.
  private static let ownErrors: Set = [
    "missing-license", "missing-vermagic", "license-not-allowed", "duplicate-export",
    "ksymtab-unsorted", "param-size", "name-too-long",
  ]

  /// Stages whose reasons lie in who loads the module and how: no rule can know.
  private static let circumstances: Set<LoadStage> = [.permission, .decompression, .parameters]

  /// How the two disagree about a module; `nil` when they do not.
  static func disagreement(_ bytes: ByteSlice, _ kernel: TargetKernel) -> String? {
    let answer = kernel.prediction(LoadRequest(bytes))
    guard let image = try? ELFImage(asLoaded: bytes) else {
      // A file that cannot be read is status 2, whatever a kernel makes of it.
      return answer.verdict == .loads ? "cannot be read, and loads" : nil
    }
    var context = CheckContext()
    context.target = kernel
    let facts = ModuleFacts(KernelModule(image), context)
    let findings = facts.findings(of: Rule.all).findings
    let worst = findings.map(\.severity).max() ?? .note
    switch answer.verdict {
    case .fails where answer.stage.map(circumstances.contains) ?? false: return nil
    case .fails where worst < .error && facts.errors.isEmpty:
      let words = answer.messages.last?.text ?? ""
      return "fails (\(answer.stage?.rawValue ?? "?"), \(answer.errno?.rawValue ?? "?")): \(words)"
    case .depends where answer.stage == .signature: return nil
    // A note until it can be measured on modules of such kernels.
    case .depends where findings.contains { $0.rule == "cfi-missing" }: return nil
    case .depends where worst < .warning && facts.errors.isEmpty:
      return "depends (\(answer.openQuestions.map(\.text)))"
    case .loads:
      let errors = Set(findings.filter { $0.severity == .error }.map(\.rule))
      let others = errors.subtracting(ownErrors)
      return others.isEmpty ? nil : "loads, and is an error: \(others.sorted())"
    default: return nil
    }
  }

  @Test("over every module that real kernels were asked to load")
  func truth() throws {
    let files = try TruthTests.files()
    let targets = try TruthTests.targets(files)
    var disagreements: [String] = []
    var count = 0
    for (name, bytes) in files.sorted(by: { $0.key < $1.key }) where name.hasSuffix(".ko") {
      let kernel = try #require(targets[String(name.prefix { $0 != "/" })]).kernel
      count += 1
      if let words = Self.disagreement(bytes, kernel) { disagreements.append("\(name): \(words)") }
    }
    expect(count, is: 780)
    expect(disagreements.isEmpty, "\(disagreements.joined(separator: "\n"))")
  }

  /// Kernels that differ from `kernel` in one option, or in their version, by what differs.
  private static func variants(_ kernel: TargetKernel) -> [(String, TargetKernel)] {
    let options = KernelOption.allCases.map { option in
      var other = kernel
      let isSet = kernel.config?[option] ?? false
      other.config?.set(option, ByteSlice(Array((isSet ? "n" : "y").utf8)))
      return ("\(option.rawValue)=\(isSet ? "n" : "y")", other)
    }
    let releases = ["4.4.0", "4.19.0", "5.4.0", "5.10.0", "5.15.0", "6.6.0", "6.18.0", "7.2.0"]
    return options
      + releases.map { release in
        var other = kernel
        other.release = ByteSlice(Array(release.utf8))
        return (release, other)
      }
  }

  @Test("over kernels that differ in an option or in their version, a part of the modules each")
  func otherKernels() throws {
    let files = try TruthTests.files()
    let kernel = try #require(try TruthTests.targets(files)["6.1"]).kernel
    let modules = files.filter { $0.key.hasPrefix("6.1/") && $0.key.hasSuffix(".ko") }
      .sorted { $0.key < $1.key }
    let parts = ProcessInfo.processInfo.environment["NIGHTLY"] == nil ? 50 : 1
    var disagreements: [String] = []
    for (index, (difference, other)) in Self.variants(kernel).enumerated() {
      for position in stride(from: index % parts, to: modules.count, by: parts) {
        let (name, bytes) = modules[position]
        if let words = Self.disagreement(bytes, other) {
          disagreements.append("\(difference), \(name): \(words)")
        }
      }
    }
    expect(disagreements.isEmpty, "\(disagreements.joined(separator: "\n"))")
  }

  @Test("A kernel without live patches refuses one: an error when that kernel is given")
  func livepatch() throws {
    let files = try TruthTests.files()
    var kernel = try #require(try TruthTests.targets(files)["6.1"]).kernel
    kernel.config?.set(.livepatch, ByteSlice(Array("n".utf8)))
    let bytes = try #require(files["6.1/mi_livepatch.ko"])
    expect(kernel.prediction(LoadRequest(bytes)).verdict, is: .fails)
    expect(Self.disagreement(bytes, kernel), is: nil)
  }

  @Test("over hostile shapes, with a kernel that is known and one that is not")
  func hostile() throws {
    let files = try TruthTests.files()
    let kernel = try #require(try TruthTests.targets(files)["6.1"]).kernel
    for shape in HostileShape.allCases {
      let bytes = ByteSlice(shape.module(20))
      expect(Self.disagreement(bytes, kernel), is: nil, "\(shape)")
    }
  }
}
