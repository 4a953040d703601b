import ELFKit
import TestSupport
import Testing

struct RuleCase: Sendable, CustomTestStringConvertible {
  let rule: String
  let bad: @Sendable () -> Draft
  let good: @Sendable () -> Draft
  var testDescription: String { rule }

  init(
    _ rule: String, bad: @escaping @Sendable (inout Draft) -> Void,
    good: @escaping @Sendable (inout Draft) -> Void = { _ in }
  ) {
    self.rule = rule
    self.bad = { Draft(bad) }
    self.good = { Draft(good) }
  }
}

/// Every rule has a module that triggers it, and its nearest neighbour that must not.
@Suite("Rules")
struct RuleTests {
  @Test("The draft is sound: nothing is found but that it is not signed")
  func sound() throws {
    try expect(Draft().findings().map(\.rule), is: ["unsigned"])
  }

  @Test("A rule finds what it is for, and not its nearest neighbour", arguments: cases)
  func finds(_ one: RuleCase) throws {
    let rule = try #require(Rule.named(one.rule))
    let bad = try one.bad().facts()
    expect(!rule.findings(in: bad).isEmpty)
    let good = try one.good().facts()
    expect(rule.findings(in: good).map(\.message.text), is: [])
  }

  @Test("Every rule has a case")
  func complete() {
    let covered = Set(Self.cases.map(\.rule)).union(Self.unreadable)
    expect(Rule.all.map(\.id).filter { !covered.contains($0) }, is: [])
  }

  @Test("Ids are unique and stay what they are; texts are there")
  func texts() {
    expect(Set(Rule.all.map(\.id)).count, is: Rule.all.count)
    for rule in Rule.all {
      expect(rule.id.allSatisfy { $0.isLowercase || $0 == "-" || $0.isNumber })
      expect(!rule.summary.isEmpty)
      expect(".)'".contains(rule.reason.last ?? " "))
      expect(rule.remedy.hasSuffix("."))
    }
  }

  @Test("A rule for newer kernels says nothing about a module for an older one")
  func versions() throws {
    let draft = Draft { draft in
      draft.info.append("import_ns=module:kvm")
    }
    try expect(!draft.findings().contains { $0.rule == "namespace-module-import" })
    var newer = draft
    newer.host.kernels = KernelVersion(6, 1)...KernelVersion(6, 16)
    try expect(newer.findings().contains { $0.rule == "namespace-module-import" })
  }

  static let cases: [RuleCase] =
    info + names + signatures + files + structs + sections + relocations
    + symbols + exports + parameters + policies + loaderCases + protectionCases

  /// Rules that explain why a file is no module at all: it cannot be read, which is an error, and nothing
  /// is found in it.
  private static let unreadable: Set = [
    "elf-header-length", "elf-magic", "elf-section-header-size", "elf-section-headers",
  ]

