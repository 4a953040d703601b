import Foundation
import TestSupport
import Testing

@testable import ELFKit
@testable import KoInspect

/// What somebody pastes who has a problem, and has asked no other tool yet.
@Suite("Lines that people paste are explained")
struct PastedLineTests {
  private static func explain(_ line: String) -> Run { Run(["explain", line]) }

  private static func words(_ run: Run) -> String {
    run.output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
  }

  @Test(
    "Of programs that load, in the words of kmod, Busybox and module-init-tools",
    arguments: [
      ("modprobe: ERROR: could not insert 'rtw88_core': Invalid argument", "EINVAL (22)"),
      ("modprobe: ERROR: could not insert 'nvidia': Exec format error", "ENOEXEC (8)"),
      ("insmod: init_module 'x.ko' failed (Exec format error)", "ENOEXEC (8)"),
      ("insmod: can't insert 'x.ko': invalid module format", "ENOEXEC (8)"),
      (
        "insmod: can't insert 'x.ko': unknown symbol in module, or unknown parameter",
        "unresolved-symbol"
      ),
      ("insmod: can't insert 'x.ko': No such file or directory", "ENOENT (2)"),
      ("modprobe: ERROR: could not insert 'nvidia': No such device", "the module's own init"),
      ("modprobe: FATAL: Module nvidia not found in directory /lib/modules/6.1.0-13", "depmod -a"),
      ("modprobe: can't change directory to '5.10': No such file or directory", "uname -r"),
      ("rmmod: ERROR: Module kgtp is in use", "lsmod"),
      (
        "rmmod: ERROR: could not remove module x: Device or resource busy", "init-without-exit"
      ),
      ("[permanent]", "check --reference"),
      ("22", "EINVAL (22)"), ("8", "ENOEXEC (8)"),
    ])
  func programs(line: String, text: String) {
    let run = Self.explain(line)
    expect(run.status == 0 && Self.words(run).contains(text), "\(run.output)\(run.errors)")
  }

  @Test(
    "Of the kernel, when it loads, and when it runs the module",
    arguments: [
      ("traps: Missing ENDBR: init_module+0x0/0x1000 [nvidia]", "-fcf-protection=branch"),
      ("Missing ENDBR", "ibt-endbr-missing"),
      ("failed to validate module [m] BTF: -524", "the error whose number the line ends in"),
      ("v4l2loopback: module license 'MIT' taints kernel.", "unknown-license"),
      ("x: module license 'unspecified' taints kernel.", "missing-license"),
      ("could not insert 'x': Key was rejected by service", "mokutil --import"),
      ("sign-file: certs/signing_key.pem: No such file or directory", "could not sign the module"),
      ("BPF: String section is not at the end", "the module's types (.BTF)"),
      ("BPF: [113101] Invalid kind:31", "the module's types (.BTF)"),
      (
        "CFI failure at do_one_initcall+0x44/0x2a0 (target: init_module+0x0/0x1000 [8821au]; expected type: 0x36a1a4d2)",
        "cfi-missing"
      ),
      ("Kernel panic - not syncing: CFI failure (target: init_module+0x0/0x1000)", "cfi-missing"),
      ("Unpatched return thunk in use. This should not happen!", "return-sites-incomplete"),
      (
        "zfs: module using GPL-only symbols uses symbols from proprietary module zlua.",
        "that one's licence is what is wrong"
      ),
      ("zfs: Unknown symbol spl_kmem_free (err -22)", "crc-missing"),
      ("no symbol version for", "KBUILD_EXTRA_SYMBOLS"),
      (
        "x86/modules: Skipping invalid relocation target, existing value is nonzero for type 1, loc 1, val 2",
        "struct module is laid out otherwise"
      ),
      (
        "iwlwifi 0000:3b:00.0: Direct firmware load for iwlwifi-1.ucode failed with error -2",
        "modinfo -F firmware"
      ),
      (
        "x: Unknown rela relocation: 41",
        "x86-64: R_X86_64_GOTPCRELX; it is of position-independent"
      ),
      ("module x: Unknown relocation type 57", "RISC-V: R_RISCV_32_PCREL; kernels since"),
      ("PKCS#7 signature not signed with a trusted key", "signature-unknown-key"),
      (
        "do_init_module: 'x'->init suspiciously returned 1, it should follow 0/-E convention",
        "positive number"
      ),
      ("BUG: unable to handle page fault for address: ffffffffc0", "koinspect decode"),
    ])
  func kernels(line: String, text: String) {
    let run = Self.explain(line)
    expect(run.status == 0 && Self.words(run).contains(text), "\(run.output)\(run.errors)")
  }

