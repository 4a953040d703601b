import ELFKit
import TestSupport
import Testing

@Suite("What code asks for while it runs")
struct ModuleRequestTests {
  /// A module that calls `function` with the address of `text` in the register of an argument, after
  /// `between`.
  private static func requests(
    _ function: String, _ text: String, load: [UInt8], between: [UInt8] = [],
    branch: UInt8 = 0xe8
  ) throws -> [ModuleRequest] {
    var builder = ELFBuilder.module()
    let code = builder.section(
      ".text", flags: 6, load + [0, 0, 0, 0] + between + [branch, 0, 0, 0, 0])
    let strings = builder.section(".rodata.str1.1", flags: 0x32, Array("x\0\(text)\0".utf8))
    let base = builder.symbol("", section: UInt16(strings), binding: 0, type: 3)
    let thunk = builder.symbol("__x86_return_thunk")
    let callee = builder.symbol(function)
    let start = UInt64(load.count)
    var relocations: [ELFBuilder.NewRelocation] = [(start, base, 11, 2)]
    if !between.isEmpty { relocations.append((start + 5, thunk, 4, -4)) }
    relocations.append((start + 5 + UInt64(between.count), callee, 4, -4))
    builder.relocations(of: code, relocations)
    return try KernelModule(ELFImage(builder.build())).requests()
  }

  private static let first: [UInt8] = [0x48, 0xc7, 0xc7]
  private static let second: [UInt8] = [0x48, 0xc7, 0xc6]

  @Test(
    "Literals, patterns, and what the kernel puts before them",
    arguments: [
      ("__request_module", "symbol:dvb_pll", second, "symbol:dvb_pll", false),
      ("__request_module", "snd-card-%i", second, "snd-card-*", true),
      ("__request_module", "a%%b%-5.2lux%pI4!", second, "a%b*x*!", true),
      ("get_fs_type", "ext4", first, "fs-ext4", false),
      ("crypto_alloc_shash", "crc32c", first, "crypto-crc32c", false),
      ("request_firmware", "vx/%s", second, "vx/%s", false),
    ] as [(String, String, [UInt8], String, Bool)])
  func names(
    function: String, text: String, load: [UInt8], name: String, isPattern: Bool
  ) throws {
    let found = try Self.requests(function, text, load: load)
    expect(found.map { $0.name?.text }, is: [name])
    expect(found.map(\.isPattern), is: [isPattern])
    expect(found.map(\.kind), is: [function == "request_firmware" ? .firmware : .module])
  }

  @Test("A text in another register, or behind a jump, is not the call's: nobody knows")
  func unknown() throws {
    let other = try Self.requests("__request_module", "x", load: Self.first)
    expect(other.map(\.name), is: [nil])
    let behind = try Self.requests(
      "__request_module", "x", load: Self.second, between: [0xe9, 0, 0, 0, 0])
    expect(behind.map(\.name), is: [nil])
  }

  /// A function of these parts: bytes, or the address of "a" or "b/%s" of four bytes, or the distance to a function.
  private enum Part: Sendable {
    case code([UInt8])
    case a, b, filler
    case asker(String)
    case other, noReturn
  }

  /// What the code asks for.
  private static func names(_ parts: [Part]) throws -> [String?] {
    var builder = ELFBuilder.module()
    var code: [UInt8] = []
    var places: [(UInt64, Part)] = []
    for part in parts {
      if case .code(let bytes) = part {
        code += bytes
      } else {
        places.append((UInt64(code.count), part))
        code += [0, 0, 0, 0]
      }
    }
    let section = builder.section(".text", flags: 6, code)
    let strings = builder.section(".rodata.str1.1", flags: 0x32, Array("a\0b/%s\0f\0".utf8))
    let base = builder.symbol("", section: UInt16(strings), binding: 0, type: 3)
    builder.symbol("f", section: UInt16(section), size: UInt64(code.count), type: 2)
    let other = builder.symbol("other")
    let noReturn = builder.symbol("__stack_chk_fail")
    var relocations: [ELFBuilder.NewRelocation] = []
    for (place, part) in places {
      switch part {
      case .code: break
      case .a: relocations.append((place, base, 11, 0))
      case .b: relocations.append((place, base, 11, 2))
      case .filler: relocations.append((place, base, 11, 7))
      case .asker(let name): relocations.append((place, builder.symbol(name), 4, -4))
      case .other: relocations.append((place, other, 4, -4))
      case .noReturn: relocations.append((place, noReturn, 4, -4))
      }
    }
    builder.relocations(of: section, relocations)
    return try KernelModule(ELFImage(builder.build())).requests().map { $0.name?.text }
  }

