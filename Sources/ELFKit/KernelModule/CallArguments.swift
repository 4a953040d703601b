// Texts that code hands to functions of the kernel, as far as instructions show them: the address of a literal
// is loaded into a register by a relocation. Where the code can be taken apart all ways to the call are followed
// back; elsewhere the last instructions before it are looked at.

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

/// A call of a function that is not the module's own, and the texts that it may hand over.
struct CallSite {
  let function: ByteSlice
  /// The texts: several where a condition chooses; none where none is seen.
  let texts: [ByteSlice]
  /// Whether they are formats.
  let isFormat: Bool
  /// Where they are: the literals among what follows, in order, `nil` for all else.
  let following: [ByteSlice?]
  let section: Int
  let offset: UInt64
}

/// A function, and the number of its argument that is a text, the first being 0.
struct TextParameter: Sendable {
  let function: String
  let position: Int
  /// Whether it is a format, and what follows is filled in.
  var isFormat = false
  /// The argument that says where the text is written; `nil` for a function that finds room itself.
  var buffer: Int?
}

extension KernelModule {
  /// The texts that code gives to `parameters`, in the order of the file. Only of machines whose
  /// instructions are known, and only those that the code before the call shows: others are left out.
  ///
  /// Reads nothing but symbols when none of the functions is needed.
  func textArguments(
    of parameters: [TextParameter], _ symbols: SymbolTable
  ) throws(ELFError) -> [TextArgument] {
    try callSites(of: parameters, symbols).flatMap { site in
      site.texts.map {
        TextArgument(function: site.function, text: $0, section: site.section, offset: site.offset)
      }
    }
  }

  /// The imported functions among `parameters`.
  private static func imported(
    _ parameters: [TextParameter], _ symbols: SymbolTable
  ) -> [SymbolIndex: TextParameter] {
    var wanted: [SymbolIndex: TextParameter] = [:]
    if parameters.isEmpty { return wanted }
    for (position, record) in symbols.records.enumerated()
    where position > 0 && record.sectionIndex == .undefined {
      for parameter in parameters
      where symbols.names.matches(parameter.function, at: record.nameOffset) {
        wanted[SymbolIndex(rawValue: UInt32(position))] = parameter
      }
    }
    return wanted
  }

  /// The calls of `parameters`, in the order of the file, with their texts. Where the code before
  /// a call does not show the text, but one of `writers` has written it, the text is what that was given.
  func callSites(
    of parameters: [TextParameter], writers: [TextParameter] = [], _ symbols: SymbolTable
  ) throws(ELFError) -> [CallSite] {
    guard let finder = ArgumentFinder(image) else { return [] }
    let wanted = Self.imported(parameters, symbols)
    if wanted.isEmpty { return [] }
    // Most relocations are of other symbols: a look at a list tells that sooner than one at a dictionary.
    var isWanted = [Bool](repeating: false, count: symbols.records.count)
    for index in wanted.keys { isWanted[Int(index.rawValue)] = true }
    func asks(_ relocation: Relocation) -> Bool {
      let index = Int(relocation.symbol.rawValue)
      return index < isWanted.count && isWanted[index]
    }
    let writing = Self.imported(writers, symbols)
    var resolver = try PointerResolver(image, symbols)
    var variables = Variables()
    var functions: FunctionRanges?
    var sites: [CallSite] = []
    for section in image.sections
    where section.isAllocated && section.header.flags.contains(.executable) {
      let all = try resolver.relocations(of: section.index).all
      guard all.contains(where: asks), let code = try? image.bytes(of: section) else { continue }
      let relocations = all.sorted { $0.offset < $1.offset }
      var flows = finder.instructions.map { set in
        let ranges = functions ?? FunctionRanges(symbols)
        functions = ranges
        return SectionFlows(section.index, code, set, relocations, ranges)
      }
      for (index, call) in relocations.enumerated() where asks(call) {
        guard let parameter = wanted[call.symbol], finder.isBranch(call, code) else { continue }
        func texts(
          _ position: Int, before index: Int
        ) throws(ELFError) -> (all: [ByteSlice], isCertain: Bool) {
          if let values = flows?.values(of: position, ofCallAt: relocations[index].offset) {
            var texts: [ByteSlice] = []
            for load in values.loads {
              let text = try Self.text(at: load, finder, symbols, &resolver)
              if let text, !texts.contains(text) { texts.append(text) }
            }
            for read in values.reads {
              for text in try Self.texts(read, finder, &variables, symbols, &resolver)
              where !texts.contains(text) {
                texts.append(text)
              }
            }
            return (texts, values.isComplete && values.loads.count == 1)
          }
          guard let load = finder.load(position, before: index, relocations, code, symbols),
            let text = try Self.text(at: load, finder, symbols, &resolver)
          else { return ([], false) }
          return ([text], true)
        }
        var (place, written) = (index, parameter)
        var found = try texts(parameter.position, before: index).all
        if found.isEmpty, !writing.isEmpty,
          let (before, writer) = finder.writer(
            of: parameter.position, before: index, relocations, code, writing,
            in: functions?.range(of: call.offset, in: section.index))
        {
          (place, written) = (before, writer)
          found = try texts(writer.position, before: before).all
        }
        var following: [ByteSlice?] = []
        if written.isFormat, found.contains(where: { $0.contains(UInt8(ascii: "%")) }) {
          for position in written.position + 1..<written.position + 4 {
            let (texts, isCertain) = try texts(position, before: place)
            following.append(isCertain ? texts.first : nil)
          }
        }
        sites.append(
          CallSite(
            function: try resolver.charged(symbols[call.symbol]?.name ?? .empty(at: 0)),
            texts: found, isFormat: written.isFormat, following: following,
            section: section.index, offset: call.offset))
      }
    }
    return sites
  }