  @Test(
    "Of programs that build",
    arguments: [
      (#"ERROR: modpost: "_GLOBAL_OFFSET_TABLE_" [/x/foo.ko] undefined!"#, "-fno-pic"),
      (#"ERROR: modpost: "foo" [/x/foo.ko] undefined!"#, "KBUILD_EXTRA_SYMBOLS"),
      ("ERROR: modpost: missing MODULE_LICENSE() in /x/y.o", "missing-license"),
      (
        "ERROR: modpost: GPL-incompatible module x.ko uses GPL-only symbol 'foo'",
        "gpl-only-in-proprietary"
      ),
      ("make: *** /lib/modules/5.4.0/build: No such file or directory.  Stop.", "linux-headers"),
      ("Bad return status for module build on kernel: 6.1.0 (x86_64)", "make.log"),
      ("depmod: WARNING: /lib/modules/x.ko needs unknown symbol foo", "System.map"),
    ])
  func builds(line: String, text: String) {
    let run = Self.explain(line)
    expect(run.status == 0 && Self.words(run).contains(text), "\(run.output)\(run.errors)")
  }

  @Test("The name of an error is the error, though a line has its words in it")
  func errorsFirst() {
    expect(Self.explain("Device or resource busy").output.hasPrefix("EBUSY (16)"))
    expect(Self.explain("Invalid module format").output.hasPrefix("ENOEXEC (8)"))
    // Few words are part of many lines.
    expect(Self.explain("module").status, is: 2)
  }
}

/// Symbols whose absence has a usual cause, and files that are refused as such.
@Suite("The cause of what is missing is told")
struct MissingCauseTests {
  @Test(
    "A symbol that a compiler, an option or a newer kernel has to do with",
    arguments: [
      ("__stack_chk_fail", "CONFIG_STACKPROTECTOR"), ("__x86_indirect_thunk_rax", "RETPOLINE"),
      ("__asan_load8_noabort", "CONFIG_KASAN"), ("__udivdi3", "div_u64"),
      ("__aarch64_ldadd4_acq_rel", "outline-atomics"), ("printk", "_printk"),
      ("kallsyms_lookup_name", "not export"), ("malloc", "C library"),
      ("my_own_function", nil), ("__x86_indirect", nil),
    ] as [(String, String?)])
  func symbols(name: String, text: String?) {
    let cause = SymbolCause.of(ByteSlice(Array(name.utf8)))
    expect(cause == nil, is: text == nil)
    expect(text.map { cause?.text.contains($0) == true } ?? true, "\(cause?.text ?? "")")
  }

  @Test("No symbol has two causes")
  func once() {
    let names = SymbolCause.all.flatMap { $0.names + $0.beginnings }
    expect(Set(names).count == names.count && names.count > 100)
  }

  /// A kernel that has all that `hello.ko` needs but one symbol.
  private static func target(
    without missing: String, _ option: String = "X86_64"
  ) throws -> TemporaryFile {
    let symbols = ["__fentry__", "_printk", "__x86_return_thunk", "param_ops_charp"]
      .filter { $0 != missing }
    let list = symbols.map { "0x00000000\\t\($0)\\tvmlinux\\tEXPORT_SYMBOL\\t\\n" }.joined()
    let text = """
      {"schemaVersion": 1, "release": "6.1.0-56-amd64", "vermagic": "6.1.0-56-amd64 SMP preempt mod_unload modversions ",
       "config": {"MODULES": "y", "X86_64": "y", "\(option)": "y"},
       "symvers": "\(list)0x00000000\\tmodule_layout\\tvmlinux\\tEXPORT_SYMBOL\\t\\n"}
      """
    return try TemporaryFile(Array(text.utf8), name: "target.json")
  }

  @Test("preflight and check say it of a module that needs one")
  func modules() throws {
    let file = try Self.target(without: "_printk")
    let object = try #require(
      try Run(["preflight", "--json", "--flags", "1", "--kernel", file.path, fixture("hello.ko")])
        .json().first)
    let advice = (object["advice"] as? [String])?.joined(separator: "\n") ?? ""
    expect(advice.contains("nothing exports '_printk' to this module"), "\(object)")
    expect(advice.contains("'_printk': older kernels call it printk"), "\(object)")
    let check = Run(["check", "--no-config", "--kernel", file.path, fixture("hello.ko")])
    expect(check.output.contains("nothing exports '_printk': older kernels"), "\(check.output)")
    // Of one that nobody knows nothing more is said.
    let plain = try Self.target(without: "param_ops_charp")
    let other = Run(["preflight", "--kernel", plain.path, fixture("hello.ko")]).output
    expect(!other.contains("older kernels"), "\(other)")
  }

  @Test("A kernel that trims its exports is named as the cause, and so is what a list says")
  func trimmed() throws {
    let trimming = try Self.target(without: "param_ops_charp", "TRIM_UNUSED_KSYMS")
    let list = try TemporaryFile(Array("[abi_symbol_list]\n  _printk\n".utf8))
    func advice(_ kernel: TemporaryFile) throws -> String {
      let run = Run([
        "preflight", "--json", "--flags", "1", "--kabi-list", list.path, "--kernel", kernel.path,
        fixture("hello.ko"),
      ])
      return (try run.json().first?["advice"] as? [String])?.joined(separator: "\n") ?? ""
    }
    let said = try advice(trimming)
    expect(said.contains("'param_ops_charp': this kernel exports only what its own modules"))
    expect(said.contains("'param_ops_charp': not in the list of stable symbols"), "\(said)")
    let check = Run(["check", "--no-config", "--kernel", trimming.path, fixture("hello.ko")])
    expect(check.output.contains("CONFIG_TRIM_UNUSED_KSYMS"), "\(check.output)")
    let other = try advice(try Self.target(without: "_printk"))
    expect(!other.contains("CONFIG_TRIM_UNUSED_KSYMS"))
    expect(other.contains("'_printk': in the list of stable symbols"), "\(other)")
  }

  private static func advice(_ arguments: [String]) throws -> String {
    let object = try #require(try Run(["preflight", "--json"] + arguments).json().first)
    expect(object["errno"] as? String, is: "ENOEXEC", "\(object)")
    return (object["advice"] as? [String])?.joined(separator: "\n") ?? ""
  }

  @Test("A file that is refused as such: cut off, a program, another kernel's")
  func files() throws {
    let target = fixture("debian-6.1.0-56-amd64.json")
    var bytes = try Fixtures.bytes("hello.ko")
    let cut = try TemporaryFile(Array(bytes.prefix(3000)))
    try expect(Self.advice(["--kernel", target, cut.path]).contains("the file is cut off"))
    bytes[16] = 3
    let program = try TemporaryFile(bytes)
    try expect(Self.advice(["--kernel", target, program.path]).contains("shared library"))
    try expect(
      Self.advice(["--reference", fixture("hello-6.12.ko"), fixture("hello.ko")]).contains(
        "the module was built for 6.1.0-56-amd64, this kernel is 6.12.117+deb13-amd64"))
  }

  @Test("What to do: values that a parameter takes, the key to enrol, the version that differs")
  func remedies() throws {
    func advice(_ arguments: [String]) throws -> String {
      let object = try #require(try Run(["preflight", "--json"] + arguments).json().first)
      return (object["advice"] as? [String])?.joined(separator: "\n") ?? ""
    }
    let kernel = ["--kernel", fixture("debian-6.1.0-56-amd64.json")]
    for (argument, range) in [
      ("a_byte=300", "byte: 0 to 255"), ("a_short=40000", "short: -32768 to 32767"),
      ("a_ulong=-x", "ulong: 0 to 18446744073709551615"), ("a_bool=maybe", "bool: y or n, 1 or 0"),
    ] {
      let said = try advice(kernel + ["--args", argument, fixture("params.ko")])
      expect(said.contains("is of type \(range)"), "\(said)")
    }
    let key = try advice(
      kernel + [
        "--cmdline", "module.sig_enforce=1", "--cert",
        Fixtures.path("hello-signed-ecdsa/hello-signed-ecdsa.x509.der"), fixture("hello-signed.ko"),
      ])
    expect(key.contains("mokutil --import"), "\(key)")
    let text = try String(contentsOfFile: fixture("debian-6.1.0-56-amd64.json"), encoding: .utf8)
    let other = try TemporaryFile(
      Array(text.replacingOccurrences(of: "0x92997ed8", with: "0x12345678").utf8))
    let version = try advice(["--kernel", other.path, fixture("hello.ko")])
    expect(
      version.contains(
        "'_printk' was built against 0x92997ed8, the kernel has 0x12345678: build the module"),
      "\(version)")
  }

  @Test(
    "Who may not use a symbol because of another module's licence is not told that its own is wrong"
  )
  func inheritedTaint() throws {
    var bytes = try Fixtures.bytes("exporter.ko")
    let license = Array("license=GPL\0".utf8)
    let start =
      try #require(
        bytes.indices.first { bytes[$0...].starts(with: license) }) + license.count - 4
    bytes.replaceSubrange(start..<start + 3, with: Array("Own".utf8))
    let provider = try TemporaryFile(bytes, name: "my-exporter.ko")
    // Whether it is loaded, or lies where modprobe will find it.
    for (option, place) in [("--loaded", provider.path), ("--modules", provider.folder)] {
      let run = Run([
        "check", "--no-config", "--kernel", fixture("debian-6.1.0-56-amd64.json"), option,
        place, fixture("importer.ko"),
      ])
      expect(
        run.output.contains("'fixture_gpl' is GPL-only, and the module also uses symbols of '"),
        "\(run.output)")
      expect(!run.output.contains("the module's licence is not"), "\(run.output)")
      expect(run.status, is: 1)
    }
  }

