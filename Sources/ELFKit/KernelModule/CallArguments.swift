// Texts that code hands to functions of the kernel, as far as instructions beside the call show them: the
// address of a literal is loaded into a register, by a relocation, a few instructions before.

/// A call of a function that is not the module's own, with a text.
public struct TextArgument: Equatable, Sendable {
  /// The function that is called.
  public let function: ByteSlice
  /// The text.
  public let text: ByteSlice
  /// The number of the section that the call stands in.
  public let section: Int
  /// Where in it, in bytes.
  public let offset: UInt64
}

/// A call of a function that is not the module's own, and the text that it hands over where that stands beside it.
struct CallSite {
  let function: ByteSlice
  let text: ByteSlice?
  let section: Int
  let offset: UInt64
}

/// A function, and the number of its argument that is a text, the first being 0.
struct TextParameter: Sendable {
  let function: String
  let position: Int
}

extension KernelModule {
  /// The texts that code gives to `parameters`, in the order of the file. Only of machines whose
  /// instructions are known, and only those that stand beside their call: others are left out.
  ///
  /// Reads nothing but symbols when none of the functions is needed.
  func textArguments(
    of parameters: [TextParameter], _ symbols: SymbolTable
  ) throws(ELFError) -> [TextArgument] {
    try callSites(of: parameters, symbols).compactMap { site in
      site.text.map {
        TextArgument(function: site.function, text: $0, section: site.section, offset: site.offset)
      }
    }
  }

  /// The calls of `parameters`, in the order of the file, with their texts.
  func callSites(
    of parameters: [TextParameter], _ symbols: SymbolTable
  ) throws(ELFError) -> [CallSite] {
    guard let patterns = image.header.machine.description?.loader?.patterns else { return [] }
    var wanted: [SymbolIndex: TextParameter] = [:]
    for (position, record) in symbols.records.enumerated()
    where position > 0 && record.sectionIndex == .undefined {
      for parameter in parameters
      where symbols.names.matches(parameter.function, at: record.nameOffset) {
        wanted[SymbolIndex(rawValue: UInt32(position))] = parameter
      }
    }
    if wanted.isEmpty { return [] }
    var resolver = try PointerResolver(image, symbols)
    var found: [CallSite] = []
    for section in image.sections
    where section.isAllocated && section.header.flags.contains(.executable) {
      let relocations = try resolver.relocations(of: section.index).all.sorted {
        $0.offset < $1.offset
      }
      guard relocations.contains(where: { wanted[$0.symbol] != nil }),
        let code = try? image.bytes(of: section)
      else { continue }
      for (index, call) in relocations.enumerated() {
        guard let parameter = wanted[call.symbol] else { continue }
        guard Self.isBranch(call, code, patterns) else { continue }
        var text: ByteSlice?
        if let load = Self.load(parameter.position, before: index, relocations, code, patterns) {
          text = try Self.text(at: load, symbols, patterns, &resolver)
        }
        found.append(
          CallSite(
            function: try resolver.charged(symbols[call.symbol]?.name ?? .empty(at: 0)), text: text,
            section: section.index, offset: call.offset))
      }
    }
    return found
  }

  /// Whether `relocation` is that of a call or of a jump, and not of an address.
  private static func isBranch(
    _ relocation: Relocation, _ code: ByteSlice, _ patterns: CodePatterns
  ) -> Bool {
    guard relocation.offset >= 1, relocation.offset <= UInt64(code.count) else { return false }
    return patterns.branches.contains(code[Int(relocation.offset) - 1])
  }

  /// The text whose address `load` loads.
  private static func text(
    at load: Relocation, _ symbols: SymbolTable, _ patterns: CodePatterns,
    _ resolver: inout PointerResolver
  ) throws(ELFError) -> ByteSlice? {
    let sections = resolver.image.sections
    guard let symbol = symbols[load.symbol], let number = symbol.section, number < sections.count,
      !sections[Int(number)].header.flags.contains(.executable)
    else { return nil }
    // A distance counts from the end of its four bytes.
    let rest = UInt64(bitPattern: load.addend ?? 0) &+ (load.type == patterns.distance ? 4 : 0)
    let place = symbol.record.value &+ rest
    let text = try resolver.string(in: Int(number), at: place, limit: 256)
    return text?.isEmpty == false ? text : nil
  }

  /// What loads the address of `argument` before the call at `index`, with no other call between them.
  private static func load(
    _ argument: Int, before index: Int, _ relocations: [Relocation], _ code: ByteSlice,
    _ patterns: CodePatterns
  ) -> Relocation? {
    guard argument < patterns.loads.count else { return nil }
    let call = relocations[index].offset
    var position = index
    while position > 0, index - position < 8 {
      position -= 1
      let relocation = relocations[position]
      guard call - relocation.offset <= 64, relocation.offset >= 3,
        relocation.offset <= UInt64(code.count)
      else { return nil }
      let end = Int(relocation.offset)
      let before = code[within: end - 3..<end]
      if patterns.loads[argument].contains(where: { before.elementsEqual($0) }) {
        return relocation
      }
      // A call leaves nothing in registers, and what is behind a jump is reached from elsewhere.
      if let last = before.last, patterns.branches.contains(last) { return nil }
    }
    return nil
  }
}

extension KernelModule {
  /// The firmware that code asks for by a literal name, each once.
  func requestedFirmware(_ symbols: SymbolTable) throws(ELFError) -> [TextArgument] {
    var seen: Set<ByteSlice> = []
    return try textArguments(of: Self.firmwareRequests, symbols).filter {
      seen.insert($0.text).inserted
    }
  }

  /// include/linux/firmware.h.
  static let firmwareRequests = [
    TextParameter(function: "request_firmware", position: 1),
    TextParameter(function: "request_firmware_direct", position: 1),
    TextParameter(function: "firmware_request_nowarn", position: 1),
    TextParameter(function: "firmware_request_platform", position: 1),
    TextParameter(function: "request_firmware_into_buf", position: 1),
    TextParameter(function: "request_partial_firmware_into_buf", position: 1),
    TextParameter(function: "request_firmware_nowait", position: 2),
    TextParameter(function: "firmware_request_nowait_nowarn", position: 1),
  ]
}
