// What a live patch changes: the tables of objects and functions that it hands to the kernel
// (include/linux/livepatch.h, `struct klp_object`, `struct klp_func`; include/linux/livepatch_external.h; kpatch's
// `struct kpatch_patch_func`). Their sizes differ between kernels; what their first words point to does not.

/// A function that a live patch replaces.
public struct PatchedFunction: Equatable, Sendable {
  /// The function that is replaced.
  public let old: ByteSlice
  /// The function of the module that takes its place.
  public let new: ByteSlice
  /// Which of several functions of that name in its object is meant, counted from 1; 0 when there is one.
  public let position: UInt64
}

/// What a live patch changes of one object.
public struct PatchedObject: Equatable, Sendable {
  /// The module; `nil` for the kernel itself.
  public let name: ByteSlice?
  /// Its functions, in the order of the table.
  public let functions: [PatchedFunction]
}

extension KernelModule {
  /// What a live patch changes; none for a module that is none, or whose tables are made when it runs.
  ///
  /// Reads all relocations of data of a live patch, and nothing of other modules.
  public func patchedObjects(_ info: ModuleInfo) throws(ELFError) -> [PatchedObject] {
    guard info.contains("livepatch") else { return [] }
    var reader = try LivePatchReader(image)
    return try reader.objects()
  }
}

private struct LivePatchReader {
  private let image: ELFImage
  private var resolver: PointerResolver
  private var functions: [Function] = []
  /// The size of a pointer, and of an `unsigned long`.
  private let word: UInt64

  /// A place in the file's sections.
  private struct Place: Hashable, Comparable {
    let section: Int
    let offset: UInt64

    static func < (left: Self, right: Self) -> Bool {
      (left.section, left.offset) < (right.section, right.offset)
    }
  }

  private struct Function {
    let place: Place
    let function: PatchedFunction
  }

  /// An object: its name, and where the table of its functions begins.
  private struct Owner {
    let name: ByteSlice?
    let functions: Place
    let position: Int
  }

  init(_ image: ELFImage) throws(ELFError) {
    self.image = image
    word = UInt64(image.encoding.addressSize)
    resolver = try PointerResolver(image)
  }

  mutating func objects() throws(ELFError) -> [PatchedObject] {
    let data = image.sections.filter {
      $0.isAllocated && !$0.header.flags.contains(.executable) && $0.header.type == .progbits
        && ($0.name.starts(with: ".data") || $0.name.starts(with: ".init.klp")
          || $0.name.starts(with: ".rodata") || $0.name.equals(".kpatch.funcs"))
    }
    for section in data {
      if section.name.equals(".kpatch.funcs") {
        return try kpatchObjects(section)
      }
      try findFunctions(in: section)
    }
    let places = Set(functions.map { $0.place })
    var owners: [Owner] = []
    var known: Set<Place> = []
    for section in data {
      for pointer in try resolver.relocations(of: section.index).all {
        guard let target = try resolver.target(in: section.index, at: pointer.offset),
          let number = target.section
        else { continue }
        let place = Place(section: number, offset: target.offset)
        guard places.contains(place), known.insert(place).inserted else { continue }
        let name =
          pointer.offset < word ? nil : try text(in: section.index, at: pointer.offset - word)
        owners.append(Owner(name: name, functions: place, position: owners.count))
      }
    }
    return divide(among: owners)
  }

  /// Gives each object the functions of its table, which ends where its variable does or the next begins.
  private func divide(among owners: [Owner]) -> [PatchedObject] {
    let ends = ends()
    let sorted = owners.sorted { $0.functions < $1.functions }
    let functions = functions.sorted { $0.place < $1.place }
    var lists = [[PatchedFunction]](repeating: [], count: owners.count)
    var next = 0
    for (index, owner) in sorted.enumerated() {
      let end = ends[owner.functions] ?? .max
      while next < functions.count, functions[next].place < owner.functions { next += 1 }
      while next < functions.count, functions[next].place.section == owner.functions.section,
        functions[next].place.offset < end,
        index + 1 == sorted.count || functions[next].place < sorted[index + 1].functions
      {
        lists[owner.position].append(functions[next].function)
        next += 1
      }
    }
    return owners.map { PatchedObject(name: $0.name, functions: lists[$0.position]) }
  }

  /// Where variables end, by where they begin.
  private func ends() -> [Place: UInt64] {
    var ends: [Place: UInt64] = [:]
    for (position, record) in resolver.symbols.records.enumerated()
    where record.type == .object && record.size > 0 {
      guard let section = resolver.symbols.section(of: record, at: position) else { continue }
      ends[Place(section: Int(section), offset: record.value)] = record.value &+ record.size
    }
    return ends
  }

  /// A name, and behind it the function that takes the place of what is called so.
  private mutating func findFunctions(in section: Section) throws(ELFError) {
    for pointer in try resolver.relocations(of: section.index).all {
      guard pointer.offset <= .max - 3 * word,
        let new = try code(in: section.index, at: pointer.offset + word),
        let old = try text(in: section.index, at: pointer.offset), !old.isEmpty
      else { continue }
      let position = try resolver.number(
        in: section.index, at: pointer.offset + 2 * word, byteCount: Int(word))
      functions.append(
        Function(
          place: Place(section: section.index, offset: pointer.offset),
          function: PatchedFunction(old: old, new: new, position: position ?? 0)))
    }
  }

  /// `kpatch-build` has one table of functions; the objects' names are in it.
  private mutating func kpatchObjects(_ section: Section) throws(ELFError) -> [PatchedObject] {
    var names: [ByteSlice?] = []
    var functions: [ByteSlice?: [PatchedFunction]] = [:]
    let stride = 7 * word
    for pointer in try resolver.relocations(of: section.index).all
    where pointer.offset % stride == 0 && pointer.offset <= .max - stride {
      guard let new = try code(in: section.index, at: pointer.offset),
        let old = try text(in: section.index, at: pointer.offset + 5 * word)
      else { continue }
      let object = try text(in: section.index, at: pointer.offset + 6 * word)
      let name = object?.equals("vmlinux") == true ? nil : object
      let position = try resolver.number(
        in: section.index, at: pointer.offset + 4 * word, byteCount: Int(word))
      if functions[name] == nil { names.append(name) }
      functions[name, default: []].append(
        PatchedFunction(old: old, new: new, position: position ?? 0))
    }
    return names.map { PatchedObject(name: $0, functions: functions[$0] ?? []) }
  }

  /// The text that a pointer leads to; `nil` when it leads to code, to other pointers or nowhere.
  private mutating func text(in section: Int, at offset: UInt64) throws(ELFError) -> ByteSlice? {
    guard let target = try resolver.target(in: section, at: offset), let number = target.section,
      image.sections[number].isAllocated,
      !image.sections[number].header.flags.contains(.executable)
    else { return nil }
    if try resolver.relocations(of: number).first(at: target.offset) != nil { return nil }
    return try resolver.string(in: number, at: target.offset, limit: 512)
  }

  /// The name of the function that a pointer leads to; `nil` when it leads elsewhere.
  private mutating func code(in section: Int, at offset: UInt64) throws(ELFError) -> ByteSlice? {
    guard let target = try resolver.target(in: section, at: offset), let number = target.section,
      image.sections[number].header.flags.contains(.executable)
    else { return nil }
    return try resolver.name(of: target)
  }
}