  private static let info = [
    RuleCase("missing-license", bad: { $0.replace("license", nil) }),
    RuleCase("proprietary-license", bad: { $0.replace("license", "Proprietary") }),
    RuleCase(
      "unknown-license", bad: { $0.replace("license", "GPL ") },
      good: { $0.replace("license", "GPL v2") }),
    RuleCase(
      "mixed-license", bad: { $0.info.append("license=MIT") },
      good: { $0.info.append("license=GPL v2") }
    ),
    RuleCase("missing-description", bad: { $0.replace("description", nil) }),
    RuleCase("missing-author", bad: { $0.replace("author", nil) }),
    RuleCase(
      "missing-intree", bad: { $0.replace("intree", nil) }, good: { $0.replace("intree", "N") }),
    RuleCase("no-retpoline", bad: { $0.replace("retpoline", nil) }),
    RuleCase("staging", bad: { $0.info.append("staging=N") }, good: { $0.info.append("staging") }),
    RuleCase("livepatch", bad: { $0.info.append("livepatch=Y") }),
    RuleCase("test-module", bad: { $0.info.append("test=Y") }),
    RuleCase("missing-vermagic", bad: { $0.replace("vermagic", nil) }),
    RuleCase(
      "vermagic-mismatch",
      bad: { $0.host.kernel.vermagic = "6.1.0-x SMP mod_unload" },
      good: { $0.host.kernel.vermagic = "6.1.0-x SMP mod_unload " }),
    RuleCase(
      "duplicate-modinfo-tag", bad: { $0.info.append("name=other") },
      good: { $0.info.append("author=other") }),
    RuleCase(
      "modinfo-unterminated",
      bad: { draft in
        draft.patch = { bytes in
          // The last byte of .modinfo is the NUL behind this blank.
          let end = bytes.firstRange(of: Array("mod_unload \0".utf8))?.upperBound
          if let end { bytes[end - 1] = 0x58 }
        }
      }),
    RuleCase(
      "modinfo-not-loaded",
      bad: { draft in draft.patch = { $0[header($0, Draft.modinfo) + 8] = 0 } },
      good: { draft in
        draft.host.kernels = KernelVersion(6, 4)...KernelVersion(7, 2)
        draft.patch = { $0[header($0, Draft.modinfo) + 8] = 0 }
      }),
    RuleCase(
      "misleading-text", bad: { $0.replace("author", "a\nsigner:         us") },
      good: { $0.replace("author", "a\nour signer: us\tand them") }),
    RuleCase("misleading-text", bad: { $0.replace("description", "a\u{1b}[2Jb") }),
    RuleCase("modinfo-junk", bad: { $0.info.append("junk") }, good: { $0.info.append("junk=") }),
    RuleCase(
      "duplicate-alias", bad: { $0.info += ["alias=x", "alias=x"] },
      good: { $0.info += ["alias=x", "alias=y"] }),
    RuleCase(
      "firmware-path", bad: { $0.info.append("firmware=../x") },
      good: { $0.info.append("firmware=x..y/z") }),
    RuleCase(
      "firmware-undeclared", bad: { $0.more = { requestFirmware(&$0, "a/b.bin") } },
      good: {
        $0.info.append("firmware=a/*.bin")
        $0.more = { requestFirmware(&$0, "a/b.bin") }
      }),
    RuleCase(
      "softdep-target-unknown",
      bad: {
        $0.info.append("softdep=pre: crc32c-generic aead2")
        $0.host.kernel.modules = modules
      },
      good: {
        $0.info += ["softdep=pre: crc32c-generic post: crypto-aes", "weakdep=built_in"]
        $0.host.kernel.modules = modules
      }),
    RuleCase(
      "build-path",
      bad: { $0.more = { $0.section(".rodata.str1.1", Array("x\0/home/me/hello.c\0".utf8)) } },
      good: { $0.more = { $0.section(".rodata.str1.1", Array("/dev/null\0a/hello.c\0".utf8)) } }),
    RuleCase(
      "version-without-srcversion", bad: { $0.info.append("version=1") },
      good: { $0.info += ["version=1", "srcversion=A"] }),
  ]

  private static let modules = KnownModules(
    names: ["crc32c_generic", "built_in"], aliases: "# \nalias crypto-aes* aes_generic\n")

  /// Code that loads the address of a text and calls request_firmware with it.
  private static func requestFirmware(_ builder: inout ELFBuilder, _ name: String) {
    let texts = builder.section(".rodata.str1.1", flags: 0x32, Array("x\0\(name)\0".utf8))
    // mov $name,%rsi; call request_firmware
    let code = builder.section(
      ".text", flags: 6, [0x48, 0xc7, 0xc6, 0, 0, 0, 0, 0xe8, 0, 0, 0, 0])
    let text = builder.symbol("", section: UInt16(texts), type: 3)
    let function = builder.symbol("request_firmware")
    builder.relocations(of: code, [(3, text, 11, 2), (8, function, 4, -4)])
  }

  private static let names = [
    RuleCase("name-mismatch", bad: { $0.replace("name", "tinny") }),
    RuleCase(
      "name-too-long", bad: { $0.name = String(repeating: "n", count: 56) },
      good: { $0.name = String(repeating: "n", count: 55) }),
    RuleCase("builtin-clash", bad: { $0.name = "vmlinux" }, good: { $0.name = "vmlinux2" }),
    RuleCase("name-license-offender", bad: { $0.name = "ndiswrapper" }),
    RuleCase("missing-init", bad: { ($0.hasInit, $0.hasExit) = (false, false) }),
    RuleCase("init-without-exit", bad: { $0.hasExit = false }, good: { $0.hasInit = false }),
    RuleCase("exit-without-init", bad: { $0.hasInit = false }, good: { $0.hasExit = false }),
    RuleCase(
      "init-wrong-section",
      bad: { draft in
        draft.patch = { bytes in
          let name = bytes.firstRange(of: Array(".init.text\0".utf8))?.lowerBound
          if let name { bytes.replaceSubrange(name..<name + 5, with: Array(".text".utf8)) }
        }
      }),
  ]

