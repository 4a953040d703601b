// The lines that kernels print about modules. What the load path can print is here (a test reads it in the
// load path's source and wants each), and what a kernel prints when the module runs. Rows only.

extension KernelMessage {
  static let files = [
    Self("Invalid ELF header len *", "elf-header-length", .notExecutable),
    Self("Invalid ELF header magic: *", "elf-magic", .notExecutable),
    Self("Invalid ELF header type: *", "elf-type", .notExecutable),
    Self("Invalid architecture in ELF header: *", "elf-machine", .notExecutable),
    Self("Invalid module architecture in ELF header: *", "elf-machine-flags", .notExecutable),
    Self("Invalid ELF section header size", "elf-section-header-size", .notExecutable),
    Self("Invalid ELF section header overflow", "elf-section-headers", .notExecutable),
    Self("Invalid ELF section name index: *", "elf-name-index", .notExecutable),
    Self("Invalid ELF section hdr(type *)", "elf-name-table-bounds", .notExecutable),
    Self("Invalid ELF section name table type: *", "elf-name-table-type", .notExecutable),
    Self("empty section name table", "elf-name-table-empty", .notExecutable),
    Self(
      "ELF Spec violation: section name table isn't null terminated",
      "elf-name-table-end", .notExecutable),
    Self("ELF Spec violation: section 0 type*", "elf-section-0", .notExecutable),
    Self("Invalid ELF section in module (section *", "elf-section", .notExecutable),
    Self("Invalid ELF sh_link!=SHN_UNDEF(*", "elf-section-link", .notExecutable),
    Self("Invalid ELF section name in module (section *", "elf-section-name", .notExecutable),
    Self("Only one .modinfo section must exist.", "multiple-modinfo", .notExecutable),
    Self("Only one .gnu.linkonce.this_module section", "this-module-missing", .notExecutable),
    Self("Exactly one .gnu.linkonce.this_module section", "this-module-missing", .notExecutable),
    Self("No module found in object", "this-module-missing", .notExecutable),
    Self(
      ".gnu.linkonce.this_module section must have a size set", "this-module-missing",
      .notExecutable),
    Self(
      ".gnu.linkonce.this_module must occupy memory", "this-module-missing", .notExecutable),
    Self(
      ".gnu.linkonce.this_module section size must match", "this-module-size", .notExecutable),
    Self("module has no symbols (stripped?)", "stripped-symtab", .notExecutable),
    Self("Invalid ELF symbol string table type: *", "elf-string-table-type", .notExecutable),
    Self("empty symbol string table", "elf-string-table", .notExecutable),
    Self("symbol string table missing leading NUL", "elf-string-table", .notExecutable),
    Self("symbol string table isn't NUL terminated", "elf-string-table", .notExecutable),
    Self("symbol name out of bounds in string table", "elf-symbol-name", .notExecutable),
    Self(
      "extended version crc+name presence does not match", "ext-versions-inconsistent",
      .notExecutable),
    Self("more extended version crcs than names", "ext-versions-inconsistent", .notExecutable),
    Self(
      "Module has invalid ELF structures",
      meaning: "one of the checks of the file failed; 5.10 has one line for all: see 'elf-…' rules",
      .notExecutable),
    Self("not * compressed module", "compressed-unsupported", .invalid),
    Self("decompression failed with status *", "compressed-unsupported", .invalid),
    Self("ZSTD-compressed data has *", "compressed-unsupported", .invalid),
    Self("has invalid WRITE|EXEC flags", "wx-section", .notExecutable),
    Self("module PLT section(s) missing", "arch-sections", .notExecutable),
    Self("section(s) missing", "arch-sections", .notExecutable),
    Self("doesn't contain .stubs.", "arch-sections", .notExecutable),
    Self(
      "sysfs: cannot create duplicate filename '/module/*/sections/*'", "duplicate-alloc-section",
      .exists),
    Self("has both .ctors and .init_array.", "ctors-and-init-array", .invalid),
    Self("per-cpu alignment * > *", "percpu-large"),
    Self("illegal size (*) or align (*) for percpu allocation", "percpu-large", .noMemory),
    Self("Could not allocate * bytes percpu data", "percpu-large", .noMemory),
  ]

