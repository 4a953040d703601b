// From `__param` to parameters: every pointer is followed through its relocation.

extension KernelModule {
  /// The module's parameters in the order of `__param`; empty when there are none. As for the
  /// kernel, a section that is not allocated (`SHF_ALLOC`) is none.
  ///
  /// Reads `__param`, the symbols and the sections that the pointers lead to. A parameter whose
  /// pointers lead nowhere keeps what is known of it; nothing is guessed.
  public func parameters() throws(ELFError) -> [ModuleParameter] {
    guard let section = image.sections.firstAllocated(named: "__param") else { return [] }
    let bytes = try image.bytes(of: section)
    guard !bytes.isEmpty else { return [] }
    var resolver = try PointerResolver(image)
    guard let layout = try parameterLayout(of: section, &resolver) else {
      throw ELFError(
        .malformed("the layout of struct kernel_param is not known for this kernel"),
        .section(section.index), at: section.header.offset)
    }
    let texts = ParameterTexts(try info())
    var reader = ParameterReader(resolver, layout)
    var parameters: [ModuleParameter] = []
    for position in 0..<bytes.count / layout.size {
      let record = layout.record(bytes, at: position, image.encoding)
      parameters.append(try reader.parameter(record, position, in: section.index, texts))
    }
    return parameters
  }

  /// The layout of the records of `__param`: by the file, else by the kernel that it was built for.
  func parameterLayout(
    of section: Section, _ resolver: inout PointerResolver, _ kernel: Kernel? = nil
  ) throws(ELFError) -> ParameterLayout? {
    if let evident = try ParameterLayout.evident(in: section, &resolver) { return evident }
    let own = kernel == nil ? try info().release : nil
    guard let kernel = kernel ?? own.flatMap({ Kernel(release: $0) }) else { return nil }
    return ParameterLayout.of(kernel, image.encoding)
  }
}

/// What `.modinfo` says about parameters, by name: of repeats the last counts, as in modinfo.
struct ParameterTexts {
  private(set) var descriptions: [ByteSlice: ByteSlice] = [:]
  private(set) var types: [ByteSlice: ByteSlice] = [:]

  init(_ info: ModuleInfo) {
    for text in info.all("parm") {
      if let (name, rest) = Self.split(text) { descriptions[name] = rest }
    }
    for text in info.all("parmtype") {
      if let (name, rest) = Self.split(text) { types[name] = rest }
    }
  }

  /// Splits `name:rest` at the first colon.
  private static func split(_ text: ByteSlice) -> (ByteSlice, ByteSlice)? {
    guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    return (text[within: 0..<colon], text.suffix(from: colon + 1))
  }
}

/// Reads parameters, remembering what it has looked up.
struct ParameterReader {
  private var resolver: PointerResolver
  /// How many elements of arrays may still be read. Pointers may all lead to the same bytes, or to a
  /// huge `.bss`: what is read in all is bounded by the file, and a value takes 16 times the memory
  /// that an element may take in it.
  private var elements: Allowance

  private let layout: ParameterLayout
  /// The size of a pointer.
  private let pointer: UInt64

  init(_ resolver: PointerResolver, _ layout: ParameterLayout) {
    self.resolver = resolver
    self.layout = layout
    pointer = UInt64(resolver.image.encoding.addressSize)
    elements = Allowance(for: Swift.max(resolver.image.source.size / 16, 1024))
  }