  /// A module of others, which no list of the kernel has, and one that needs it and does not say so.
  @Test("A tree's modules of others are known, and loaded before who needs them without saying so")
  func others() throws {
    var bytes = try Fixtures.bytes("importer.ko")
    let key = Array("depends=exporter".utf8)
    let start = try #require(bytes.indices.first { bytes[$0...].starts(with: key) })
    bytes.replaceSubrange(start..<start + key.count, with: Array("depend_=exporter".utf8))
    let module = try TemporaryFile(bytes, name: "importer.ko")
    let tree = module.folder + "/tree/updates"
    try FileManager.default.createDirectory(atPath: tree, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: fixture("exporter.ko"), toPath: tree + "/exporter.ko")
    let arguments = [
      "preflight", "--json", "--kernel", fixture("debian-6.1.0-56-amd64.json"), "--modules",
      module.folder + "/tree", module.path,
    ]
    let alone = try #require(try Run(arguments).json().first)
    let advice = (alone["advice"] as? [String])?.joined(separator: "\n") ?? ""
    expect(alone["errno"] as? String, is: "ENOENT")
    expect(advice.contains("load exporter first"), "\(alone)")
    expect(!advice.contains("nothing exports"), "\(alone)")
    let all = try #require(try Run(arguments + ["--with-deps"]).json().first)
    expect(all["verdict"] as? String, is: "loads", "\(all)")
    // What cannot be read there is reported, and answers that do without it stand.
    try Data("x".utf8).write(to: URL(fileURLWithPath: tree + "/broken.ko"))
    try FileManager.default.createDirectory(
      atPath: module.folder + "/tree/kernel", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: module.folder + "/tree/kernel/gone.ko", withDestinationPath: "/nowhere")
    let broken = Run(arguments + ["--with-deps"])
    expect(broken.status == 0 && broken.errors.contains("broken.ko"), "\(broken.errors)")
    expect(!broken.errors.contains("gone.ko"), "\(broken.errors)")
  }