  private static let call = Part.code([0xe8])
  private static let firmware = Part.asker("request_firmware")
  private static let module = Part.asker("__request_module")
  /// mov $…, %rsi, %rdx, %rax and %rbx; mov %rbx, %rsi.
  private static let toSecond = Part.code([0x48, 0xc7, 0xc6])
  private static let toThird = Part.code([0x48, 0xc7, 0xc2])
  private static let toResult = Part.code([0x48, 0xc7, 0xc0])
  private static let toKept = Part.code([0x48, 0xc7, 0xc3])
  private static let fromKept = Part.code([0x48, 0x89, 0xde])

  @Test(
    "A name comes from wherever the code before the call leads: all that a condition chooses from")
  func flow() throws {
    // cmovne %rax, %rsi.
    try expect(
      Self.names([
        Self.toSecond, .a, Self.toResult, .b, .code([0x48, 0x0f, 0x45, 0xf0]), Self.call,
        Self.firmware,
      ]), is: ["a", "b/%s"])
    // jne over the second.
    try expect(
      Self.names([
        Self.toSecond, .a, .code([0x75, 7]), Self.toSecond, .b, Self.call, Self.firmware,
      ]), is: ["a", "b/%s"])
    // Through a register that calls keep.
    try expect(
      Self.names([Self.toKept, .a, Self.call, .other, Self.fromKept, Self.call, Self.firmware]),
      is: ["a"])
    // A register that calls do not keep; a call that does not come back; a jump elsewhere; an end.
    try expect(
      Self.names([Self.toSecond, .a, Self.call, .other, Self.call, Self.firmware]), is: [nil])
    try expect(
      Self.names([
        Self.toKept, .a, Self.call, .noReturn, Self.fromKept, Self.call, Self.firmware,
      ]), is: [nil])
    try expect(
      Self.names([Self.toSecond, .a, .code([0xeb, 0x20]), Self.call, Self.firmware]), is: [nil])
    try expect(Self.names([Self.toSecond, .a, .code([0xc3]), Self.call, Self.firmware]), is: [nil])
    // What is written to the register's half is not the text: movl $0, %esi.
    try expect(
      Self.names([Self.toSecond, .a, .code([0x31, 0xf6]), Self.call, Self.firmware]), is: [nil])
  }

  @Test("A name is found where code puts it away on the stack, as long as that stays where it is")
  func stack() throws {
    // movq $…, 8(%rsp); mov 8(%rsp), %rsi.
    let put = Part.code([0x48, 0xc7, 0x44, 0x24, 8])
    let get = Part.code([0x48, 0x8b, 0x74, 0x24, 8])
    try expect(Self.names([put, .a, Self.call, .other, get, Self.call, Self.firmware]), is: ["a"])
    // addq $4, 8(%rsp) between them: it is what stands four bytes further on.
    try expect(
      Self.names([
        put, .a, .code([0x48, 0x83, 0x44, 0x24, 8, 4]), get, Self.call, Self.firmware,
      ]), is: [nil])
    // push %rbx between them; another place.
    try expect(
      Self.names([put, .a, .code([0x53]), get, Self.call, Self.firmware]), is: [nil])
    try expect(
      Self.names([put, .a, .code([0x48, 0x8b, 0x74, 0x24, 16]), Self.call, Self.firmware]),
      is: [nil])
    // mov (%rsp,%rax,8), %rsi: any of those from there on.
    try expect(
      Self.names([
        put, .a, .code([0x48, 0xc7, 0x44, 0x24, 16]), .b, .code([0x48, 0x8b, 0x34, 0xc4]),
        Self.call,
        Self.firmware,
      ]), is: ["a", "b/%s"])
  }

