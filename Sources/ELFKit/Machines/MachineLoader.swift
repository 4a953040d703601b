// What a machine's part of the module loader takes and says (arch/*/kernel/module*.c).

/// What the module loader of one machine takes and says.
public struct MachineLoader: Sendable {
  // The header.

  /// Other numbers in `e_machine` that its kernels take for their own (`elf_check_arch`).
  var alsoTakes: [Machine] = []
  /// Whether its kernels take a header that is of their machine (`elf_check_arch`); `nil` when they look
  /// at nothing else.
  var takesHeader: (@Sendable (FileHeader) -> Bool)?
  /// Whether kernels of a byte order take `e_flags` (`module_elf_check_arch`); `nil` when they do not
  /// look.
  var takesFlags: (@Sendable (UInt32, ByteOrder) -> Bool)?

  // Relocations.

  /// Whether entries carry their addends.
  var entries = RelocationEntries.withAddends
  /// The types that it takes. The assembler can make more; those fail when the module is loaded.
  var relocations: [TakenRelocations]
  /// Types that mark a place, change nothing and may stand at a section's end.
  var markers: [UInt32] = [0]
  /// Whether it looks whether symbols and places of relocations are there, and refuses what is not
  /// (ENOEXEC): others read and write where they must not.
  var checksPlaces = false
  /// Whether the bytes that a relocation changes must be zero before.
  var wantsZeroes = false
  /// Whether kernel and modules lie in the upper 2 GiB, so that it is known which values fit.
  var isUpper = false
  /// What is known of addresses, where it looks whether values fit; `nil` where it does not.
  var ranges: AddressRanges?
  /// Whether it puts the relocations of code in the order of their types and symbols before it applies
  /// them, where it makes tables of far jumps.
  var sortsCode: KernelOption?
  /// What it says of values that do not fit: the first row that fits.
  var overflows: [OverflowWords] = []
  /// The error of a value that does not fit.
  var overflowError = Errno.notExecutable
  /// The address that stands in words for one that is not known.
  var shownAddress: UInt64 = 0
  /// Since when it reads the header of the section that each relocation section changes without a look
  /// whether there is one; `nil` when it never does.
  var looksUpTargets: KernelChange?
  /// Types by which code calls functions; none when they are not known.
  var calls: [UInt32] = []
  /// What it says of types that it does not take: the first row that fits.
  var refusals: [RelocationRefusal] = []
  /// The error of a type that it does not take.
  var refusalError = Errno.notExecutable

  // Sections and symbols.

  /// Sections that it wants to find.
  var sections: [NeededSection] = []
  /// Sections that it gives flags of its own, whatever the file says (`module_frob_arch_sections`).
  var reflagged: [String] = []
  /// Sections that it wants to find once code and tables are in place; it says nothing.
  var lateSections: [NeededSection] = []
  /// Symbols that nobody needs to offer: it provides them.
  var ownSymbols: [String] = []
  /// Symbols that nothing exports and that it does without.
  var ignoredSymbols: [String] = []
  /// Tables of one length that belong together.
  var pairedTables: [PairedTables] = []
  /// Tables of places where the compiler has put a call or a jump.
  var callTables: [CallTable] = []
  /// Tables of places that the kernel patches.
  var patchTables: [PatchTable] = []
  /// Whether types of functions have names (`__cfi_…`) where a compiler has written them.
  var namesTypes = false
  /// What some instructions look like; `nil` when that is not known.
  var patterns: CodePatterns?
  /// The same of machines whose instructions are words.
  var words: WordPatterns?
  /// Where indirect calls may arrive; `nil` where they may arrive anywhere.
  var landingPads: LandingPads?
}

/// What kind of relocation sections a loader takes (gABI `SHT_RELA`, `SHT_REL`).
enum RelocationEntries: Sendable {
  /// `SHT_RELA` only.
  case withAddends
  /// `SHT_REL` only.
  case withoutAddends
  /// Both.
  case both
}

/// Relocation types that a loader takes.
struct TakenRelocations: Sendable {
  let types: ClosedRange<UInt32>
  /// How many bytes it changes from the relocation's offset on; no more than it surely does.
  let bytes: UInt64
  /// The change that brought them; `nil` when they were always taken.
  let since: KernelChange?
  /// Which values fit, where the loader looks or cannot know.
  let value: RelocationValue?
  /// The word of the version magic of kernels that take them; `nil` for all.
  let word: String?

  init(
    _ types: ClosedRange<UInt32>, bytes: UInt64, since: KernelChange? = nil,
    _ value: RelocationValue? = nil, word: String? = nil
  ) {
    self.word = word
    self.types = types
    self.bytes = bytes
    self.since = since
    self.value = value
  }

  init(
    _ type: UInt32, bytes: UInt64, since: KernelChange? = nil, _ value: RelocationValue? = nil
  ) {
    self.init(type...type, bytes: bytes, since: since, value)
  }
}

