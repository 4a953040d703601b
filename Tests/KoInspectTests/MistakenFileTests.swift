import ELFKit
import TestSupport
import Testing

/// What is given by mistake in place of a module is named in one line, which says what to give instead.
@Suite("Files that are given by mistake")
struct MistakenFileTests {
  /// An object that becomes a module, as the compiler leaves it.
  private static func object(_ more: [String] = []) -> ELFBuilder {
    var builder = ELFBuilder()
    builder.modinfo(["license=GPL", "author=a", "description=d"] + more)
    builder.section(".text", flags: 6, [0xc3])
    builder.symbol("init_module", section: 2, type: 2)
    return builder
  }

  /// What modpost writes for `hello`, compiled.
  private static func modpostObject(hasCode: Bool = false) -> ELFBuilder {
    var builder = ELFBuilder()
    builder.modinfo(["vermagic=6.1.0 SMP ", "name=hello", "depends="])
    builder.thisModule("hello")
    builder.section(".text", flags: 6, hasCode ? [0xc3] : [])
    let start = builder.symbol("init_module")
    builder.relocations(of: 2, [(0x138, start, 1, 0)])
    return builder
  }

  /// A module of which only what is not loaded has content.
  private static func debugInformation() -> ELFBuilder {
    var builder = ELFBuilder.module("hello")
    builder.section(".text", flags: 6, [0xc3])
    for index in builder.sections.indices {
      builder.sections[index].size = UInt64(builder.sections[index].bytes.count)
      builder.sections[index].bytes = []
      builder.sections[index].type = 8
    }
    builder.section(".note.gnu.build-id", type: 7, [UInt8](repeating: 1, count: 20))
    builder.section(".debug_info", flags: 0, [1, 2, 3])
    return builder
  }

  /// A module of a 32-bit kernel.
  private static func narrow(machine: UInt16) -> [UInt8] {
    ELFBuilder.module("hello", machine: machine, .little, .elf32).build()
  }

  private static func freeBSD() -> [UInt8] {
    var bytes = ELFBuilder().build()
    bytes[7] = 9
    return bytes
  }

  private static let pointer = Array(
    "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n".utf8)

  /// Runs `command` on a file; what it says after the file's name.
  private static func words(_ command: [String], _ bytes: [UInt8]) throws -> String {
    let file = try TemporaryFile(bytes)
    let run = Run(command + [file.path])
    expect(run.status, is: 2)
    let lines = run.errors.split(separator: "\n")
    expect(lines.count, is: 1, "\(run.errors)")
    expect(!run.output.contains("FAIL") && !run.output.contains("error "))
    return lines.first.map { String($0.dropFirst("koinspect: \(file.path): ".count)) } ?? ""
  }

  static let commands = [
    ["check"], ["preflight", "--kernel", fixture("debian-6.1.0-56-amd64.json")],
  ]

  @Test("Each is named by check and by preflight", arguments: commands)
  func named(command: [String]) throws {
    try expect(Self.words(command, []).hasPrefix("an empty file: "))
    try expect(Self.words(command, Self.pointer).hasPrefix("a Git LFS pointer, "))
    try expect(Self.words(command, Self.freeBSD()).hasPrefix("a FreeBSD module: "))
    try expect(
      Self.words(command, Self.debugInformation().build())
        .hasPrefix("split debug information, "))
    try expect(Self.words(command, Self.object().build()).hasPrefix("an object file of a build, "))
    try expect(
      Self.words(command, Self.modpostObject().build()).hasPrefix("the .mod.o of a build, "))
  }

  @Test(
    "An archive is named, and how it is unpacked",
    arguments: [
      ("!<arch>\ndebian-binary   1", "a Debian package: unpack it with 'dpkg-deb -x"),
      ("!<arch>\n/               0", "a library of object files"),
      ("070701000008F1", "an archive of cpio, as an initramfs is"),
      ("PK\u{3}\u{4}", "an archive of zip"),
      (String(repeating: "a", count: 257) + "ustar\u{0}00", "an archive of tar"),
    ])
  func archives(content: String, words: String) throws {
    for command in Self.commands + [["show"], ["modinfo"]] {
      let bytes = Array(content.utf8) + [UInt8](repeating: 0x20, count: 100)
      if command == ["modinfo"] {
        let file = try TemporaryFile(bytes)
        expect(Run(command + [file.path]).status != 0)
      } else {
        try expect(Self.words(command, bytes).hasPrefix(words))
      }
    }
  }

  @Test("A package of Red Hat")
  func rpm() throws {
    let bytes: [UInt8] = [0xed, 0xab, 0xee, 0xdb, 3] + [UInt8](repeating: 0, count: 100)
    try expect(Self.words(["check"], bytes).hasPrefix("an RPM package: unpack it with 'rpm2cpio"))
  }

  @Test("What an object of a build has is still shown by those who do not judge it")
  func stillTold() throws {
    let file = try TemporaryFile(Self.object().build())
    expect(Run(["sections", file.path]).status, is: 0)
    expect(Run(["symbols", file.path]).status, is: 0)
  }

  @Test("A module of 32 bits is shown")
  func narrowIsTold() throws {
    let file = try TemporaryFile(Self.narrow(machine: 40))
    for command in ["show", "sections", "symbols", "params", "aliases", "modinfo"] {
      expect(Run([command, file.path]).status, is: 0, "\(command)")
    }
    let header = Run(["readelf", "-hW", file.path])
    expect(header.status == 0 && header.output.contains("ELF32"))
  }

  @Test("Flags hand over what it may be")
  func flags() throws {
    let empty = try TemporaryFile([])
    let command = Self.commands[1] + ["--flags", "0"]
    expect(Run(command + [empty.path]).status, is: 1)
  }

  @Test("A module of a 32-bit kernel is none of a 64-bit kernel's")
  func narrowElsewhere() throws {
    let file = try TemporaryFile(Self.narrow(machine: 40))
    let run = Run(Self.commands[1] + [file.path])
    expect(run.status, is: 1)
    expect(run.output.contains("ENOEXEC"))
  }

  @Test("What is a module, however odd, is judged")
  func judged() throws {
    // Without its struct module, but modpost has been at it; or with code of its own.
    for builder in [Self.object(["vermagic=6.1.0 SMP "]), Self.modpostObject(hasCode: true)] {
      let file = try TemporaryFile(builder.build())
      let run = Run(["check", file.path])
      expect(run.status, is: 1)
      expect(run.errors.isEmpty)
    }
  }
}