  static let versions = [
    Self("version magic '*' should be '*'", "vermagic-mismatch", .notExecutable),
    Self("disagrees about version of symbol *", "crc-mismatch"),
    Self("no symbol version for *", "crc-missing"),
    Self("no extended symbol version for *", "crc-missing"),
    Self("bad vermagic: kernel tainted.", "missing-vermagic"),
    Self("no versions for exported symbols: kernel tainted.", "export-table-incomplete"),
    Self("kernel tainted.", "missing-modversions"),
    Self(
      "module is marked as livepatch module, but livepatch support is disabled", "livepatch",
      .notExecutable),
    Self(
      "failed to validate module [*] BTF: *",
      meaning:
        "its types (.BTF) are damaged or of another kernel's build: the load fails with the error whose number the line ends in (-22 is EINVAL) unless the kernel lets mismatches pass (CONFIG_MODULE_ALLOW_BTF_MISMATCH). Build it against this kernel's vmlinux, or strip them (objcopy -R .BTF)"
    ),
    Self(
      "Kernel module BTF mismatch detected, BTF debug info may be unavailable for some modules",
      meaning: "its types (.BTF) are of another kernel's build; it is loaded without them"),
  ]

  static let symbols = [
    Self("Unknown symbol * (err -2)", "unresolved-symbol", .noEntry),
    Self(
      "Unknown symbol * (err -22)", "crc-mismatch",
      meaning:
        "the line before it says which of three: 'disagrees about version of symbol' (built for another kernel: below), 'no symbol version for' (explain crc-missing), 'from namespace' (explain namespace-not-imported)",
      .invalid),
    Self("Unknown symbol *", "unresolved-symbol", .noEntry),
    Self("please compile with -fno-common", "common-symbol", .notExecutable),
    Self("Symbol * has an invalid section index *", "bad-symbol-index", .notExecutable),
    Self(
      "module using GPL-only symbols uses symbols * from proprietary module *",
      meaning:
        "the module is GPL-compatible and another one, whose symbols it uses, is not: that one's licence is what is wrong",
      .noEntry),
    Self(
      "module using GPL-only symbols uses symbols from proprietary module *",
      meaning:
        "the module is GPL-compatible and another one, whose symbols it uses, is not: that one's licence is what is wrong",
      .noEntry),
    Self(
      "module uses symbols from proprietary module *, inheriting taint.",
      meaning: "a module whose symbols it uses is non-free: it counts as non-free itself (P)"),
    Self(
      "module uses symbols * from proprietary module *, inheriting taint.",
      meaning: "a module whose symbols it uses is non-free: it counts as non-free itself (P)"),
    Self(
      "module uses symbol (*) from namespace *, but does not import it.", "namespace-not-imported",
      .invalid),
    Self("module tries to import module namespace: *", "namespace-module-import", .notPermitted),
    Self(
      "Protected symbol: * (err -13)",
      meaning:
        "Android's kernel offers the symbol to modules that Google has signed alone: use one of the KMI symbol list, or load the GKI module that belongs to this kernel",
      .accessDenied),
    Self(
      "exports protected symbol *",
      meaning:
        "Android's kernel lets only modules that Google has signed export it: load the GKI module that belongs to this kernel (system_dlkm)",
      .accessDenied),
    Self("no flags for exported symbols", "export-table-incomplete", .notExecutable),
    Self("exports duplicate symbol * (owned by *)", "duplicate-export", .notExecutable),
    Self("ignoring obsolete section *", "obsolete-gpl-ksymtab"),
    Self(
      "gave up waiting for init of module *",
      meaning: "a module that it needs has not finished its init within 30 seconds", .busy),
  ]

