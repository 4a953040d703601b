// What a rule found. Legal but odd is a finding; damage that stops a view is an `ELFError`.

/// How much a finding matters. Severities are ordered.
public enum Severity: Int, Comparable, Sendable, CaseIterable {
  /// Hygiene.
  case note
  /// The kernel is tainted or complains, or the kernel's own build would complain.
  case warning
  /// The module would not load, would not build, or is corrupt.
  case error

  /// Orders severities from note to error.
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// `note`, `warning` or `error`.
  public var name: String {
    switch self {
    case .note: "note"
    case .warning: "warning"
    case .error: "error"
    }
  }
}

/// One thing that a rule found in one module.
public struct Finding: Equatable, Sendable {
  /// The rule's id.
  public let rule: String
  /// How much it matters.
  public let severity: Severity
  /// What is wrong and what to do, one line. It quotes untrusted bytes: escape it to print it.
  public let message: ByteText
  /// What it is about (a value, a symbol, a parameter), as untrusted bytes; `nil` when the whole
  /// module is meant.
  public let subject: ByteSlice?
  /// The section it is in, as untrusted bytes, or `nil`.
  public let section: ByteSlice?
  /// The file offset of the subject, or `nil`.
  public let offset: UInt64?
}