  @Test("What is filled in is a literal only where no condition chooses it")
  func fillers() throws {
    try expect(
      Self.names([Self.toSecond, .b, Self.toThird, .filler, Self.call, Self.module]), is: ["b/f"])
    // je over it: the register may hold something else.
    try expect(
      Self.names([
        Self.toSecond, .b, .code([0x74, 7]), Self.toThird, .filler, Self.call, Self.module,
      ]), is: ["b/*"])
  }

  @Test("What a variable or a table holds when the module is loaded is asked for, too")
  func memory() throws {
    // mov variable(%rip), %rsi; mov table(,%rax,8), %rsi.
    for (load, type, addend, names) in [
      ([0x48, 0x8b, 0x35], 2, -4, ["a"]), ([0x48, 0x8b, 0x34, 0xc5], 11, 0, ["a", "b"]),
      ([0x48, 0x8b, 0x34, 0xc5], 11, 24, [nil]),
    ] as [([UInt8], UInt64, Int64, [String?])] {
      var builder = ELFBuilder.module()
      let bytes = load + [0, 0, 0, 0, 0xe8, 0, 0, 0, 0]
      let code = builder.section(".text", flags: 6, bytes)
      let strings = builder.section(".rodata.str1.1", flags: 0x32, Array("a\0b\0c\0".utf8))
      let data = builder.section(".data", flags: 3, [UInt8](repeating: 0, count: 32))
      let base = builder.symbol("", section: UInt16(strings), binding: 0, type: 3)
      let start = builder.symbol("", section: UInt16(data), binding: 0, type: 3)
      builder.symbol("f", section: UInt16(code), size: UInt64(bytes.count), type: 2)
      builder.symbol("names", section: UInt16(data), size: 16, type: 1)
      let callee = builder.symbol("request_firmware")
      builder.relocations(
        of: code,
        [(UInt64(load.count), start, type, addend), (UInt64(load.count) + 5, callee, 4, -4)])
      builder.relocations(of: data, [(0, base, 1, 0), (8, base, 1, 2), (24, base, 1, 4)])
      let found = try KernelModule(ELFImage(builder.build())).requests()
      expect(found.map { $0.name?.text }, is: names)
    }
  }

  @Test("Variables of any size and place end, and functions that overlap")
  func hostileSymbols() throws {
    for (value, size) in [(UInt64.max - 15, 15), (0, 1 << 63), (0, UInt64.max), (8, 0)]
      as [(UInt64, UInt64)]
    {
      var builder = ELFBuilder.module()
      let bytes: [UInt8] = [0x48, 0x8b, 0x34, 0xc5, 0, 0, 0, 0, 0xe8, 0, 0, 0, 0]
      let code = builder.section(".text", flags: 6, bytes)
      let data = builder.section(".data", flags: 3, [UInt8](repeating: 0, count: 32))
      let start = builder.symbol("", section: UInt16(data), binding: 0, type: 3)
      for offset in [0, 1, 3] as [UInt64] {
        builder.symbol("f\(offset)", section: UInt16(code), value: offset, size: size, type: 2)
      }
      builder.symbol("names", section: UInt16(data), value: value, size: size, type: 1)
      let callee = builder.symbol("request_firmware")
      builder.relocations(of: code, [(4, start, 11, 0), (9, callee, 4, -4)])
      try expect(KernelModule(ELFImage(builder.build())).requests().map(\.name), is: [nil])
    }
  }

  @Test("A pattern without a letter is any name: nobody knows")
  func anyName() throws {
    for text in ["%s", "%s%d", "%s.%s"] {
      try expect(
        Self.requests("__request_module", text, load: Self.second).map(\.name), is: [nil])
    }
  }

  @Test("A jump asks as a call does; an address of the function asks for nothing")
  func branches() throws {
    try expect(
      Self.requests("__request_module", "x", load: Self.second, branch: 0xe9).count, is: 1)
    try expect(
      Self.requests("__request_module", "x", load: Self.second, branch: 0xc7).isEmpty)
  }

