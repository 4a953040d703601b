// How much of a file may be handed out although its parts overlap.

/// Bytes that parts of a file, or strings of a table, may still claim: four times what is there.
///
/// Nothing in ELF keeps sections and names from overlapping, so a file of a megabyte can describe
/// tables and names of a terabyte. In what tools write, each byte belongs to one section, which may be
/// read as itself and as the strings of another, and to one name or the ends of a few.
package struct Allowance: Sendable {
  private var rest: UInt64

  /// Four times `count` bytes.
  package init(for count: UInt64) {
    rest = count > .max / 4 ? .max : count * 4
  }

  /// Takes `count` bytes; false, and nothing is taken, when there are not so many left.
  package mutating func take(_ count: UInt64) -> Bool {
    guard count <= rest else { return false }
    rest -= count
    return true
  }
}