  /// Appends what a signature looks like.
  private static func sign(
    _ bytes: inout [UInt8], idType: UInt8 = 2, algorithm: UInt8 = 0, _ message: [UInt8] = [0x30, 0]
  ) {
    bytes += message + [algorithm, 0, idType, 0, 0, 0, 0, 0, 0, 0, 0, UInt8(message.count)]
    bytes += Array(ModuleSignature.marker.utf8)
  }

  /// What a sound certificate says.
  private static func evidence(fits: Bool) -> SignatureEvidence {
    let bytes = (try? Fixtures.bytes("hello-signed.x509.der")) ?? []
    guard let certificate = try? SigningCertificate(ByteSlice(bytes)) else {
      return SignatureEvidence([])
    }
    return SignatureEvidence([fits ? .fits(certificate) : .differs(certificate)])
  }

  private static let signatures = [
    RuleCase("unsigned", bad: { _ in }, good: { $0.patch = { sign(&$0) } }),
    RuleCase(
      "signature-malformed", bad: { $0.patch = { sign(&$0, algorithm: 1) } },
      good: { $0.patch = { bytes in bytes = (try? Fixtures.bytes("hello-signed.ko")) ?? [] } }),
    RuleCase(
      "signature-not-pkcs7", bad: { $0.patch = { sign(&$0, idType: 1) } },
      good: { $0.patch = { sign(&$0) } }),
    RuleCase(
      "signature-weak-digest",
      bad: { $0.patch = { sign(&$0, message(digest: [0x2b, 0x0e, 0x03, 0x02, 0x1a])) } },
      good: {
        $0.patch = {
          sign(&$0, message(digest: [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]))
        }
      }),
    RuleCase(
      "signature-has-authattrs",
      bad: { $0.patch = { sign(&$0, message(digest: [0x2a], attributes: true)) } },
      good: { $0.patch = { sign(&$0, message(digest: [0x2a])) } }),
    RuleCase(
      "signature-unknown-key",
      bad: { draft in
        draft.patch = { sign(&$0, message(digest: DER.sha256)) }
        draft.host.signatureEvidence = SignatureEvidence([.unknownKey])
      },
      good: { draft in
        draft.patch = { sign(&$0, message(digest: DER.sha256)) }
        draft.host.signatureEvidence = evidence(fits: true)
      }),
    RuleCase(
      "signature-bad",
      bad: { draft in
        draft.patch = { sign(&$0, message(digest: DER.sha256)) }
        draft.host.signatureEvidence = evidence(fits: false)
      },
      good: { draft in
        draft.patch = { sign(&$0, message(digest: DER.sha256)) }
        draft.host.signatureEvidence = evidence(fits: true)
      }),
    RuleCase(
      "signature-unsupported",
      bad: { $0.patch = { sign(&$0, message(digest: [0x2b, 0x24, 3, 2, 1])) } },
      good: { $0.patch = { sign(&$0, message(digest: DER.sha256)) } }),
    RuleCase(
      "data-after-signature",
      bad: {
        $0.patch = { bytes in
          sign(&bytes)
          bytes.append(0x0a)
        }
      }, good: { $0.patch = { sign(&$0) } }),
    RuleCase(
      "several-signatures",
      bad: {
        $0.patch = { bytes in
          sign(&bytes)
          sign(&bytes)
        }
      }, good: { $0.patch = { sign(&$0) } }),
  ]

  /// A signed message of one signer (RFC 2315), as small as can be.
  private static func message(digest: [UInt8], attributes: Bool = false) -> [UInt8] {
    func der(_ tag: UInt8, _ parts: [UInt8]...) -> [UInt8] {
      let content = parts.flatMap { $0 }
      return [tag, UInt8(content.count)] + content
    }
    let algorithm = der(0x30, der(0x06, digest))
    let data: [UInt8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01]
    let rsa: [UInt8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01]
    let signed: [UInt8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02]
    let signer = der(
      0x30, der(0x02, [1]), der(0x30, der(0x30), der(0x02, [7])), algorithm,
      attributes ? der(0xa0, der(0x30)) : [], der(0x30, der(0x06, rsa)), der(0x04, [1, 2]))
    let body = der(
      0x30, der(0x02, [1]), der(0x31, algorithm), der(0x30, der(0x06, data)), der(0x31, signer))
    return der(0x30, der(0x06, signed), der(0xa0, body))
  }