  @Test(
    "A pattern means those modules that it fits, and nothing when it begins with what is filled in")
  func candidates() throws {
    let members = try ["snd-card-1.ko", "snd-card-x.ko", "other.ko"].map { path in
      try ModuleMember(
        KernelModule(try ELFImage(ELFBuilder.module(modinfo: ["alias=net-pf-2"]).build())),
        path: ByteSlice(Array(path.utf8)), .words)
    }
    let names = DependencyGraph(members, builtIns: ["snd_card_9"]).names
    expect(
      names.candidates(of: "snd-card-*"), is: [.file(0), .file(1), .builtIn("snd_card_9")])
    expect(names.candidates(of: "net-pf-*"), is: [.file(0), .file(1), .file(2)])
    expect(names.candidates(of: "*") == [] && names.candidates(of: "") == [])
  }

  /// The code of one machine that hands over the address of the text behind two bytes: with the relocations of
  /// the address, and where the call's is.
  private struct Sample: Sendable {
    let machine: UInt16
    var order = ByteOrder.little
    let code: [UInt8]
    /// Where, the type, the addend; those of the text, or of the label at 0 where `isLabel`.
    let loads: [(place: UInt64, type: UInt32, addend: Int64, isLabel: Bool)]
    let call: (place: UInt64, type: UInt32)
  }

  private static let samples = [
    // adrp x1; add x1, x1; bl.
    Sample(
      machine: 183, code: [1, 0, 0, 0x90, 0x21, 0, 0, 0x91, 0, 0, 0, 0x94],
      loads: [(0, 275, 2, false), (4, 277, 2, false)], call: (8, 283)),
    // auipc a1; addi a1, a1; auipc ra; jalr.
    Sample(
      machine: 243,
      code: [0x97, 5, 0, 0, 0x93, 0x85, 5, 0, 0x97, 0, 0, 0, 0xe7, 0x80, 0, 0],
      loads: [(0, 23, 2, false), (4, 24, 0, true)], call: (8, 19)),
    // larl %r3; brasl %r14: distances count from two bytes before.
    Sample(
      machine: 22, order: .big, code: [0xc0, 0x30, 0, 0, 0, 0, 0xc0, 0xe5, 0, 0, 0, 0],
      loads: [(2, 19, 4, false)], call: (8, 20)),
    // addis r4, r2; addi r4, r4; bl.
    Sample(
      machine: 21, code: [0, 0, 0x82, 0x3c, 0, 0, 0x84, 0x38, 1, 0, 0, 0x48],
      loads: [(0, 50, 2, false), (4, 48, 2, false)], call: (8, 10)),
  ]

  private static func requests(_ sample: Sample, code: [UInt8]? = nil) throws -> [ModuleRequest] {
    var builder = ELFBuilder.module(machine: sample.machine, sample.order)
    let section = builder.section(".text", flags: 6, code ?? sample.code)
    let strings = builder.section(".rodata.str1.1", flags: 0x32, Array("x\0fs-%s\0".utf8))
    let base = builder.symbol("", section: UInt16(strings), binding: 0, type: 3)
    let label = builder.symbol(".L0", section: UInt16(section), binding: 0)
    let callee = builder.symbol("__request_module")
    builder.relocations(
      of: section,
      sample.loads.map { ($0.place, $0.isLabel ? label : base, UInt64($0.type), $0.addend) }
        + [(sample.call.place, callee, UInt64(sample.call.type), 0)])
    return try KernelModule(ELFImage(builder.build())).requests()
  }

  @Test("Each machine has its own instructions and relocations", arguments: 0..<4)
  func machines(_ number: Int) throws {
    let found = try Self.requests(Self.samples[number])
    expect(found.map { $0.name?.text }, is: ["fs-*"])
  }

