// What a machine's ABI says about object files: names of numbers, and what simple relocations do.

/// What a machine's ABI says about object files. What is not said is as everywhere.
public struct MachineFormat: Sendable {
  /// What is everywhere: for machines that are not described.
  public static let common = MachineFormat()

  // Relocations.

  /// What the lower half of `r_info` holds.
  public var packing = RelocationPacking.one
  /// The names of relocation types.
  var relocations = NumberedNames("", "")
  /// What simple relocation types do to data: the set that GNU readelf 2.40 applies.
  var effects: [(type: UInt32, effect: RelocationEffect)] = []
  /// Whether what is in place counts although relocations have addends.
  var ignoresAddends = false
  /// What other types do to distances within code that linkers may move: debug information of such code has
  /// them, GNU readelf 2.40 does not apply them.
  var distances: [DistanceRelocation] = []
  /// Where code has addends of relocations without any of their own; those of data are whole numbers.
  var addends: @Sendable () -> [AddendRow] = { [] }
  /// The type whose addend is a number with a name, and these names.
  public var namedAddends: (type: UInt32, names: [String])?
  /// The type whose data (see ``RelocationPacking/data``) is a second addend.
  public var dataAddendType: UInt32?

  // The header.

  /// The words for `e_flags`, in the order in which GNU readelf prints them.
  var flags: [MachineFlag] = []
  /// The names of `EI_OSABI` values from 64 on.
  var systems: NameTable = [:]

  // Segments and dynamic linking.

  /// The names of segment types.
  var segmentTypes: NameTable = [:]
  /// The same, for one system.
  var systemSegmentTypes: (system: UInt8, names: NameTable)?
  /// The tags of dynamic entries.
  var dynamicTags: @Sendable () -> [DynamicTagRow] = { [] }
  /// The tags that GNU readelf calls those of an operating system when they have no name.
  public var systemTags: ClosedRange<UInt64> = 0x6000_000d...0x6fff_f000
  /// Where the dynamic table tells of the global offset table; `nil` where it does not.
  public var offsetTable: OffsetTableTags?
  /// Whether hash tables of 64-bit files have words of 64 bits.
  public var hasLongHashes = false
  /// The entry of the dynamic table that has GNU's hash table with the numbers of symbols behind it, and its section.
  public var translatedHashes: (tag: DynamicTag, section: String)?
  /// The entry of the dynamic table that tells of options, and the type of their section.
  public var options: (tag: DynamicTag, section: SectionType)?

  // Sections.

  /// The names of section types.
  var sectionTypes: NameTable = [:]
  /// Section types that have a name elsewhere and none here.
  var unnamedSectionTypes: [UInt32] = []
  /// The flags of sections.
  public var sectionFlags: [MachineSectionFlag] = []

  // Symbols.

  /// The names of symbol types.
  var symbolTypes: NameTable = [:]
  /// The names of special section indices (`st_shndx`).
  var sectionIndices: NameTable = [:]
  /// The same, for one system.
  var systemSectionIndices: (system: UInt8, names: NameTable)?
  /// What the upper six bits of `st_other` mean when they are not zero; `nil` for bits that mean
  /// nothing.
  var other: @Sendable (UInt8, OSABI) -> String? = { _, _ in nil }

  // Notes and attributes.

  /// The number of NetBSD's request for the registers of a process (`PT_GETREGS`), counted from those of machines.
  var netBSDRegisters: UInt32 = 1
  /// The type of the property that tells of protection of the code, and the names of its bits.
  var protections: (type: UInt32, names: [String])?
  /// The properties that GNU readelf knows (`NT_GNU_PROPERTY_TYPE_0`).
  public var properties: @Sendable () -> [MachineProperty] = { [] }
  /// The type of sections with object attributes; `SHT_GNU_ATTRIBUTES` where the ABI has none.
  public var attributeSections = SectionType(rawValue: 0x6fff_fff5)
  /// Whose attributes ``attributes`` are.
  public var attributeVendor = "gnu"
  /// The object attributes by tag.
  public var attributes: @Sendable () -> [MachineAttribute] = { [] }
  /// The same of the vendor "gnu", where ``attributeVendor`` is another one.
  public var gnuAttributes: @Sendable () -> [MachineAttribute] = { [] }
  /// Whether GNU readelf prints the tags of attributes that it does not know.
  public var namesUnknownAttributes = true
  /// The section with flags of the ABI that `e_flags` has no room for, as MIPS has one.
  public var abiFlagsSection: String?
  /// What GNU readelf makes of unwind tables.
  public var unwind = Unwind.unknown

  /// Unwind tables, and the sections with the records that their entries lead to.
  public struct UnwindInfo: Sendable {
    /// The type of the tables.
    public let table: SectionType
    /// How the names of tables begin, and those of the sections with their records; what follows is the same in
    /// both. The last are the names that the ABI has.
    public let names: [(table: String, info: String)]
    /// The relocations that change entries.
    public let relocations: ClosedRange<UInt32>
  }