  /// The offset of the header of section `index` in a finished file.
  private static func header(_ bytes: [UInt8], _ index: Int) -> Int {
    var table = 0
    for byte in bytes[40..<48].reversed() { table = table << 8 | Int(byte) }
    return table + index * 64
  }

  /// The number of sections in a finished file: the last is that of names, before it the strings
  /// and before those the symbols.
  private static func count(_ bytes: [UInt8]) -> Int { Int(bytes[60]) }

  private static func newest(_ draft: inout Draft) {
    draft.host.kernels = KernelVersion(7, 2)...KernelVersion(7, 2)
  }

  /// A case for Linux 7.2 that changes the finished file.
  private static func file(
    _ rule: String, _ patch: @escaping @Sendable (inout [UInt8]) -> Void
  ) -> RuleCase {
    RuleCase(
      rule,
      bad: { draft in
        newest(&draft)
        draft.patch = patch
      }, good: { newest(&$0) })
  }

  /// The beginning of an xz file with this integrity check.
  private static func xz(check: UInt8) -> ByteSlice {
    ByteSlice(
      [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, check, 0, 0, 0, 0, 2, 0, 0x21, 1, 0x16, 0, 0, 0])
  }

  private static let files = [
    RuleCase(
      "compressed-unsupported", bad: { $0.host.packedHead = xz(check: 4) },
      good: { $0.host.packedHead = xz(check: 1) }),
    RuleCase(
      "elf-machine-flags",
      bad: { draft in
        newest(&draft)
        draft.patch = { $0[18] = 21 }
      },
      good: { draft in
        newest(&draft)
        draft.patch = { bytes in
          bytes[18] = 21
          bytes[48] = 2
        }
      }),
    file("elf-name-index") { $0[62] = 0 },
    RuleCase(
      "elf-name-table-bounds",
      bad: { $0.patch = { bytes in bytes[header(bytes, count(bytes) - 1) + 38] = 1 } }),
    file("elf-name-table-type") { bytes in bytes[header(bytes, count(bytes) - 1) + 4] = 1 },
    file("elf-name-table-empty") { bytes in
      let size = header(bytes, count(bytes) - 1) + 32
      for index in size..<size + 8 { bytes[index] = 0 }
    },
    file("elf-name-table-end") { bytes in
      // One byte less: the table then ends with a letter.
      bytes[header(bytes, count(bytes) - 1) + 32] -= 1
    },
    file("elf-section-0") { bytes in bytes[header(bytes, 0) + 32] = 1 },
    file("elf-section") { bytes in bytes[header(bytes, Draft.exitText) + 38] = 1 },
    file("elf-section-name") { bytes in bytes[header(bytes, Draft.exitText) + 2] = 1 },
    file("elf-section-link") { bytes in bytes[header(bytes, count(bytes) - 3) + 40] = 0 },
    RuleCase(
      "multiple-modinfo",
      bad: { draft in
        newest(&draft)
        draft.more = { $0.section(".modinfo", [0]) }
      }, good: { newest(&$0) }),
    RuleCase(
      "this-module-missing",
      bad: { draft in
        newest(&draft)
        draft.more = { $0.thisModule("tiny") }
      }, good: { newest(&$0) }),
    file("this-module-not-loaded") { bytes in bytes[header(bytes, Draft.thisModule) + 8] = 1 },
    RuleCase(
      "stripped-symtab",
      bad: { $0.patch = { bytes in bytes[header(bytes, count(bytes) - 3) + 4] = 1 } }),
    RuleCase(
      "several-symtabs",
      bad: { draft in
        newest(&draft)
        draft.more = { $0.section("more", type: 2, flags: 0, link: 1) }
      },
      good: { $0.more = { $0.section("more", type: 3, flags: 0) } }),
    file("elf-string-table-type") { bytes in bytes[header(bytes, count(bytes) - 2) + 4] = 1 },
    RuleCase(
      "ext-versions-inconsistent",
      bad: { draft in
        newest(&draft)
        draft.more = { $0.section("__version_ext_crcs", [1, 2, 3, 4]) }
      },
      good: { draft in
        newest(&draft)
        draft.more = { builder in
          builder.section("__version_ext_crcs", [1, 2, 3, 4])
          builder.section("__version_ext_names", Array("a\0".utf8))
        }
      }),
    file("elf-string-table") { bytes in
      let start = header(bytes, count(bytes) - 2) + 24
      bytes[Int(bytes[start]) | Int(bytes[start + 1]) << 8] = 0x41
    },
    file("elf-symbol-name") { bytes in
      let start = header(bytes, count(bytes) - 3) + 24
      bytes[(Int(bytes[start]) | Int(bytes[start + 1]) << 8) + 24 + 2] = 1
    },
  ]

