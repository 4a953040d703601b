// Lines that belong together: those of one CPU or task, between which others may stand.

/// What the lines before have told.
public struct TraceContext: Sendable {
  /// The instruction that was running when the last trace of each caller was printed; none when that
  /// was not the kernel's or is not known.
  private var running: [ByteSlice: TraceMention] = [:]
  /// The places of registers that have been printed with names, and not yet as numbers.
  private var registers: [ByteSlice: (pc: TraceMention, lr: TraceMention?)] = [:]
  /// Addresses of places that the last line tells, besides those that stand before their places.
  public private(set) var located: [(address: UInt64, mention: TraceMention)] = []
  /// Whether the last line tells where a program ran, or something of which no symbol is known.
  public private(set) var isForeign = false

  /// Nothing yet.
  public init() {}

  /// How many bytes before the instruction x86 shows (arch/x86/kernel/dumpstack.c, `PROLOGUE_SIZE`).
  private static let prologue: UInt64 = 42

  /// The instruction that `line`'s `Code:` shows; `nil` when it has none or belongs to a program.
  /// To be asked of every line in order.
  public mutating func instruction(shownBy line: TraceLine) -> TraceMention? {
    located = []
    isForeign = line.hasForeignPC
    let caller = line.caller ?? .empty(at: 0)
    if let pc = line.mentions.first(where: { $0.kind == .pc }) {
      running[caller] = pc
      registers[caller] = (pc, nil)
    } else if let lr = line.mentions.first(where: { $0.kind == .lr }) {
      registers[caller]?.lr = lr
    } else if let numbers = line.registers, let known = registers.removeValue(forKey: caller) {
      // ARM and RISC-V print both as numbers, too, behind the names.
      isForeign = false
      located.append((numbers.pc, known.pc))
      if let lr = known.lr { located.append((numbers.lr, lr)) }
    } else if line.hasForeignPC {
      running[caller] = nil
    }
    if let address = line.unreadableCode, let pc = running[caller] {
      located.append((address &+ Self.prologue, pc))
    }
    return line.code != nil || line.unreadableCode != nil ? running[caller] : nil
  }
}