  static let relocations = [
    Self("Unknown rela relocation: *", "unsupported-relocation", .notExecutable),
    Self("unsupported RELA relocation: *", "unsupported-relocation", .notExecutable),
    Self("Unknown relocation: *", "unsupported-relocation", .notExecutable),
    Self("unknown relocation: *", "unsupported-relocation", .notExecutable),
    Self("Unknown relocation type *", "unsupported-relocation", .invalid),
    Self("Unknown ADD relocation: *", "unsupported-relocation", .notExecutable),
    Self("Unsupport relocation type *", "unsupported-relocation", .invalid),
    Self("unexpected relocation type 'R_RISCV_ALIGN'", "unsupported-relocation", .invalid),
    Self("module *: * relocation unsupported", "rel-section", .notExecutable),
    Self("module *: REL relocation unsupported", "rel-section", .notExecutable),
    Self("module *: RELA relocation unsupported", "rel-section", .notExecutable),
    Self("relocation * out of range", "relocation-overflow", .notExecutable),
    Self(
      "relocation target, existing value is nonzero for *", "relocation-target-nonzero",
      .notExecutable),
    Self(
      "section * reloc * sym '*': unsupported interworking call (*)", "unsupported-relocation",
      .notExecutable),
    Self(
      "section * reloc * sym '*': relocation * out of range (* -> *)", "relocation-overflow",
      .notExecutable),
    Self("dangerous * relocation", "unsupported-relocation", .notExecutable),
    Self(
      "Module doesn't contain .plt or .init.plt sections.", "arch-sections", .notExecutable),
    Self("overflow in relocation type * val *", "relocation-overflow", .notExecutable),
    Self("likely not compiled with -mcmodel=kernel", "relocation-overflow", .notExecutable),
    Self(
      "livepatch: section * has an incorrectly formatted name", "livepatch-format", .invalid),
  ]

  static let signatures = [
    Self("module: not signed with expected PKCS#7 message", "signature-not-pkcs7", .noPackage),
    Self(
      "module: PKCS#7 signature info has unexpected non-zero params", "signature-malformed",
      .badMessage),
    Self("Loading of * is rejected", "unsigned", .keyRejected),
    Self("Loading of unsigned module is rejected", "unsigned", .keyRejected),
    Self(
      "Loading of module with unavailable key is rejected", "signature-unknown-key", .keyRejected),
    Self(
      "Loading of module with unsupported crypto is rejected", "signature-unsupported",
      .keyRejected),
    Self("Lockdown: *: unsigned module loading is restricted", "unsigned", .notPermitted),
    Self("Loading of unsigned module is restricted", "unsigned", .notPermitted),
    Self(
      "is restricted; see man kernel_lockdown.7",
      meaning:
        "the kernel is locked down (Secure Boot, or lockdown= of its command line) and forbids this to everybody; for modules: sign them with a key that the kernel has",
      .notPermitted),
    Self("PKCS#7 signature not signed with a trusted key", "signature-unknown-key", .noKey),
    Self("PKCS7: Unsupported SignedData version", "signature-malformed", .invalid),
    Self("PKCS7: Unsupported SignerInfo version", "signature-malformed", .invalid),
    Self(
      "PKCS7: SignedData-SignerInfo version mismatch", "signature-malformed", .badMessage),
    Self("PKCS7: Inconsistently supplied authAttrs", "signature-malformed", .invalid),
    Self("PKCS7: Data already supplied", "signature-malformed", .badMessage),
    Self("PKCS#7 signature with non-detached data", "signature-malformed", .badMessage),
    Self("Invalid module sig (not pkcs7-data)", "signature-malformed", .keyRejected),
    Self("Invalid module sig (has authattrs)", "signature-has-authattrs", .keyRejected),
    Self(
      "module verification failed: signature and/or required key missing - tainting kernel",
      "unsigned"),
  ]