  private static let structs = [
    RuleCase(
      "this-module-size", bad: { $0.host.kernel.structModule = .init(size: 960) },
      good: { $0.host.kernel.structModule = .init(size: 896) }),
    RuleCase(
      "this-module-dirty",
      bad: { $0.patch = { bytes in bytes[structStart(bytes) + 100] = 1 } }),
    RuleCase(
      "this-module-relocations",
      bad: { $0.more = { $0.relocations(of: Draft.thisModule, [(0x400, 1, 1, 0)]) } }),
  ]

  private static func structStart(_ bytes: [UInt8]) -> Int {
    let start = header(bytes, Draft.thisModule) + 24
    return Int(bytes[start]) | Int(bytes[start + 1]) << 8
  }

  /// A case about one more section.
  private static func section(
    _ rule: String, _ bad: @escaping @Sendable (inout ELFBuilder) -> Void,
    kernel: KernelVersion? = nil, good: @escaping @Sendable (inout ELFBuilder) -> Void
  ) -> RuleCase {
    let kernels = kernel.map { $0...$0 }
    return RuleCase(
      rule,
      bad: { draft in
        draft.more = bad
        draft.host.kernels = kernels
      },
      good: { draft in
        draft.more = good
        draft.host.kernels = kernels
      })
  }

  private static let sections = [
    section("wx-section", { $0.section("x", flags: 5) }, good: { $0.section("x", flags: 6, [1]) }),
    section(
      "exec-stack", { $0.section(".note.GNU-stack", flags: 4) },
      good: { $0.section(".note.GNU-stack", flags: 0) }),
    section(
      "duplicate-alloc-section", { $0.section(".exit.text", [1]) },
      good: { $0.section(".exit.text", flags: 0, [1]) }),
    section(
      "overlapping-sections",
      { builder in
        let first = builder.section(".rodata", [1, 2, 3, 4])
        builder.section(".data", type: 1, sharing: first)
      },
      good: { builder in
        builder.section(".rodata", [1, 2, 3, 4])
        builder.section(".data", [1, 2, 3, 4])
      }),
    section(
      "nonalloc-section", { $0.section("mine", flags: 0, [1]) },
      good: { $0.section(".comment", flags: 0, [1]) }),
    section("discard-left", { $0.section(".discard.x") }, good: { $0.section("discard") }),
    section(
      "debug-info", { $0.section(".debug_info", flags: 0, [1]) }, good: { $0.section("debug_info") }
    ),
    section(
      "huge-init", { $0.section(".init.data", type: 8, flags: 3, size: 1 << 17) },
      good: { $0.section(".init.data", type: 8, flags: 3, size: 1 << 15) }),
    section(
      "ctors-and-init-array",
      { builder in
        builder.section(".ctors", [0])
        builder.section(".init_array", [0])
      }, good: { $0.section(".ctors", [0]) }),
    section("obsolete-params", { $0.section("__obsparm") }, good: { $0.section("__param") }),
    section(
      "percpu-large", { $0.section(".data..percpu", type: 8, flags: 3, size: 8193) },
      good: { $0.section(".data..percpu", type: 8, flags: 3, size: 8192, alignment: 4096) }),
    section(
      "arch-sections", { $0.machine = 183 }, kernel: KernelVersion(6, 12),
      good: { builder in
        builder.machine = 183
        builder.section(".plt", type: 8)
        builder.section(".init.plt", type: 8)
      }),
    RuleCase(
      "tracepoints-disabled",
      bad: { draft in
        draft.replace("license", "MIT")
        draft.more = { $0.section("__tracepoints_ptrs", [0]) }
      }, good: { $0.more = { $0.section("__tracepoints_ptrs", [0]) } }),
  ]

  /// A section of code with one relocation.
  private static func code(
    _ builder: inout ELFBuilder, bytes: [UInt8] = [UInt8](repeating: 0, count: 8),
    _ relocation: (offset: UInt64, symbol: UInt64, type: UInt64, addend: Int64)
  ) {
    let text = builder.section(".text", flags: 6, bytes)
    builder.relocations(of: text, [relocation])
  }

