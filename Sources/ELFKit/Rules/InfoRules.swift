// Rules about the other strings of `.modinfo`: what the loader and modpost make of them. Where the
// section itself is missing, `missing-license` says so, and what follows from it is not repeated.

extension Rule {
  static let infoRules = [
    Rule(
      "missing-description", .warning, "there is no MODULE_DESCRIPTION",
      reason: """
        modpost warns since \(KernelChange.descriptionExpected), with W=1 since \
        \(KernelChange.descriptionWanted); the loader does not care.
        """,
      remedy: "Add MODULE_DESCRIPTION(\"…\")."
    ) { facts in
      guard facts.infoSection != nil, facts.isInfoReadable, facts.info.first("description") == nil
      else { return [] }
      let warns = facts.allHave(.descriptionExpected)
      return [
        Observation(
          "no MODULE_DESCRIPTION: nobody knows what the module is for; add one",
          section: ".modinfo", severity: warns ? .warning : .note)
      ]
    },
    Rule(
      "missing-author", .note, "there is no MODULE_AUTHOR",
      reason: "Nothing checks it; people want to know whom to ask.",
      remedy: "Add MODULE_AUTHOR(\"Name <address>\")."
    ) { facts in
      guard facts.infoSection != nil, facts.isInfoReadable, facts.info.first("author") == nil else {
        return []
      }
      return [Observation("no MODULE_AUTHOR: nobody knows whom to ask", section: ".modinfo")]
    },
    Rule(
      "missing-intree", .note, since: .outOfTreeTaint, repeatsTaint: true,
      "the module was built outside of the kernel's tree",
      reason: "Loading it taints the kernel (O): 'loading out-of-tree module taints kernel.'",
      remedy: "Nothing: the tag says that a module is a part of the kernel's source."
    ) { facts in
      facts.infoSection == nil || facts.info.contains("intree")
        ? [] : [Observation("no 'intree' tag: built out of tree, which taints the kernel (O)")]
    },
    Rule(
      "no-retpoline", .warning, since: .retpolineTag, "an x86 module was built without retpolines",
      reason: """
        A kernel that mitigates Spectre v2 says 'loading module not compiled with retpoline \
        compiler.' and reports itself as vulnerable from then on. A note where nobody knows whether the \
        kernel is one: distributions' are, and each module that is built for such a kernel has the tag.
        """,
      remedy: "Build with the configuration of the kernel that is to load it."
    ) { facts in
      let machine = facts.module.image.header.machine.description
      guard facts.infoSection != nil, machine?.kernel.saysRetpoline == true,
        !facts.info.contains("retpoline")
      else { return [] }
      let isGuarded = facts.areBuilt({ $0.hasRetpolines }, usual: .distributionRetpolines)
      if isGuarded == false { return [] }
      return [
        Observation(
          "no 'retpoline' tag: a kernel that mitigates Spectre v2 calls itself vulnerable once "
            + "this is loaded; build with that kernel's configuration",
          section: ".modinfo", severity: isGuarded == nil ? .note : nil)
      ]
    },
    Rule(
      "staging", .warning, repeatsTaint: true, "the module is from the staging tree",
      reason: "Loading it taints the kernel (C).",
      remedy: "Nothing: the tag says that its quality is not known."
    ) { facts in
      guard let tag = facts.info.first("staging") else { return [] }
      return [Observation("tagged 'staging': taints the kernel (C)", info: tag)]
    },
    Rule(
      "livepatch", .warning, repeatsTaint: true, "the module is a live patch",
      reason: "Loading it taints the kernel (K); a kernel without CONFIG_LIVEPATCH refuses it.",
      remedy: "Remove MODULE_INFO(livepatch, …) from what is no live patch."
    ) { facts in
      guard let tag = facts.info.first("livepatch") else { return [] }
      let refused = facts.problems("livepatch", .error)
      if !refused.isEmpty { return refused }
      return [
        Observation(
          "tagged 'livepatch': taints the kernel (K), and kernels without CONFIG_LIVEPATCH refuse "
            + "it", info: tag)
      ]
    },
    Rule(
      "test-module", .warning, since: .testTaint, repeatsTaint: true,
      "the module is tagged as a test",
      reason: "Loading it taints the kernel (N) since \(KernelChange.testTaint).",
      remedy: "Do not ship test modules."
    ) { facts in
      guard let tag = facts.info.first("test") else { return [] }
      return [Observation("tagged 'test': taints the kernel (N)", info: tag)]
    },
    Rule(
      "missing-vermagic", .error, "the module does not say which kernel it is for",
      reason: """
        Without vermagic a kernel with CONFIG_MODULE_FORCE_LOAD loads it and is tainted (F); others \
        refuse it (ENOEXEC) without a word.
        """,
      remedy: "Link it with modpost (kbuild does); do not strip .modinfo."
    ) { facts in
      facts.infoSection != nil && facts.isInfoReadable
        ? facts.problems("missing-vermagic", .error) : []
    },
    Rule(
      problem: "vermagic-mismatch", .error, "the module is for another kernel than the one given",
      reason: """
        The loader compares vermagic with its own; with CONFIG_MODVERSIONS the release, its first \
        word, does not count. A mismatch is ENOEXEC: 'version magic … should be …'.
        """,
      remedy: "Build it against that kernel's headers."
    ),
    Rule(
      "duplicate-modinfo-tag", .warning, "a tag that counts once is there several times",
      reason: "The kernel and its tools look at the first and ignore the others.",
      remedy: "Remove the others, or the second object that brings them in."
    ) { facts in
      singleTags.compactMap { tag in
        let values = facts.info.all(tag)
        guard values.count > 1, let second = values.last else { return nil }
        return Observation(
          "\(values.count) times '\(tag)=': the first counts, '\(second)' does not",
          info: second)
      }
    },
    Rule(
      "modinfo-unterminated", .warning, ".modinfo does not end with a NUL",
      reason: """
        The kernel reads the last string up to the next NUL, which is in whatever follows the \
        section in the file.
        """,
      remedy: "Do not edit .modinfo with tools that do not know its form."
    ) { facts in
      guard let section = facts.infoSection, let last = facts.info.bytes.last, last != 0
      else { return facts.problems("modinfo-unterminated", .warning) }
      return [
        Observation(
          ".modinfo lacks its final NUL: the kernel reads on into what follows it",
          section: section.name,
          offset: facts.info.bytes.fileOffset + UInt64(facts.info.bytes.count))
      ]
    },
    Rule(
      "modinfo-not-loaded", .warning, ".modinfo is no section that is loaded",
      reason: """
        Kernels up to \(KernelChange.looseModinfo.lastWithout) look at loaded sections only (SHF_ALLOC): for them the module has no licence, \
        no version magic and no tags, whatever modinfo shows. Later kernels do not care.
        """,
      remedy: "Do not edit section flags; link the module again."
    ) { facts in
      guard let section = facts.infoSection, !section.isAllocated,
        !facts.allHave(.looseModinfo)
      else { return [] }
      return [
        Observation(
          ".modinfo is not loaded: kernels up to \(KernelChange.looseModinfo.lastWithout) see neither "
            + "licence nor version magic", section
        )
      ]
    },
    Rule(
      "misleading-text", .warning, "a text is made to look like something else",
      reason: """
        modinfo prints texts as they are: control characters move the cursor, and a line break \
        followed by a field's name looks like that field. koinspect shows both for what they are.
        """,
      remedy: "Take the control characters out, or ask who put them there."
    ) { facts in
      facts.info.filter { MisleadingText.isIn($0.value) }.prefix(8).map { entry in
        Observation(
          "the text of '\(entry.key.text)=' has control characters, or looks like another field",
          info: entry.value)
      }
    },
    Rule(
      "modinfo-junk", .warning, ".modinfo has a string without '='",
      reason: "Nothing reads it: it is no 'tag=value'.",
      remedy: "Look at what put it there (MODULE_INFO and friends do not)."
    ) { facts in
      facts.info.filter { !$0.hasEquals }.prefix(8).map { entry in
        Observation("'\(entry.key)' is no 'tag=value': nothing reads it", info: entry.key)
      }
    },
    Rule(
      "duplicate-alias", .note, "an alias is there twice",
      reason: "It does no harm; often a device is listed twice by mistake.",
      remedy: "Remove one of the entries of the device table."
    ) { facts in
      var seen: Set<ByteSlice> = []
      var reported: Set<ByteSlice> = []
      return facts.info.all("alias").filter {
        !seen.insert($0).inserted && reported.insert($0).inserted
      }
      .map { Observation("duplicate alias '\($0)'", info: $0) }
    },
    Rule(
      "firmware-path", .note, "a firmware name that cannot be found",
      reason: """
        Names are looked up below /lib/firmware: an empty or absolute one, or one with '..', is not \
        what tools that collect firmware expect.
        """,
      remedy: "Give the path relative to /lib/firmware."
    ) { facts in
      facts.info.all("firmware").filter { name in
        name.isEmpty || name.starts(with: "/") || name.equals("..") || name.starts(with: "../")
          || name.contains("/../")
      }.map { Observation("firmware '\($0)' is no path below /lib/firmware", info: $0) }
    },
    Rule(
      "firmware-undeclared", .note, "firmware is asked for that the module does not declare",
      reason: """
        Who makes an image for booting takes the files that modules declare: 'Direct firmware load … \
        failed with error -2' when one is not among them. Seen where the code before the call shows the name.
        """,
      remedy: "Add MODULE_FIRMWARE(…) for it."
    ) { facts in
      guard facts.imports.contains(where: { $0.name.contains("firmware") }) else { return [] }
      let declared = facts.info.all("firmware")
      let names = Set(declared)
      let patterns = declared.filter { name in name.contains { "*?[\\".utf8.contains($0) } }
      let fits = patterns.prefix(256).map { AliasPattern(file: $0) }
      let requests = (try? facts.module.requestedFirmware(facts.symbols)) ?? []
      return requests.filter { request in
        !names.contains(request.text) && !fits.contains { $0.matches(request.text) }
      }.prefix(8).map { request in
        let section = facts.sections[request.section]
        return Observation(
          "\(request.function) is given '\(request.text)', which no firmware= declares",
          subject: request.text, section: section.name,
          offset: section.header.offset &+ request.offset)
      }
    },
    Rule(
      "softdep-target-unknown", .note, "a soft dependency that the kernel has no module for",
      reason: """
        modprobe passes over what it does not find, without a word. Asked for with the kernel's tree of \
        modules (--kernel, --modules), as depmod wrote it.
        """,
      remedy: "Correct the name in MODULE_SOFTDEP(…) or MODULE_WEAKDEP(…)."
    ) { facts in
      guard let known = facts.context.target?.modules else { return [] }
      // Each costs a look at all aliases: a module has a few.
      var words: [ByteSlice] = []
      for entry in facts.info.all("softdep") + facts.info.all("weakdep") {
        words += entry.split(separator: UInt8(ascii: " ")).map { ByteSlice($0) }
      }
      let names = words.filter { !$0.isEmpty && $0.last != UInt8(ascii: ":") }.prefix(32)
      return names.filter { !known.knows($0) }.map {
        Observation("no module of this kernel is called '\($0)', nor has it as an alias", info: $0)
      }
    },
    Rule(
      "build-path", .note, isDefault: false, "a path of the machine that built the module",
      reason: """
        It tells who built it where, and makes every build another one: two of the same sources are not \
        the same bytes.
        """,
      remedy: "Build with -ffile-prefix-map=$PWD=. or strip debug information."
    ) { facts in
      facts.module.buildPaths().map { found in
        Observation(
          "'\(found.path)' in '\(found.section.name)' is a path of the machine that built it",
          subject: found.path, section: found.section.name, offset: found.path.fileOffset)
      }
    },
    Rule(
      "version-without-srcversion", .note, isDefault: false,
      "there is a version, but no srcversion",
      reason: "modpost adds the second to every module that has the first.",
      remedy: "Link it with modpost."
    ) { facts in
      guard let version = facts.info.first("version"), facts.info.first("srcversion") == nil
      else { return [] }
      return [Observation("version= without srcversion=: was it linked by modpost?", info: version)]
    },
  ]

  /// The tags of which the kernel uses the first, or which make no sense twice.
  private static let singleTags = [
    "name", "vermagic", "intree", "version", "srcversion", "depends", "staging", "livepatch",
    "retpoline",
  ]
}

/// Texts that draw something on the terminal of who reads modinfo's output.
private enum MisleadingText {
  /// What modinfo puts at the beginning of lines.
  private static let fields = [
    "filename:", "license:", "signer:", "sig_id:", "sig_key:", "sig_hashalgo:", "signature:",
    "vermagic:", "name:", "intree:", "retpoline:", "depends:", "version:", "srcversion:",
    "author:", "alias:",
  ]

  /// Whether `text` has a control character other than tab and line break, or a field's name at the
  /// beginning of one of its later lines.
  static func isIn(_ text: ByteSlice) -> Bool {
    var position = 0
    while position < text.count {
      let byte = text[position]
      position += 1
      guard byte < 0x20 || byte == 0x7f, byte != UInt8(ascii: "\t") else { continue }
      guard byte == UInt8(ascii: "\n") else { return true }
      let line = text.suffix(from: position)
      if fields.contains(where: { line.starts(with: $0) }) { return true }
    }
    return false
  }
}