  @Test("What another instruction leaves in the register is not the text")
  func overwritten() throws {
    let sample = Self.samples[0]
    // mov x1, x19 between them; str x1, [x19] reads it.
    let move = Array(sample.code[..<8]) + [0xe1, 3, 0x13, 0xaa]
    let code = move + Array(sample.code[8...])
    let moved = Sample(machine: 183, code: code, loads: sample.loads, call: (12, 283))
    try expect(Self.requests(moved).map(\.name), is: [nil])
    let store = Array(code[..<8]) + [0x61, 2, 0, 0xf9] + Array(code[12...])
    try expect(Self.requests(moved, code: store).map { $0.name?.text }, is: ["fs-*"])
  }

  @Test("An entry of ppc64's table of addresses leads to the text")
  func tableOfAddresses() throws {
    var builder = ELFBuilder.module(machine: 21)
    // addis r4, r2; ld r4, (r4); bl.
    let code = builder.section(
      ".text", flags: 6, [0, 0, 0x82, 0x3c, 0, 0, 0x84, 0xe8, 1, 0, 0, 0x48])
    let strings = builder.section(".rodata.str1.1", flags: 0x32, Array("x\0b.bin\0".utf8))
    let table = builder.section(".toc", flags: 3, [UInt8](repeating: 0, count: 16))
    let base = builder.symbol("", section: UInt16(strings), binding: 0, type: 3)
    let entry = builder.symbol("", section: UInt16(table), binding: 0, type: 3)
    let callee = builder.symbol("request_firmware")
    builder.relocations(of: code, [(0, entry, 50, 8), (4, entry, 64, 8), (8, callee, 10, 0)])
    builder.relocations(of: table, [(8, base, 38, 2)])
    let found = try KernelModule(ELFImage(builder.build())).requests()
    expect(found.map { $0.name?.text }, is: ["b.bin"])
  }

  /// `snprintf(buffer, size, "a/%s-%d", …)`, and then `request_firmware(…, name, …)`.
  private static func written(to buffer: [UInt8], from name: [UInt8]) throws -> [ModuleRequest] {
    var builder = ELFBuilder.module()
    let code = builder.section(
      ".text", flags: 6,
      [0x48, 0xc7, 0xc2, 0, 0, 0, 0, 0x48, 0xc7, 0xc1, 0, 0, 0, 0] + buffer + [0xe8, 0, 0, 0, 0]
        + name + [0xe8, 0, 0, 0, 0])
    let strings = builder.section(".rodata.str1.1", flags: 0x32, Array("a/%s-%d\0b\0".utf8))
    let base = builder.symbol("", section: UInt16(strings), binding: 0, type: 3)
    let (writer, asker) = (builder.symbol("snprintf"), builder.symbol("request_firmware"))
    let call = UInt64(14 + buffer.count + 1)
    builder.relocations(
      of: code,
      [
        (3, base, 11, 0), (10, base, 11, 8), (call, writer, 4, -4),
        (call + 5 + UInt64(name.count), asker, 4, -4),
      ])
    return try KernelModule(ELFImage(builder.build())).requests()
  }

  @Test("A name that the call before has written is a pattern, with the literals that it was given")
  func writtenBefore() throws {
    // lea 8(%rsp), %rdi and lea 8(%rsp), %rsi; mov %rbp, %rdi and mov %rbp, %rsi.
    for (buffer, name) in [
      ([0x48, 0x8d, 0x7c, 0x24, 8], [0x48, 0x8d, 0x74, 0x24, 8]),
      ([0x48, 0x89, 0xef], [0x48, 0x89, 0xee]),
    ] as [([UInt8], [UInt8])] {
      let found = try Self.written(to: buffer, from: name)
      expect(found.map { $0.name?.text } == ["a/b-*"] && found.map(\.isPattern) == [true])
    }
    // Behind the beginning of the buffer, or from elsewhere.
    let behind = try Self.written(
      to: [0x48, 0x8d, 0x7c, 0x24, 12], from: [0x48, 0x8d, 0x74, 0x24, 8])
    expect(behind.map(\.name), is: [nil])
    let other = try Self.written(to: [0x48, 0x89, 0xef], from: [0x48, 0x89, 0xde])
    expect(other.map(\.name), is: [nil])
  }