  private static let relocations = [
    section(
      "unsupported-relocation", { code(&$0, (0, 2, 9, 0)) }, good: { code(&$0, (0, 2, 2, 0)) }),
    section(
      "relocation-target-nonzero", { code(&$0, bytes: [0, 0, 0, 1, 0], (0, 2, 2, 0)) },
      good: { code(&$0, bytes: [0, 0, 0, 0, 1], (0, 2, 2, 0)) }),
    section(
      "relocation-out-of-range", { code(&$0, (8, 2, 2, 0)) }, good: { code(&$0, (4, 2, 2, 0)) }),
    section("section-mismatch", { code(&$0, (0, 1, 2, 0)) }, good: { code(&$0, (0, 2, 2, 0)) }),
    section(
      "livepatch-format",
      { $0.section(".klp.rela.vmlinux", type: 4, flags: 0x10_0002, info: UInt32(Draft.initText)) },
      good: {
        $0.section(
          ".klp.rela.vmlinux..text", type: 4, flags: 0x10_0002, info: UInt32(Draft.initText))
      }),
  ]

  /// A symbol that is needed, and a record of its version.
  private static func need(_ builder: inout ELFBuilder, crc: UInt64?, weak: Bool = false) {
    builder.symbol("kmalloc", binding: weak ? 2 : 1)
    guard let crc else { return }
    version(&builder, "kmalloc", crc)
  }

  private static func version(_ builder: inout ELFBuilder, _ name: String, _ crc: UInt64) {
    var record = ByteWriter()
    record.u64(crc)
    record.bytes += Array(name.utf8) + [UInt8](repeating: 0, count: 56 - name.utf8.count)
    builder.section("__versions", record.bytes)
  }

  private static func symvers(
    _ rule: String, bad: String, good: String, info: [String] = [], kernel: KernelVersion? = nil
  ) -> RuleCase {
    let make = { @Sendable (line: String, draft: inout Draft) in
      draft.more = { $0.symbol("wanted") }
      draft.host.kernel.symbols = providers(line)
      draft.host.kernels = kernel.map { $0...$0 }
      draft.info += info
    }
    return RuleCase(rule, bad: { make(bad, &$0) }, good: { make(good, &$0) })
  }

  private static let symbols = [
    RuleCase(
      "missing-modversions",
      bad: { $0.replace("vermagic", "6.1.0-x SMP mod_unload modversions ") },
      good: { draft in
        draft.replace("vermagic", "6.1.0-x SMP mod_unload modversions ")
        draft.more = { version(&$0, "module_layout", 7) }
      }),
    RuleCase(
      "crc-mismatch",
      bad: { draft in
        draft.more = { need(&$0, crc: 2) }
        draft.host.kernel.symbols = providers()
      },
      good: { draft in
        draft.more = { need(&$0, crc: 1) }
        draft.host.kernel.symbols = providers()
      }),
    section(
      "crc-missing",
      { builder in
        need(&builder, crc: nil)
        version(&builder, "module_layout", 7)
      },
      good: { builder in
        need(&builder, crc: nil, weak: true)
        version(&builder, "module_layout", 7)
      }),
    section(
      "stale-version-entry", { version(&$0, "gone", 1) }, good: { version(&$0, "module_layout", 1) }
    ),
    symvers("unresolved-symbol", bad: "0x1\tother\tvmlinux\tEXPORT_SYMBOL\t", good: plain),
    RuleCase(
      "weak-unresolved",
      bad: { draft in
        draft.more = { $0.symbol("wanted", binding: 2) }
        draft.host.kernel.symbols = providers()
      },
      good: { draft in
        draft.more = { $0.symbol("wanted", binding: 2) }
        draft.host.kernel.symbols = providers(plain)
      }),
    RuleCase(
      "outside-kabi-list",
      bad: { draft in
        draft.more = { $0.symbol("wanted") }
        draft.host.kernel.stableSymbols = SymbolList("[list]\n  wanted_too\n")
      },
      good: { draft in
        draft.more = { $0.symbol("wanted") }
        draft.host.kernel.stableSymbols = SymbolList("[list]\n  wanted\n")
      }),
    RuleCase(
      "gpl-only-in-proprietary",
      bad: { draft in
        draft.replace("license", "MIT")
        draft.more = { $0.symbol("wanted") }
        draft.host.kernel.symbols = providers("0x1\twanted\tvmlinux\tEXPORT_SYMBOL_GPL\t")
      },
      good: { draft in
        draft.more = { $0.symbol("wanted") }
        draft.host.kernel.symbols = providers("0x1\twanted\tvmlinux\tEXPORT_SYMBOL_GPL\t")
      }),
    RuleCase(
      "proprietary-dependency",
      bad: { draft in
        draft.more = { $0.symbol("wanted") }
        var known = providers("0x1\twanted\tbad.ko\tEXPORT_SYMBOL\t")
        known.markProprietary("bad.ko")
        draft.host.kernel.symbols = known
      },
      good: { draft in
        draft.more = { $0.symbol("wanted") }
        draft.host.kernel.symbols = providers("0x1\twanted\tbad.ko\tEXPORT_SYMBOL\t")
      }),
    symvers(
      "namespace-not-imported", bad: "0x1\twanted\tvmlinux\tEXPORT_SYMBOL\tOTHER",
      good: "0x1\twanted\tvmlinux\tEXPORT_SYMBOL\tMINE", info: ["import_ns=MINE"]),
    symvers(
      "namespace-unused-import", bad: plain, good: "0x1\twanted\tvmlinux\tEXPORT_SYMBOL\tMINE",
      info: ["import_ns=MINE"]),
    RuleCase(
      "namespace-module-import",
      bad: { draft in
        newest(&draft)
        draft.info.append("import_ns=module:kvm")
      },
      good: { draft in
        newest(&draft)
        draft.info.append("import_ns=module")
      }),
    symvers(
      "namespace-not-allowed", bad: "0x1\twanted\tvmlinux\tEXPORT_SYMBOL\tmodule:kvm,tinyx",
      good: "0x1\twanted\tvmlinux\tEXPORT_SYMBOL\tmodule:kvm,ti*", kernel: KernelVersion(7, 2)),
    section(
      "common-symbol", { $0.symbol("c", section: 0xfff2) },
      good: { $0.symbol("__gnu_lto_v1", section: 0xfff2) }),
    section(
      "bad-symbol-index", { $0.symbol("b", section: 99) },
      good: { $0.symbol("b", section: 0xfff1) }),
  ]

