// The options of `koinspect readelf`: GNU readelf's, as data.

/// What was asked for.
struct ReadelfOptions: Sendable {
  enum Name: Sendable {
    case all, fileHeader, segments, sections, groups, details, headers, symbols, dynamicSymbols
    case ltoSymbols, symbolBase, demangle, noDemangle, recurseLimit, noRecurseLimit, unicode
    case notes, relocations, unwind, dynamic, versions, architecture, archiveIndex, useDynamic
    case lint, hexDump, stringDump, relocatedDump, decompress, dwarf, processLinks, dwarfArgument
    case ctf, histogram, wide, silentTruncation, json, help, version
  }

  /// A section whose content is to be dumped, by number or name.
  struct Dump: Sendable {
    enum Kind: Sendable {
      case hex
      case strings
      case relocated
    }
    let kind: Kind
    let section: [UInt8]
  }

  /// The tables that were asked for, perhaps more than once. A set would cost the start of the program
  /// more than looking through this does.
  var tables: [Name] = []
  var dumps: [Dump] = []
  var isJSON = false
  var isWide = false
  var cutsSilently = false
  var decompresses = false
  var usesDynamic = false
  /// Whether the symbols for dynamic linking were asked for by name, not with all symbols.
  var namesDynamicSymbols = false
  var checks = false
  /// Whether names of Rust are shown as they stand in the source. Modules have no other mangled ones.
  var demangles = false
  var symbolBase = SymbolBase.mixed
  var unicode = UnicodeDisplay.locale
  /// Whether text is made harmless that readelf prints as it is: on a terminal.
  var escapes = false

  func has(_ table: Name) -> Bool { tables.contains(table) }
}

/// How symbol sizes are written (`--sym-base`).
enum SymbolBase: Sendable {
  case mixed
  case octal
  case decimal
  case hexadecimal
}

/// How characters beyond ASCII are shown in names (`--unicode`).
enum UnicodeDisplay: Sendable {
  case locale
  case escape
  case hex
  case highlight
  case invalid
}

extension ReadelfOptions {
  static let table: [Option<Name>] = [
    Option(.all, "a", "all", help: "the same as -h -l -S -s -r -d -V -A -I"),
    Option(.fileHeader, "h", "file-header", help: "the ELF header"),
    Option(.segments, "l", "program-headers", "segments", help: "the program headers"),
    Option(.sections, "S", "section-headers", "sections", help: "the sections"),
    Option(.groups, "g", "section-groups", help: "the section groups"),
    Option(.details, "t", "section-details", help: "the sections, with flags in words"),
    Option(.headers, "e", "headers", help: "the same as -h -l -S"),
    Option(.symbols, "s", "syms", "symbols", help: "the symbol table"),
    Option(.dynamicSymbols, nil, "dyn-syms", help: "the symbol table for dynamic linking"),
    Option(.ltoSymbols, nil, "lto-syms", help: "symbol tables for link-time optimization"),
    Option(
      .symbolBase, nil, "sym-base", argument: .optional("0|8|10|16"),
      values: ["0", "8", "10", "16"],
      help: "the base of symbol sizes; 0 mixes decimal and hexadecimal"),
    Option(
      .demangle, "C", "demangle", argument: .optional("STYLE"),
      help: "names of Rust as they stand in the source"),
    Option(.noDemangle, nil, "no-demangle", help: "names as they are (the default)"),
    Option(.recurseLimit, nil, "recurse-limit", help: "accepted for compatibility"),
    Option(
      .noRecurseLimit, nil, "no-recurse-limit", "no-recursion-limit",
      help: "accepted for compatibility"),
    Option(
      .unicode, "U", "unicode", argument: .required("STYLE"),
      values: ["default", "locale", "escape", "hex", "highlight", "invalid"],
      help: "beyond ASCII: default, locale, escape, hex, highlight, invalid"),
    Option(.notes, "n", "notes", help: "the notes"),
    Option(.relocations, "r", "relocs", help: "the relocations"),
    Option(.unwind, "u", "unwind", help: "the unwind information"),
    Option(.dynamic, "d", "dynamic", help: "the dynamic section"),
    Option(.versions, "V", "version-info", help: "the symbol versions"),
    Option(.architecture, "A", "arch-specific", help: "what is specific to the machine"),
    Option(.archiveIndex, "c", "archive-index", help: "the index of an archive"),
    Option(.useDynamic, "D", "use-dynamic", help: "symbols by way of the dynamic section"),
    Option(.lint, "L", "lint", "enable-checks", help: "warn about more"),
    Option(
      .hexDump, "x", "hex-dump", argument: .required("NUMBER|NAME"),
      help: "a section as bytes"),
    Option(
      .stringDump, "p", "string-dump", argument: .required("NUMBER|NAME"),
      help: "a section as strings"),
    Option(
      .relocatedDump, "R", "relocated-dump", argument: .required("NUMBER|NAME"),
      help: "a section as bytes, relocated"),
    Option(.decompress, "z", "decompress", help: "decompress sections before dumping them"),
    Option(
      .dwarf, "w", "debug-dump", argument: .optional("WHAT"),
      help: "not offered: use readelf or llvm-dwarfdump"),
    Option(.processLinks, "P", "process-links", help: "accepted for compatibility"),
    Option(
      .dwarfArgument, nil, "dwarf-depth", "dwarf-start", "dwarf-check",
      argument: .optional("N"), help: "accepted for compatibility"),
    Option(
      .ctf, nil, "ctf", "ctf-parent", "ctf-symbols", "ctf-strings", "sframe",
      argument: .optional("WHAT"), help: "not offered"),
    Option(.histogram, "I", "histogram", help: "hash table statistics"),
    Option(.wide, "W", "wide", help: "lines longer than 80 columns; nothing is cut"),
    Option(.silentTruncation, "T", "silent-truncation", help: "cut names without [...]"),
    Option(.json, nil, "json", help: "the tables of -h -S -s -r -n -g -l as JSON, a line a file"),
    Option(.help, "H", "help", help: "this text"),
    Option(.version, "v", "version", help: "the version"),
  ]
}