  @Test("A list that is named counts before the one beside the kernel")
  func lists() throws {
    func verdict(_ list: String) throws -> String? {
      let file = try TemporaryFile(Array(list.utf8))
      let run = Run([
        "preflight", "--json", "--kernel", fixture("debian-6.1.0-56-amd64.json"), "--symvers",
        file.path, fixture("hello.ko"),
      ])
      return try run.json().first?["verdict"] as? String
    }
    // A whole list without what the module needs; a list of somebody else's module, which is added.
    try expect(verdict("0x1\tkmalloc\tvmlinux\tEXPORT_SYMBOL\t\n"), is: "fails")
    try expect(verdict("0x1\tother\textra/other\tEXPORT_SYMBOL\t\n"), is: "loads")
  }

  @Test("A page of the web and a link that leads nowhere are named")
  func mistaken() throws {
    let page = try TemporaryFile(Array("<!DOCTYPE html>\n<html>".utf8))
    expect(Run(["show", page.path]).errors.contains("a page of the web, not the module"))
    let link = page.folder + "/zfs.ko"
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: "/nowhere/zfs\u{1b}.ko")
    let run = Run(["check", "--no-config", link])
    expect(run.status, is: 2)
    expect(
      run.errors.contains("a link to /nowhere/zfs\\x1b.ko, which is not there"), "\(run.errors)")
    // The same in a folder: where updates of RHEL leave such links.
    expect(Run(["check", "--no-config", page.folder]).errors.contains("a link to /nowhere/zfs"))
    // kmod's words stay kmod's.
    expect(!Run(["modinfo", link]).errors.contains("a link to"))
  }
}