  private static let plain = "0x1\twanted\tvmlinux\tEXPORT_SYMBOL\t"

  /// Exports of these names.
  private static func export(_ builder: inout ELFBuilder, _ names: [String], crcs: Int? = nil) {
    let strings = builder.section(
      "__ksymtab_strings", [0] + names.flatMap { Array($0.utf8) + [0] })
    let symbol = builder.symbol("", section: UInt16(strings), binding: 0, type: 3)
    let table = builder.section("__ksymtab", [UInt8](repeating: 0, count: 12 * names.count))
    var pointers: [(offset: UInt64, symbol: UInt64, type: UInt64, addend: Int64)] = []
    var place: Int64 = 1
    for (index, name) in names.enumerated() {
      pointers.append((UInt64(index * 12 + 4), symbol, 2, place))
      pointers.append((UInt64(index * 12 + 8), symbol, 2, 0))
      place += Int64(name.utf8.count + 1)
    }
    builder.relocations(of: table, pointers)
    if let crcs { builder.section("__kcrctab", [UInt8](repeating: 1, count: 4 * crcs)) }
  }

  /// A module in `my-build.ko` that exports what `provider` is known to.
  private static func offered(_ draft: inout Draft, by provider: String) {
    draft.host.fileStem = ByteSlice(Array("my-build".utf8))
    draft.more = { export(&$0, ["a"]) }
    draft.host.kernel.symbols = providers("0x1\ta\t\(provider)\tEXPORT_SYMBOL\t")
  }

  private static let exports = [
    section("duplicate-export", { export(&$0, ["a", "a"]) }, good: { export(&$0, ["a", "b"]) }),
    section(
      "export-table-incomplete", { export(&$0, ["a", "b"], crcs: 1) },
      good: { export(&$0, ["a", "b"], crcs: 2) }),
    // What another file of the tree exports, and not what the module's own file does, whatever it is called.
    RuleCase(
      "duplicate-export", bad: { draft in offered(&draft, by: "extra/other.ko") },
      good: { draft in offered(&draft, by: "extra/my-build.ko") }),
    section("ksymtab-unsorted", { export(&$0, ["b", "a"]) }, good: { export(&$0, ["a", "b"]) }),
    RuleCase(
      "obsolete-gpl-ksymtab",
      bad: { draft in
        newest(&draft)
        draft.more = { $0.section("__ksymtab_gpl", [0]) }
      }, good: { $0.more = { $0.section("__ksymtab_gpl", [0]) } }),
  ]