  mutating func parameter(
    _ record: ParameterRecord, _ position: Int, in section: Int, _ texts: ParameterTexts
  ) throws(ELFError) -> ModuleParameter {
    let base = UInt64(position * layout.size)
    let name = try resolver.pointedString(in: section, at: base) ?? .empty(at: base)
    let operations = try resolver.target(in: section, at: base + layout.operationsOffset)
    let argument = try resolver.target(in: section, at: base + layout.argumentOffset)

    let type = layout.hasFunctions ? Self.type(getter: operations) : Self.type(operations)
    let functions = type == .custom && !layout.hasFunctions ? try functions(operations) : nil
    // What the kernel's own function shows lies where that function looks for it, whoever sets it.
    let shownAs = functions.map { Self.type(getter: $0.get) } ?? type
    let value = try value(shownAs, argument)
    return ModuleParameter(
      name: name, type: type, declaredType: try charged(texts.types[name]),
      description: try charged(texts.descriptions[name]), permissions: record.permissions,
      level: record.level, flags: record.flags,
      variable: try resolver.name(of: value.variable),
      isVariableElsewhere: value.variable?.symbol.isUndefined ?? false,
      operations: try resolver.name(of: operations),
      accessors: try functions.map { (functions) throws(ELFError) in try accessors(functions) },
      array: value.shape, valueType: shownAs.standard, defaultValue: value.value)
  }

  /// Many parameters may have one name, and its text.
  private mutating func charged(_ text: ByteSlice?) throws(ELFError) -> ByteSlice? {
    guard let text else { return nil }
    return try resolver.charged(text)
  }

  private static func type(_ operations: PointerTarget?) -> ParameterType {
    guard let operations, operations.section == nil else { return .custom }
    let symbol = operations.symbol.name
    if symbol.equals("param_array_ops") { return .array }
    if symbol.equals("param_ops_string") { return .string }
    return StandardParameterType.named(operations: symbol).map(ParameterType.standard) ?? .custom
  }

  /// The type by the function that reads the value, as before there were operations.
  private static func type(getter: PointerTarget?) -> ParameterType {
    guard let getter, getter.section == nil else { return .custom }
    let symbol = getter.symbol.name
    if symbol.equals("param_array_get") { return .array }
    if symbol.equals("param_get_string") { return .string }
    return StandardParameterType.named(getter: symbol).map(ParameterType.standard) ?? .custom
  }

  private struct Reading {
    var variable: PointerTarget?
    var shape: ModuleParameter.ArrayShape?
    var value: ParameterValue?
  }

  private mutating func value(
    _ type: ParameterType, _ argument: PointerTarget?
  ) throws(ELFError) -> Reading {
    switch type {
    case .standard(let standard):
      guard let argument, let section = argument.section else {
        return Reading(variable: argument)
      }
      return Reading(
        variable: argument, value: try scalar(standard, in: section, at: argument.offset))
    case .array: return try array(argument)
    case .string: return try string(argument)
    case .custom: return Reading(variable: argument)
    }
  }

  private mutating func scalar(
    _ type: StandardParameterType, in section: Int, at offset: UInt64
  ) throws(ELFError) -> ParameterValue? {
    if type.storage == .string {
      if let text = try resolver.pointedString(in: section, at: offset) {
        return .string(text)
      }
      // No relocation: the pointer is its bytes, and those are zero unless somebody poked them.
      let raw = try resolver.number(in: section, at: offset, byteCount: Int(pointer))
      let isRelocated = try resolver.target(in: section, at: offset) != nil
      return raw == 0 && !isRelocated ? .nullString : nil
    }
    let size = type.byteCount(resolver.image.encoding)
    guard
      let raw = try resolver.number(in: section, at: offset, byteCount: size),
      try resolver.target(in: section, at: offset) == nil
    else { return nil }
    switch type.storage {
    case .unsigned, .unsignedLong: return .unsigned(raw)
    case .signed, .signedLong:
      let shift = UInt64(64 - 8 * size)
      return .signed(Int64(bitPattern: raw << shift) >> Int64(shift))
    case .bool: return .bool(raw != 0)
    case .invertedBool: return .bool(raw == 0)
    case .string: return nil
    }
  }