  /// The text whose address `load` loads.
  private static func text(
    at load: Relocation, _ finder: ArgumentFinder, _ symbols: SymbolTable,
    _ resolver: inout PointerResolver
  ) throws(ELFError) -> ByteSlice? {
    guard var (section, place) = data(at: load, finder, symbols, resolver.image) else { return nil }
    if let table = finder.table, resolver.image.sections[section].name.equals(table) {
      guard let target = try resolver.target(in: section, at: place), let next = target.section
      else { return nil }
      (section, place) = (next, target.offset)
    }
    return try text(in: section, at: place, &resolver)
  }

  /// No table is longer.
  private static let longestTable: UInt64 = 256

  /// The texts whose addresses stand in memory when the module is loaded: that of a variable, or all of a table
  /// as far as a symbol tells where it ends.
  private static func texts(
    _ read: FunctionFlow.Read, _ finder: ArgumentFinder, _ variables: inout Variables,
    _ symbols: SymbolTable, _ resolver: inout PointerResolver
  ) throws(ELFError) -> [ByteSlice] {
    let sections = resolver.image.sections
    guard let (section, start) = data(at: read.relocation, finder, symbols, resolver.image),
      start < sections[section].header.size
    else { return [] }
    let size = UInt64(resolver.image.encoding.addressSize)
    var room = size
    if read.isTable {
      guard let end = variables.end(of: start, in: section, symbols) else { return [] }
      room = Swift.min(end, sections[section].header.size) - start
    }
    var texts: [ByteSlice] = []
    for number in 0..<Swift.min(room / size, longestTable) {
      if let target = try resolver.target(in: section, at: start + number * size),
        let next = target.section, let text = try text(in: next, at: target.offset, &resolver)
      {
        texts.append(text)
      }
    }
    return texts
  }

  /// The place in a section of data that `load` leads to.
  private static func data(
    at load: Relocation, _ finder: ArgumentFinder, _ symbols: SymbolTable, _ image: ELFImage
  ) -> (section: Int, place: UInt64)? {
    guard let symbol = symbols[load.symbol], let number = symbol.section,
      number < image.sections.count,
      !image.sections[Int(number)].header.flags.contains(.executable)
    else { return nil }
    let addend = (load.addend ?? 0) &+ finder.bias(of: load.type)
    return (Int(number), symbol.record.value &+ UInt64(bitPattern: addend))
  }

  /// The text in a section.
  private static func text(
    in section: Int, at place: UInt64, _ resolver: inout PointerResolver
  ) throws(ELFError) -> ByteSlice? {
    guard !resolver.image.sections[section].header.flags.contains(.executable) else { return nil }
    let text = try resolver.string(in: section, at: place, limit: 256)
    // What is no text is some other thing's address: the register was set up for another purpose.
    guard let text, !text.isEmpty, text.allSatisfy({ $0 < 0x7f && $0 >= 0x20 || $0 == 0x0a }) else {
      return nil
    }
    return text
  }
}

/// Where the variables of sections end, looked up once for each section.
private struct Variables {
  private var sections: [Int: [Range<UInt64>]] = [:]

  /// The end of the variable in `section` that `place` belongs to; `nil` when no symbol has it.
  mutating func end(of place: UInt64, in section: Int, _ symbols: SymbolTable) -> UInt64? {
    let variables = sections[section] ?? Self.variables(in: section, symbols)
    sections[section] = variables
    let next = Halving.firstIndex(variables.count) { variables[$0].lowerBound > place }
    guard next > 0, variables[next - 1].contains(place) else { return nil }
    return variables[next - 1].upperBound
  }

  private static func variables(in section: Int, _ symbols: SymbolTable) -> [Range<UInt64>] {
    var found: [Range<UInt64>] = []
    for (position, record) in symbols.records.enumerated() where record.type == .object {
      let (end, overflow) = record.value.addingReportingOverflow(record.size)
      guard !overflow, symbols.section(of: record, at: position) == UInt32(section) else {
        continue
      }
      found.append(record.value..<end)
    }
    return found.sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
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