  static let others = [
    Self("loading out-of-tree module taints kernel.", "missing-intree"),
    Self("Spectre V2 : System may be vulnerable to spectre v2", "no-retpoline"),
    Self("loading module not compiled with retpoline compiler.", "no-retpoline"),
    Self("module is from the staging directory, the quality is unknown", "staging"),
    Self("tainting kernel with TAINT_LIVEPATCH", "livepatch"),
    Self("module license 'unspecified' taints kernel.", "missing-license"),
    Self("module license 'Proprietary' taints kernel.", "proprietary-license"),
    Self("module license '*' taints kernel.", "unknown-license"),
    Self("module license taints kernel.", "proprietary-license"),
    Self("loading test module taints kernel.", "test-module"),
    Self(
      "Disabling lock debugging due to kernel taint",
      meaning:
        "the first taint that makes reports of the lock checker worthless: a non-free or forced module"
    ),
    Self("panic_on_taint set ...", meaning: "the command line says that this taint is the end"),
    Self(
      "Module * is blacklisted",
      meaning: "module_blacklist= of the kernel's command line names it", .notPermitted),
    Self("vmlinux.ko: invalid module name", meaning: "no module may have this name", .invalid),
    Self(
      "Unknown parameter `*'",
      meaning:
        "the module has no parameter of that name: kernels before \(KernelChange.unknownArgumentsPass) refuse it",
      .noEntry),
    Self(
      "parameters '*' after `--' ignored", meaning: "what follows -- is for nobody in a module"),
    Self("unknown parameter '*' ignored", meaning: "the module has no parameter of that name"),
    Self(
      "`*' * for parameter `*'",
      meaning: "the value is none that the parameter takes: see 'koinspect params'", .invalid),
    Self(
      "`*' invalid for parameter `*'",
      meaning: "the value is none that the parameter's type takes: see 'koinspect params'",
      .invalid),
    Self(
      "`*' too large for parameter `*'", meaning: "the text is longer than the parameter's room",
      .noSpace),
    Self(
      "module parameters is restricted", "param-hw", .notPermitted),
    Self("Setting dangerous option * - tainting kernel", "param-unsafe"),
    Self(
      "string parameter too long", meaning: "a text for a parameter has 1024 bytes at most",
      .noSpace),
    Self(
      "can only take * arguments",
      meaning: "more values than the parameter's array has elements", .invalid),
    Self(
      "string doesn't fit in * chars.", meaning: "the text is longer than the parameter's room",
      .noSpace),
    Self(
      "module is already loaded", "builtin-clash", .invalid),
    Self("Attribute *: Invalid permissions *", "param-bad-perm"),
    Self(
      "sysfs: cannot create duplicate filename '/module/*/parameters/*'", "param-duplicate",
      .exists),
    Self("Ignoring obsolete parameters", "obsolete-params"),
    Self("execmem: unable to allocate memory", meaning: "no room for modules is left", .noMemory),
    Self(
      "Skipping invalid relocation target", "relocation-target-nonzero", .notExecutable),
    Self("Required key not available", "signature-unknown-key", meaning: keys, .noKey),
    Self("Key was rejected by service", "signature-bad", meaning: keys, .keyRejected),
  ]

  /// What is behind an error about keys; the log tells which.
  private static let keys =
    "the kernel takes signed modules only (Secure Boot, lockdown, module.sig_enforce). Either the module is not signed, or the kernel has not the key that signed it (mokutil --import, and a restart, enrols one), or it was changed after that ('strip' is enough): 'koinspect verify MODULE' tells which"

  static let running = [
    Self("Missing ENDBR: *", "ibt-endbr-missing"),
    Self("Unpatched return thunk in use*", "return-sites-incomplete"),
    Self("CFI failure *", "cfi-missing"),
    Self(
      "suspiciously returned *, it should follow 0/-E convention",
      meaning:
        "init has returned a positive number; the module stays, but 0 is what says that all went well, and a negative errno that it did not"
    ),
    Self(
      "Direct firmware load for * failed with error -*",
      meaning:
        "the file is not below /lib/firmware of the system that asks (-2), which early is the initramfs; 'koinspect modinfo -F firmware MODULE' lists what the module may ask for, 'koinspect deps --firmware DIR MODULE' what of it a folder has"
    ),
    Self(
      "vmap allocation for size * failed",
      meaning:
        "no room is left where the machine keeps modules (or in vmalloc's): fewer or smaller modules, or vmalloc= of the command line",
      .noMemory),
    Self(
      "BPF:*",
      meaning:
        "what the kernel's look at the module's types (.BTF) stumbled over: see 'failed to validate module'"
    ),
    Self("Tainted: *", meaning: "'koinspect taint TEXT' says what the letters mean"),
    Self("BUG: unable to handle *", meaning: crash),
    Self("Unable to handle kernel *", meaning: crash),
    Self("general protection fault*", meaning: crash),
    Self("Internal error: Oops*", meaning: crash),
    Self("Call Trace:", meaning: crash),
  ]

  private static let crash =
    "a crash: 'dmesg | koinspect decode MODULE.ko' says which line of the source each address is"
}