/// Which values a field has room for.
enum RelocationValue: Equatable, Sendable {
  /// What the loader takes; it looks.
  case range(ValueRange)
  /// Numbers without a sign; the loader looks.
  case unsigned
  /// Numbers with a sign; the loader looks.
  case signed
  /// Distances from the place; the loader does not look.
  case distance
  /// Code of one's own kind; the loader looks.
  case code(CodeKind)
}

/// What jumps may lead to, where the loader looks.
struct CodeKind: Equatable, Sendable {
  /// What values are multiples of; where functions have odd addresses, of functions twice as much and one.
  let alignment: UInt64
  /// Whether functions have odd addresses.
  var hasOddFunctions = false
  /// Whether the loader refuses what is too far away, and has no table of far jumps.
  var isShort = false
  /// The line about another value, as ``OverflowWords`` has it.
  let line: String
  /// What to do about it.
  let advice: String

  /// Whether a symbol is none of this kind: what is no function is taken for one's own where functions are
  /// odd.
  func isOther(_ value: UInt64, isFunction: Bool) -> Bool {
    hasOddFunctions ? isFunction && value & 1 == 0 : value % alignment != 0
  }
}

/// What a loader says of a relocation type that it does not take.
struct RelocationRefusal: Sendable {
  /// The types; `nil` for all.
  let types: ClosedRange<UInt32>?
  /// The change that brought these words; `nil` when they were always said.
  let since: KernelChange?
  /// The words, between them the module's name and the type; `nil` for none at all.
  private let words: LoaderWords?
  /// Whether the type stands in the words.
  private let saysType: Bool

  init(
    _ words: LoaderWords?, of types: ClosedRange<UInt32>? = nil, since: KernelChange? = nil,
    saysType: Bool = true
  ) {
    self.words = words
    self.types = types
    self.since = since
    self.saysType = saysType
  }

  /// What stands between the module's name and the type; `nil` when the type is not said.
  var mark: String? {
    guard saysType, let words else { return nil }
    let colon = ": "
    return words.behind.utf8.starts(with: colon.utf8)
      ? String(decoding: words.behind.utf8.dropFirst(colon.utf8.count), as: UTF8.self)
      : words.behind
  }

  /// The line about a relocation of `type` in the module `name`; `nil` when nothing is said.
  func line(_ name: ByteSlice, _ type: UInt32) -> ByteText? {
    words.map { saysType ? $0.line(name, type) : $0.line(name, "") }
  }
}

/// A line of the kernel's with a module's name and one more word in it.
struct LoaderWords: Sendable {
  /// What is said before the module's name.
  let before: String
  /// What is said behind the name.
  let behind: String
  /// What is said at the end.
  let end: String

  /// Whether the module is named.
  private let saysName: Bool

  init(_ before: String, _ behind: String = "", _ end: String = "", saysName: Bool = true) {
    self.before = before
    self.behind = behind
    self.end = end
    self.saysName = saysName
  }

  /// The line about the module `name`.
  func line(_ name: ByteSlice, _ word: some CustomStringConvertible) -> ByteText {
    saysName ? "\(before)\(name)\(behind)\(word.description)\(end)" : "\(before)"
  }
}

/// A section that a loader wants to find.
struct NeededSection: Sendable {
  let name: String
  /// The section without which it does not look, or `nil`.
  let besides: String?
  /// The change that made it look; `nil` when it always has.
  let since: KernelChange?
  /// The change that made it look no more, or `nil`.
  let until: KernelChange?
  /// The option without which it does not look; `nil` when none decides.
  let option: KernelOption?
  /// Whether kernels have the option as a rule: a module without the section is odd.
  let isUsual: Bool
  /// What it says when the section is missing, between the words the module's name and ``word``.
  let words: LoaderWords?
  /// What it calls the section.
  let word: String

  init(
    _ name: String, besides: String? = nil, since: KernelChange? = nil,
    until: KernelChange? = nil, with option: KernelOption? = nil, isUsual: Bool = false,
    _ words: LoaderWords? = nil, _ word: String = ""
  ) {
    self.name = name
    self.besides = besides
    self.since = since
    self.until = until
    self.option = option
    self.isUsual = isUsual
    self.words = words
    self.word = word
  }
}

/// Two tables that must have as many entries as each other.
struct PairedTables: Sendable {
  let first: (section: String, bytes: UInt64)
  let second: (section: String, bytes: UInt64)
}

/// A table whose entries are places in code that refer to certain symbols.
struct CallTable: Sendable {
  let section: String
  /// The symbols.
  let symbols: [String]
  /// How many bytes behind the place the relocation against the symbol stands: behind the operation code
  /// of x86, 0 where the instruction is one word.
  let distance: UInt64
  /// Whether entries are addresses, of which zero is passed over (kernel/trace/ftrace.c,
  /// `ftrace_process_locs`).
  var areAddresses = false
  /// What an entry is not, when the code at its place is something else.
  let complaint: String
}