  /// `struct kparam_array`: max u32 @0, elemsize u32 @4, then at 8 the pointers num, ops, elem. Before
  /// there were operations: max u32 @0, padded to a pointer, then the pointers num, set, get, elemsize
  /// u32, padded again, and elem.
  private mutating func array(_ argument: PointerTarget?) throws(ELFError) -> Reading {
    let isOld = layout.hasFunctions
    guard let argument, let place = argument.section,
      let maximum = try resolver.number(in: place, at: argument.offset, byteCount: 4),
      let size = try resolver.number(
        in: place, at: argument.offset &+ (isOld ? 4 * pointer : 4), byteCount: 4)
    else { return Reading() }
    let operations = try resolver.target(
      in: place, at: argument.offset &+ (isOld ? 3 * pointer : 8 + pointer))
    let elements = try resolver.target(
      in: place, at: argument.offset &+ (isOld ? 5 * pointer : 8 + 2 * pointer))
    var elementType: StandardParameterType?
    let type = isOld ? Self.type(getter: operations) : Self.type(operations)
    if case .standard(let standard) = type { elementType = standard }
    let shape = ModuleParameter.ArrayShape(
      maximum: UInt32(truncatingIfNeeded: maximum),
      elementSize: UInt32(truncatingIfNeeded: size), elementType: elementType)

    // With a `num` pointer the variable it points to counts the elements, else all are in use.
    var count = maximum
    let counted = argument.offset &+ (isOld ? pointer : 8)
    if let counter = try resolver.target(in: place, at: counted) {
      guard let section = counter.section,
        let stored = try resolver.number(in: section, at: counter.offset, byteCount: 4)
      else { return Reading(variable: elements, shape: shape) }
      count = Swift.min(stored, maximum)
    }
    guard let elementType, let elements, let section = elements.section, size > 0,
      self.elements.take(count)
    else {
      return Reading(variable: elements, shape: shape)
    }
    var values: [ParameterValue] = []
    for index in 0..<count {
      let (step, overflow) = index.multipliedReportingOverflow(by: size)
      guard !overflow,
        let value = try scalar(elementType, in: section, at: elements.offset &+ step)
      else { return Reading(variable: elements, shape: shape) }
      values.append(value)
    }
    return Reading(variable: elements, shape: shape, value: .array(values))
  }

  /// `struct kparam_string`: maxlen u32 @0, padded to a pointer, then the pointer string.
  private mutating func string(_ argument: PointerTarget?) throws(ELFError) -> Reading {
    guard let argument, let place = argument.section,
      let maximum = try resolver.number(in: place, at: argument.offset, byteCount: 4)
    else { return Reading() }
    let buffer = try resolver.target(in: place, at: argument.offset &+ pointer)
    let shape = ModuleParameter.ArrayShape(
      maximum: UInt32(truncatingIfNeeded: maximum), elementSize: 1, elementType: nil)
    guard let buffer, let section = buffer.section else {
      return Reading(variable: buffer, shape: shape)
    }
    guard let text = try resolver.string(in: section, at: buffer.offset, limit: maximum) else {
      return Reading(variable: buffer, shape: shape)
    }
    return Reading(variable: buffer, shape: shape, value: .string(text))
  }

  /// The functions of custom operations, and whether a name may stand without a value.
  private struct Functions {
    var set: PointerTarget?
    var get: PointerTarget?
    var takesNoArgument = false
  }

  /// `struct kernel_param_ops`: flags u32 @0, padded to a pointer, then the pointers set, get, free.
  private mutating func functions(_ operations: PointerTarget?) throws(ELFError) -> Functions? {
    guard let operations, let section = operations.section else { return nil }
    // Before there were flags, the functions stood first.
    let isFirst = try resolver.target(in: section, at: operations.offset) != nil
    var functions = Functions()
    functions.set = try resolver.target(
      in: section, at: operations.offset &+ (isFirst ? 0 : pointer))
    functions.get = try resolver.target(
      in: section, at: operations.offset &+ (isFirst ? pointer : 2 * pointer))
    if !isFirst {
      // `flags` is the first field; its lowest bit says so.
      let flags = try resolver.number(in: section, at: operations.offset, byteCount: 4) ?? 0
      functions.takesNoArgument = flags & 1 != 0
    }
    return functions
  }

  /// The functions by name.
  private mutating func accessors(
    _ functions: Functions
  ) throws(ELFError) -> ModuleParameter.Accessors {
    ModuleParameter.Accessors(
      set: try resolver.name(of: functions.set), get: try resolver.name(of: functions.get),
      takesNoArgument: functions.takesNoArgument)
  }
}
