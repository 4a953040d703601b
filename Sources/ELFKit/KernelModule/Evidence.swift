// What a module could do to a system, as far as its imports, texts, relocations and bytes show it: evidence with
// its place, and no verdict. Debuggers, tracers and drivers do many of these things, too.

/// A trace of something that who looks at an unknown module wants to know of.
public struct Evidence: Equatable, Sendable {
  /// What kind of thing it is.
  public enum Kind: String, CaseIterable, Sendable {
    /// Finds what the kernel does not export.
    case symbols
    /// Runs when others' code does.
    case hooks
    /// Changes who a process is.
    case credentials
    /// Is not shown where modules are listed.
    case hiding
    /// Runs programs.
    case programs
    /// Reads or writes files itself.
    case files
    /// Looks at packets.
    case network
    /// Sees what is typed.
    case keys
    /// Writes where nobody may.
    case protection
    /// Says what is not so.
    case claims
  }

  /// What kind of thing it is.
  public let kind: Kind
  /// What is there, quoting the file.
  public let text: ByteText
  /// The section that it is in; `nil` when it is in none.
  public let section: ByteSlice?
  /// Where in that section, in bytes.
  public let offset: UInt64?

  init(_ kind: Kind, _ text: ByteText, section: ByteSlice? = nil, offset: UInt64? = nil) {
    self.kind = kind
    self.text = text
    self.section = section
    self.offset = offset
  }
}

extension KernelModule {
  /// The evidence, by kind. Reads symbols, relocations of code and data, and all bytes of code.
  public func evidence() throws(ELFError) -> [Evidence] {
    let symbols = try image.symbols()
    var found = importEvidence(symbols)
    for use in try textArguments(of: Self.tellingArguments, symbols) {
      let isProgram = use.function.starts(with: "call_usermodehelper")
      found.append(
        Evidence(
          isProgram ? .programs : use.function.equals("filp_open") ? .files : .symbols,
          "calls \(use.function) with '\(use.text)'", section: image.sections[use.section].name,
          offset: use.offset))
    }
    found += try textEvidence(symbols)
    found += try listEvidence(symbols)
    found += controlEvidence()
    let info = try info()
    if info.contains("intree"), try signature() == nil {
      found.append(
        Evidence(
          .claims, "says that it belongs to the kernel's tree (intree=), and is not signed",
          section: ".modinfo"))
    }
    return Evidence.Kind.allCases.flatMap { kind in found.filter { $0.kind == kind } }
  }

  /// No more of a kind of place is told: a file may have a million.
  private static let most = 16

  /// What the names of imports tell.
  private func importEvidence(_ symbols: SymbolTable) -> [Evidence] {
    var found: [Evidence] = []
    for (position, record) in symbols.records.enumerated()
    where position > 0 && record.sectionIndex == .undefined && record.nameOffset != 0 {
      guard
        let row = Self.tellingImports.first(where: {
          symbols.names.matches($0.name, at: record.nameOffset)
        })
      else { continue }
      found.append(Evidence(row.kind, "needs \(row.name): \(row.what)"))
    }
    return found
  }

  /// Names of what is not exported, as texts: code that looks them up has them.
  private func textEvidence(_ symbols: SymbolTable) throws(ELFError) -> [Evidence] {
    var found: [Evidence] = []
    var texts: [Place: String] = [:]
    for section in image.sections
    where section.isAllocated && section.header.type == .progbits
      && (section.name.starts(with: ".rodata") || section.name.starts(with: ".data")
        || section.name.starts(with: ".init.rodata") || section.name.starts(with: ".init.data"))
    {
      let bytes = try image.bytes(of: section)
      for text in Self.tellingTexts {
        guard let position = Self.position(of: text, in: bytes) else { continue }
        texts[Place(section: section.index, offset: UInt64(position))] = text
        found.append(
          Evidence(
            .symbols, "has the text '\(text)'", section: section.name, offset: UInt64(position)))
      }
    }
    return found + (try pointerEvidence(to: texts, symbols))
  }

  private struct Place: Hashable {
    let section: Int
    let offset: UInt64
  }

  /// Data that points to such a text: `struct kprobe` has the name of what is probed.
  private func pointerEvidence(
    to texts: [Place: String], _ symbols: SymbolTable
  ) throws(ELFError) -> [Evidence] {
    if texts.isEmpty { return [] }
    var resolver = try PointerResolver(image, symbols)
    var found: [Evidence] = []
    for section in image.sections
    where section.isAllocated && section.name.starts(with: ".data") {
      for pointer in try resolver.relocations(of: section.index).all {
        guard found.count < Self.most,
          let target = try resolver.target(in: section.index, at: pointer.offset),
          let number = target.section,
          let text = texts[Place(section: number, offset: target.offset)]
        else { continue }
        let owner = variable(at: pointer.offset, in: section.index, symbols)
        found.append(
          Evidence(
            .symbols, "\(owner.map { "'\($0)'" as ByteText } ?? "data") points to '\(text)'",
            section: section.name, offset: pointer.offset))
      }
    }
    return found
  }

  private func variable(
    at offset: UInt64, in section: Int, _ symbols: SymbolTable
  ) -> ByteSlice? {
    for (position, record) in symbols.records.enumerated()
    where record.type == .object && record.value <= offset && offset - record.value < record.size {
      if symbols.section(of: record, at: position) == UInt32(section) {
        return symbols[position].name
      }
    }
    return nil
  }