extension ReadelfOptions {
  /// The options that were typed, in their order. A value that an option does not take changes
  /// nothing; `complain` hears of it.
  init(_ parsed: ParsedArguments<Name>, escapes: Bool, _ complain: (String) -> Void) {
    self.escapes = escapes
    for (name, value) in parsed.options {
      let value = value ?? []
      switch name {
      case .all: tables += Self.allTables
      case .headers: tables += [.fileHeader, .segments, .sections]
      case .details: tables += [.sections, .details]
      case .symbols: tables += [.symbols, .dynamicSymbols]
      case .dynamicSymbols:
        tables.append(name)
        namesDynamicSymbols = true
      case .hexDump: dumps.append(Dump(kind: .hex, section: value))
      case .stringDump: dumps.append(Dump(kind: .strings, section: value))
      case .relocatedDump: dumps.append(Dump(kind: .relocated, section: value))
      case .wide: isWide = true
      case .json: isJSON = true
      case .silentTruncation: cutsSilently = true
      case .decompress: decompresses = true
      case .useDynamic: usesDynamic = true
      case .lint: checks = true
      case .symbolBase: symbolBase = Self.symbolBase(value)
      case .unicode:
        if let display = Self.unicode(value) {
          unicode = display
        } else {
          let word = String(decoding: value, as: UTF8.self)
          complain("invalid argument to -U/--unicode: \(word)")
        }
      case .demangle: demangles = true
      case .noDemangle: demangles = false
      case .recurseLimit, .noRecurseLimit, .processLinks, .dwarfArgument,
        .help, .version:
        break
      default: tables.append(name)
      }
    }
    // Checks alone look at everything.
    if checks, tables.isEmpty, dumps.isEmpty { tables = Self.allTables }
  }

  private static let allTables: [Name] = [
    .fileHeader, .segments, .sections, .groups, .symbols, .relocations, .unwind, .dynamic,
    .versions, .architecture, .histogram, .notes, .dynamicSymbols,
  ]

  private static func symbolBase(_ value: [UInt8]) -> SymbolBase {
    switch String(decoding: value, as: UTF8.self) {
    case "8": return .octal
    case "10": return .decimal
    case "16": return .hexadecimal
    default: return .mixed
    }
  }

  private static func unicode(_ value: [UInt8]) -> UnicodeDisplay? {
    switch String(decoding: value, as: UTF8.self) {
    case "default", "d", "locale", "l": return .locale
    case "escape", "e": return .escape
    case "hex", "x": return .hex
    case "highlight", "h": return .highlight
    case "invalid", "i": return .invalid
    default: return nil
    }
  }
}
