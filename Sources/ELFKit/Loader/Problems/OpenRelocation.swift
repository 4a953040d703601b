// What no kernel looks at about a relocation, and decides: kept once a section, in words.

/// Something about a relocation that is not known and decides.
struct OpenRelocation: Hashable {
  /// The number of the section that is changed.
  let target: Int
  let problem: Problem

  enum Problem: Hashable {
    /// There is a table that cannot be read.
    case unreadable
    /// It uses a symbol that is not there.
    case symbol(UInt32, count: Int)
    /// It changes what lies outside of the section.
    case offset(UInt64)
    /// It is of the type that does nothing, which has this name.
    case undone(String)
    /// Its value may not be what it should be, and why.
    case value(ValueDoubt)

    /// The rule that explains it.
    var rule: String {
      switch self {
      case .unreadable, .symbol, .offset: "relocation-out-of-range"
      case .undone, .value: "relocation-value"
      }
    }

    /// What is wrong, in words.
    /// With `isChecked` the kernel looks, and refuses it.
    func text(of target: Section, isChecked: Bool = false) -> ByteText {
      let section = target.name
      let end: ByteText = isChecked ? "ENOEXEC" : "the kernel"
      switch self {
      case .unreadable: return "the relocations of '\(section)' cannot be read"
      case .symbol(let number, let count):
        return
          "a relocation of '\(section)' uses symbol \(number), there are \(count): \(end)\(isChecked ? "" : " reads where it must not")"
      case .offset(let offset):
        return
          "a relocation changes offset \(offset) of '\(section)', which has \(target.header.size) bytes: \(end)\(isChecked ? "" : " writes where it must not")"
      case .undone(let type):
        return
          "a relocation of '\(section)' is of type \(type): what it stood for is not done"
      case .value(let why): return "a relocation of '\(section)' \(why.rawValue)"
      }
    }
  }
}
