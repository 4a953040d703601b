// Rules about the file as such: one for each check of the loader
// (Loader/Checks/ELFValidity.swift), and for what it takes without a look.

extension Rule {
  /// A check that has a rule with more to say elsewhere.
  private static let explainedElsewhere = "this-module-size"

  static let fileRules: [Rule] = {
    var rules: [Rule] = []
    for check in ELFValidity.checks
    where check.id != explainedElsewhere && !rules.contains(where: { $0.id == check.id }) {
      rules.append(rule(check))
    }
    return rules + [symbolTable, compression]
  }()

  private static let compression = Rule(
    "compressed-unsupported", .warning, since: .decompression,
    "the kernel's own decompressor does not take the compressed file",
    reason: """
      With CONFIG_MODULE_DECOMPRESS kmod since 31 hands a compressed module to the kernel, whose xz knows \
      CRC32 only and few filters: 'decompression failed with status 6', EINVAL. An error for a kernel \
      that is known to decompress this format itself.
      """,
    remedy:
      "Compress it as the kernel's build does: xz --check=crc32 --lzma2=dict=1MiB, gzip -n, zstd."
  ) { facts in
    guard let head = facts.context.packedHead, let format = CompressedFormat.of(head) else {
      return []
    }
    let config = facts.context.target?.config
    // A kernel that is known not to take this format leaves it to kmod.
    if let config, !config[.decompress] || !config[format.option] { return [] }
    for kernel in facts.kernels where kernel.has(.decompression) {
      guard let obstacle = DecompressionObstacle(format, head, kernel, config) else { continue }
      return [
        Observation(
          "a kernel that decompresses modules itself refuses the file (EINVAL): \(obstacle.reason); \(obstacle.remedy)",
          severity: config == nil ? nil : .error)
      ]
    }
    return []
  }

  private static let symbolTable = Rule(
    problem: "elf-symbol-table", .error, "the symbol table is empty or cannot be read",
    reason: "The loader reads it without a look: it reads what is behind it.",
    remedy: "Build the module again; strip only with 'strip --strip-debug'."
  )

  private static func rule(_ check: ELFValidityCheck) -> Rule {
    // A check may have several forms; it concerns the kernels that have the first.
    let forms = ELFValidity.checks.filter { $0.id == check.id }
    let since = forms.contains { $0.since == nil } ? nil : forms.compactMap { $0.since }.first
    return Rule(
      problem: check.id, .error, since: since, check.summary,
      reason: "The loader looks for this before anything else and refuses the file (ENOEXEC).",
      remedy: "Build the module again; strip only with 'strip --strip-debug'."
    )
  }
}
