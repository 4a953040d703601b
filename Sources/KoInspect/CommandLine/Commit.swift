// The commit that the program was built from. Scripts/release puts its own in place of this file; who builds
// from a checkout knows where it stands.

enum Commit {
  /// Twelve hexadecimal digits, or nothing where that is not known.
  static let id = ""
}
