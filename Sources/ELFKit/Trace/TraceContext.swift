// Lines that belong together: those of one CPU or task, between which others may stand.

/// What the lines before have told.
public struct TraceContext: Sendable {
  /// The instruction that was running when the last trace of each caller was printed; none when that
  /// was not the kernel's or is not known.
  private var running: [ByteSlice: TraceMention] = [:]

  /// Nothing yet.
  public init() {}

  /// The instruction that `line`'s `Code:` shows; `nil` when it has none or belongs to a program.
  /// To be asked of every line in order.
  public mutating func instruction(shownBy line: TraceLine) -> TraceMention? {
    let caller = line.caller ?? .empty(at: 0)
    if let pc = line.mentions.first(where: { $0.kind == .pc }) {
      running[caller] = pc
    } else if line.hasForeignPC {
      running[caller] = nil
    }
    return line.code != nil || line.unreadableCode != nil ? running[caller] : nil
  }
}
