// Whether the bytes of a `Code:` line are those of the file, but for what the loader and the kernel put
// in their place.

/// What came of comparing the bytes around a place.
public enum CodeComparison: Hashable, Sendable {
  /// So many bytes are equal; the others may differ in memory, or lie elsewhere.
  case equal(Int)
  /// The first that differs though nothing changes it: its offset in the section, what the log has,
  /// what the file has.
  case different(offset: UInt64, log: UInt8, file: UInt8)
  /// The file or the machine does not tell.
  case unknown
}

/// The bytes of one module's code, and what may be different in memory.
struct CodeBytes: Sendable {
  private let image: ELFImage
  private let code: MachineCode
  /// How many bytes a type of relocation changes.
  private let relocations: [TakenRelocations]
  private let sites: PatchedPlaces?

  init(_ image: ELFImage, _ symbols: SymbolTable) throws(ELFError) {
    self.image = image
    relocations = image.header.machine.description?.loader?.relocations ?? []
    code = image.header.machine.description?.code ?? MachineCode()
    // Code that checks its indirect calls is rewritten in ways that no table names (kCFI, FineIBT).
    let isRewritten = image.sections.first(named: ".kcfi_traps") != nil
    sites = isRewritten ? nil : try PatchedPlaces(image, symbols)
  }

  /// Compares `listing`, whose marked instruction is at `offset` of section `number`.
  func compare(
    _ listing: CodeListing, at offset: UInt64, of number: Int, _ resolver: inout PointerResolver
  ) throws(ELFError) -> CodeComparison {
    guard let sites else { return .unknown }
    let bytes = try resolver.bytes(of: number)
    let table = try resolver.relocations(of: number)
    let (shown, marked) = listing.bytes(image.encoding.byteOrder)
    var equal = 0
    for (position, byte) in shown.enumerated() {
      // What lies before or behind the section is not its own.
      let (sum, overflow) = offset.addingReportingOverflow(UInt64(position))
      guard let byte, !overflow, sum >= UInt64(marked), sum - UInt64(marked) < UInt64(bytes.count)
      else { continue }
      let place = sum - UInt64(marked)
      guard !isRelocated(place, table), !sites.covers(number, place), byte != code.probe,
        !isPatchedWord(bytes, place)
      else { continue }
      guard byte == bytes[Int(place)] else {
        return .different(offset: place, log: byte, file: bytes[Int(place)])
      }
      equal += 1
    }
    return .equal(equal)
  }

  /// Whether a relocation changes the byte at `place`, or the instruction that it belongs to.
  private func isRelocated(_ place: UInt64, _ table: SortedRelocations) -> Bool {
    let length = code.instructionBytes
    let first = length > 0 ? place - place % length : place
    // No relocation of code changes more than 8 bytes.
    for offset in (place >= 7 ? place - 7 : 0)...first + Swift.max(length, 1) - 1 {
      guard let relocation = table.first(at: offset) else { continue }
      let bytes = relocations.first { $0.types.contains(relocation.type) }?.bytes ?? 8
      if offset >= first || place - offset < bytes { return true }
    }
    return false
  }

  private func isPatchedWord(_ bytes: ByteSlice, _ place: UInt64) -> Bool {
    guard !code.patchedWords.isEmpty, let word = word(bytes, at: place & ~3) else { return false }
    return code.patchedWords.contains(UInt64(word))
  }

  /// The word at `place`, or `nil` outside.
  private func word(_ bytes: ByteSlice, at place: UInt64) -> UInt32? {
    guard place < UInt64(bytes.count), bytes.count - Int(place) >= 4 else { return nil }
    return RecordTable<UInt32>(bytes.suffix(from: Int(place)), image.encoding)[0]
  }
}