  @Test(
    "A name may be written some calls before it is asked for, where code goes straight from one to the other"
  )
  func writtenEarlier() throws {
    /// snprintf to %rbx, then `second` and a call of `name` as the second, `third`, and a request of the name in %rbx.
    func names(
      _ second: [UInt8], _ name: String = "snprintf", _ third: [UInt8] = [], from start: UInt64 = 0
    ) throws -> [String?] {
      var builder = ELFBuilder.module()
      let first: [UInt8] = [0x48, 0xc7, 0xc2, 0, 0, 0, 0, 0x48, 0x89, 0xdf, 0xe8, 0, 0, 0, 0]
      let bytes =
        first + second + [0xe8, 0, 0, 0, 0] + third + [0x48, 0x89, 0xde, 0xe8, 0, 0, 0, 0]
      let code = builder.section(".text", flags: 6, bytes)
      let strings = builder.section(".rodata.str1.1", flags: 0x32, Array("a%d\0".utf8))
      let base = builder.symbol("", section: UInt16(strings), binding: 0, type: 3)
      builder.symbol(
        "f", section: UInt16(code), value: start, size: UInt64(bytes.count) - start, type: 2)
      let (writer, asker) = (builder.symbol("snprintf"), builder.symbol("request_firmware"))
      let between = name == "snprintf" ? writer : builder.symbol(name)
      builder.relocations(
        of: code,
        [
          (3, base, 11, 0), (11, writer, 4, -4), (16 + UInt64(second.count), between, 4, -4),
          (UInt64(bytes.count) - 4, asker, 4, -4),
        ])
      return try KernelModule(ELFImage(builder.build())).requests().map { $0.name?.text }
    }
    // mov %r13, %rdi: into another room. The first is another function's.
    let other: [UInt8] = [0x4c, 0x89, 0xef]
    try expect(names(other), is: ["a*"])
    try expect(names(other, from: 15), is: [nil])
    // lea (%rbx,%rax), %rdi: nobody knows where that is, as nobody knows what a function does that is not known.
    try expect(names([0x48, 0x8d, 0x3c, 0x03]), is: [nil])
    try expect(names(other, "strlcat"), is: [nil])
    // %rbx is another room by then: mov 8(%rbp), %rbx. Code goes elsewhere: jmp, ret.
    try expect(names(other, "snprintf", [0x48, 0x8b, 0x5d, 8]), is: [nil])
    try expect(names(other, "snprintf", [0xeb, 0x10]), is: [nil])
    try expect(names(other, "snprintf", [0xc3]), is: [nil])
  }

  @Test("Any number of jumps to one place ends soon")
  func manyJumps() throws {
    // mov %rax, %rsi and back, for each of the registers; a call; 100,000 jumps to the beginning.
    var bytes: [UInt8] = [0x48, 0x8b, 0x34, 0x24]
    for place in 0..<12 as Range<UInt8> {
      bytes += [0x48, 0x8b, 0x44, 0x24, 8 * place + 8, 0x48, 0x89, 0x44, 0x24, 8 * place]
    }
    bytes += [0xe8, 0, 0, 0, 0]
    let call = UInt64(bytes.count - 4)
    for _ in 0..<100_000 {
      let distance = UInt32(bitPattern: Int32(-(bytes.count + 5)))
      bytes += [0xe9] + (0..<4).map { UInt8(truncatingIfNeeded: distance >> (8 * $0)) }
    }
    var builder = ELFBuilder.module()
    let code = builder.section(".text", flags: 6, bytes)
    builder.symbol("f", section: UInt16(code), size: UInt64(bytes.count), type: 2)
    let callee = builder.symbol("request_firmware")
    builder.relocations(of: code, [(call, callee, 4, -4)])
    try expect(KernelModule(ELFImage(builder.build())).requests().map(\.name), is: [nil])
  }

  @Test("Bytes that are no text are no name")
  func noText() throws {
    try expect(
      Self.requests("request_firmware", "\u{1}\u{7f}", load: Self.second).map(\.name), is: [nil])
  }
}