  /// What GNU readelf makes of a machine's unwind tables, and where they are.
  public enum Unwind: Sendable {
    /// It does not know that there are any.
    case unknown
    /// It knows that there are none.
    case none
    /// It decodes the index of ARM's kind (EHABI) in sections of this type.
    case index(SectionType)
    /// It decodes the records of how functions build their frames in the sections of this name, as PA-RISC has them.
    case records(String)
    /// It decodes tables with entries that lead to such records, as IA-64 has them.
    case info(UnwindInfo)
    /// It decodes what sections of this type have; here nothing does.
    case other(SectionType)
  }
}

/// One word of `e_flags`, or the words of a field.
struct MachineFlag: Sendable {
  private let mask: UInt32
  /// The value of the bits under the mask that ``text`` stands for.
  private let value: UInt32
  private let text: String
  /// The words of a field, by the value of its bits where they are, and what stands for other values.
  private let field: (names: NameTable, other: @Sendable (UInt32) -> String?)?
  /// What else must be so, by all flags and by the file; `nil` for nothing.
  private var condition: (@Sendable (UInt32, Identification) -> Bool)?

  /// A word for bits that are all set.
  init(_ bits: UInt32, _ text: String) { self.init(bits, bits, text) }

  /// A word for a field that has a value, on one `system` when one is given.
  init(_ mask: UInt32, _ value: UInt32, _ text: String, on system: UInt8? = nil) {
    self.mask = mask
    self.value = value
    self.text = text
    field = nil
    if let system { condition = { _, file in file.osABI.rawValue == system } }
  }

  /// A word for bits of which one is set, where a field has a value.
  init(_ mask: UInt32, _ value: UInt32, some: UInt32, _ text: String) {
    self.init(mask, value, text)
    condition = { flags, _ in flags & some != 0 }
  }

  /// The words of a field, and what stands for other values.
  init(_ mask: UInt32, _ names: NameTable, other: @escaping @Sendable (UInt32) -> String?) {
    self.mask = mask
    value = 0
    text = ""
    field = (names, other)
  }

  /// The same, where `condition` is met.
  func when(_ condition: @escaping @Sendable (UInt32, Identification) -> Bool) -> Self {
    var flag = self
    flag.condition = condition
    return flag
  }

  /// The words of a field, and the one for other values than 0 that have none.
  init(_ mask: UInt32, _ names: NameTable, else text: String) {
    self.init(mask, names) { $0 == 0 ? nil : text }
  }

  /// The word for `flags`, or `nil`.
  func text(_ flags: UInt32, _ file: Identification) -> String? {
    guard condition?(flags, file) ?? true else { return nil }
    let bits = flags & mask
    if let field { return field.names[bits] ?? field.other(bits) }
    return bits == value ? text : nil
  }
}

/// A flag of sections that only some machines have (`sh_flags`).
public struct MachineSectionFlag: Sendable {
  /// The bit.
  public let bit: UInt64
  /// The letter that GNU readelf prints in tables, or `nil`.
  public let letter: Character?
  /// What the letter stands for, or `nil`.
  public let meaning: String?
  /// The word that GNU readelf prints for the bit where it has room, or `nil`.
  public let word: String?

  init(_ bit: UInt64, _ letter: Character, _ meaning: String) {
    self.bit = bit
    self.letter = letter
    self.meaning = meaning
    word = nil
  }

  init(_ bit: UInt64, _ word: String) {
    self.bit = bit
    self.word = word
    letter = nil
    meaning = nil
  }
}

/// A property of a machine's programs that is a word of bits (`NT_GNU_PROPERTY_TYPE_0`).
public struct MachineProperty: Sendable {
  /// `pr_type`.
  public let type: UInt32
  /// What it is, as GNU readelf words it.
  public let label: String
  /// The names of the bits, from the lowest on.
  public let bits: [String]
  /// What stands for no bits at all.
  public let none: String

  init(_ type: UInt32, _ label: String, _ bits: [String], none: String = "<None>") {
    self.type = type
    self.label = label
    self.bits = bits
    self.none = none
  }
}

/// An object attribute.
public struct MachineAttribute: Sendable {
  /// Its number.
  public let tag: UInt64
  /// Its name.
  public let name: String
  /// What a value means, as GNU readelf words it, or `nil` for a value that it is silent about; without
  /// this the value is a string.
  public let text: (@Sendable (UInt64) -> String?)?
  /// What follows the number.
  public let tail: Tail

  /// What may follow an attribute's number.
  public enum Tail: Sendable {
    /// Nothing.
    case nothing
    /// A string, ended by a NUL, as it is.
    case text
    /// The value of the attribute that the number is the tag of; ended by a NUL.
    case attribute
  }

  init(
    _ tag: UInt64, _ name: String, tail: Tail = .nothing,
    _ text: (@Sendable (UInt64) -> String?)? = nil
  ) {
    self.tag = tag
    self.name = name
    self.tail = tail
    self.text = text
  }

  /// A number that counts through `names`.
  init(_ tag: UInt64, _ name: String, _ names: [String]) {
    self.init(tag, name) { value in
      value < UInt64(names.count) ? names[Int(value)] : "??? (\(value))"
    }
  }
}