  /// The position of a NUL-ended text in `bytes`, or `nil`.
  private static func position(of text: String, in bytes: ByteSlice) -> Int? {
    guard let position = bytes.firstPosition(of: text) else { return nil }
    let end = position + text.utf8.count
    guard position == 0 || bytes[position - 1] == 0, end < bytes.count, bytes[end] == 0 else {
      return nil
    }
    return position
  }

  /// Code that touches the place of its own `struct module` in the kernel's list (`list`, behind `state`):
  /// who takes it off there is not shown by lsmod.
  private func listEvidence(_ symbols: SymbolTable) throws(ELFError) -> [Evidence] {
    guard encodingIs64,
      let own = symbols.records.indices.first(where: {
        symbols.names.matches("__this_module", at: symbols.records[$0].nameOffset)
      })
    else { return [] }
    let patterns = image.header.machine.description?.loader?.patterns
    var found: [Evidence] = []
    for table in image.sections where table.header.type == .rela {
      guard let target = image.sections.section(table.header.info), target.isAllocated,
        target.header.flags.contains(.executable),
        let relocations = try? image.relocations(in: table)
      else { continue }
      for relocation in relocations where relocation.symbol.rawValue == UInt32(own) {
        let bias = relocation.type == patterns?.distance ? patterns?.bias ?? 0 : 0
        let place = (relocation.addend ?? 0) &+ bias
        guard (8...23).contains(place), found.count < Self.most else { continue }
        found.append(
          Evidence(
            .hiding, "refers to its own place in the list of modules (struct module+\(place))",
            section: target.name, offset: relocation.offset))
      }
    }
    return found
  }

  private var encodingIs64: Bool { image.header.machine.description?.kernel.is64Bit == true }

  /// What switches write protection off: bytes, not instructions.
  private func controlEvidence() -> [Evidence] {
    guard let pattern = image.header.machine.description?.loader?.patterns?.unprotect,
      let first = pattern.first.first
    else { return [] }
    let count = pattern.first.count
    var found: [Evidence] = []
    for section in image.sections
    where section.isAllocated && section.header.flags.contains(.executable) {
      guard let bytes = try? image.bytes(of: section) else { continue }
      var start = 0
      while found.count < Self.most, let position = bytes.firstIndex(of: first, from: start) {
        start = position + 1
        guard bytes.count - position > count,
          bytes[within: position..<position + count].elementsEqual(pattern.first),
          pattern.last.contains(bytes[position + count])
        else { continue }
        found.append(
          Evidence(
            .protection, "has the bytes of \(pattern.words)", section: section.name,
            offset: UInt64(position)))
      }
    }
    return found
  }

  /// Functions that get a telling text, and which argument it is.
  private static let tellingArguments = [
    TextParameter(function: "call_usermodehelper", position: 0),
    TextParameter(function: "call_usermodehelper_setup", position: 0),
    TextParameter(function: "filp_open", position: 0),
    TextParameter(function: "kallsyms_lookup_name", position: 0),
  ]

  /// Names that only who works around exports has as texts.
  private static let tellingTexts = [
    "kallsyms_lookup_name", "kallsyms_on_each_symbol", "sys_call_table", "ia32_sys_call_table",
    "x32_sys_call_table", "commit_creds", "prepare_kernel_cred", "do_syscall_64", "x64_sys_call",
    "module_alloc", "set_memory_rw", "init_mm", "/proc/kallsyms", "tcp4_seq_show",
    "__x64_sys_getdents64", "__x64_sys_kill", "filldir64",
  ]

  private static let tellingImports: [(name: String, kind: Evidence.Kind, what: String)] = [
    ("kallsyms_lookup_name", .symbols, "finds any symbol"),
    ("kallsyms_on_each_symbol", .symbols, "sees all symbols"),
    ("register_kprobe", .hooks, "runs where it likes in the kernel's code"),
    ("register_kprobes", .hooks, "runs where it likes in the kernel's code"),
    ("register_kretprobe", .hooks, "runs when functions return"),
    ("register_ftrace_function", .hooks, "runs when functions are called"),
    ("ftrace_set_filter", .hooks, "chooses functions to hook"),
    ("ftrace_set_filter_ip", .hooks, "chooses functions to hook"),
    ("register_die_notifier", .hooks, "runs on exceptions"),
    ("tracepoint_probe_register", .hooks, "runs at tracepoints"),
    ("security_add_hooks", .hooks, "is asked about permissions"),
    ("commit_creds", .credentials, "gives a process other rights"),
    ("prepare_kernel_cred", .credentials, "makes root's rights"),
    ("override_creds", .credentials, "acts as somebody else"),
    ("kobject_del", .hiding, "takes things out of sysfs"),
    ("remove_proc_entry", .hiding, "takes things out of /proc"),
    ("call_usermodehelper", .programs, "runs programs as root"),
    ("call_usermodehelper_exec", .programs, "runs programs as root"),
    ("filp_open", .files, "opens files"),
    ("kernel_read", .files, "reads files"),
    ("kernel_write", .files, "writes files"),
    ("nf_register_net_hook", .network, "sees, changes or drops packets"),
    ("nf_register_net_hooks", .network, "sees, changes or drops packets"),
    ("dev_add_pack", .network, "sees packets"),
    ("register_keyboard_notifier", .keys, "sees keys"),
    ("input_register_handler", .keys, "sees keys and movements"),
    ("set_memory_rw", .protection, "makes memory writable"),
    ("set_memory_x", .protection, "makes memory executable"),
    ("text_poke", .protection, "writes code"),
    ("native_write_cr0", .protection, "switches write protection off"),
    ("lookup_address", .protection, "finds entries of page tables"),
    ("stop_machine", .protection, "stops all processors meanwhile"),
  ]
}