  /// A parameter `debug` of type int.
  private static func parameter(
    _ builder: inout ELFBuilder, mode: UInt64 = 0o644, flags: UInt8 = 0, count: Int = 1,
    surplus: Int = 0
  ) {
    let strings = builder.section(".rodata", Array("debug\0".utf8))
    let variable = builder.section(".bss", type: 8, flags: 3, size: 4)
    let symbols = (
      builder.symbol("", section: UInt16(strings), binding: 0, type: 3),
      builder.symbol("param_ops_int"),
      builder.symbol("", section: UInt16(variable), binding: 0, type: 3)
    )
    var writer = ByteWriter()
    var pointers: [(offset: UInt64, symbol: UInt64, type: UInt64, addend: Int64)] = []
    for index in 0..<count {
      let base = UInt64(writer.bytes.count)
      writer.bytes += [UInt8](repeating: 0, count: 24)
      writer.u16(mode + UInt64(index))
      writer.bytes += [0xff, flags] + [UInt8](repeating: 0, count: 12)
      pointers += [
        (base, symbols.0, 1, 0), (base + 16, symbols.1, 1, 0), (base + 32, symbols.2, 1, 0),
      ]
    }
    writer.bytes += [UInt8](repeating: 0, count: surplus)
    let table = builder.section("__param", writer.bytes)
    builder.relocations(of: table, pointers)
  }

  /// A case about a parameter, which is described in `.modinfo`.
  private static func parameter(
    _ rule: String, _ bad: @escaping @Sendable (inout ELFBuilder) -> Void,
    info: [String] = ["parm=debug:d", "parmtype=debug:int"]
  ) -> RuleCase {
    RuleCase(
      rule,
      bad: { draft in
        draft.more = bad
        draft.info += info
      },
      good: { draft in
        draft.more = { parameter(&$0) }
        draft.info += ["parm=debug:d", "parmtype=debug:int"]
      })
  }

  private static let parameters = [
    parameter("param-world-writable", { parameter(&$0, mode: 0o646) }),
    parameter("param-bad-perm", { parameter(&$0, mode: 0o464) }),
    parameter("param-undocumented", { parameter(&$0) }, info: []),
    parameter("parm-without-param", { parameter(&$0) }, info: ["parm=debg:d"]),
    parameter("param-type-mismatch", { parameter(&$0) }, info: ["parmtype=debug:uint"]),
    parameter("param-unsafe", { parameter(&$0, flags: 1) }),
    parameter("param-hw", { parameter(&$0, flags: 2) }),
    parameter("param-duplicate", { parameter(&$0, mode: 0o444, count: 2) }),
    parameter("param-size", { parameter(&$0, surplus: 1) }),
  ]

  /// A case about what a policy asks for.
  private static func policy(
    _ rule: String, _ bad: @escaping @Sendable (inout ModulePolicy) -> Void,
    good: @escaping @Sendable (inout ModulePolicy) -> Void
  ) -> RuleCase {
    let make = { @Sendable (draft: inout Draft, ask: (inout ModulePolicy) -> Void) in
      var policy = ModulePolicy()
      ask(&policy)
      draft.host.policy = policy
      draft.more = { $0.symbol("kmalloc") }
    }
    return RuleCase(rule, bad: { make(&$0, bad) }, good: { make(&$0, good) })
  }

  private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

  private static let policies = [
    policy(
      "license-not-allowed", { $0.allowedLicenses = [text("GPL v2")] },
      good: { $0.deniedLicenses = [text("GPL v2")] }),
    policy(
      "missing-field", { $0.requiredFields = ["version"] }, good: { $0.requiredFields = ["author"] }
    ),
    policy("signer-not-allowed", { $0.signers = [text("us")] }, good: { $0.signers = nil }),
    policy(
      "vermagic-not-expected", { $0.vermagic = text("6.12*") },
      good: { $0.vermagic = text("6.1.?-*") }),
    policy(
      "import-not-allowed", { $0.allowedImports = [ByteSlice(text("kfree"))] },
      good: { $0.allowedImports = [ByteSlice(text("kmalloc"))] }),
    policy("size-budget", { $0.maxSize = 100 }, good: { $0.maxSize = 100_000 }),
  ]
}
