// What a kernel would do with a module.

/// The answer to a request to load a module.
public struct LoadPrediction: Sendable {
  /// What happens.
  public enum Verdict: String, Sendable {
    /// The module is loaded; what its init then does, nobody can tell from the file.
    case loads
    /// The kernel refuses it.
    case fails
    /// Facts that are not known decide; ``LoadPrediction/openQuestions`` are these.
    case depends
  }

  /// One stage of the load path and what came of it.
  public struct Step: Sendable {
    /// The stage.
    public let stage: LoadStage
    /// What came of it.
    public let outcome: Outcome
    /// What the kernel has printed meanwhile.
    public let messages: [ByteText]
    /// What was found, in few words for a person; `nil` when there is nothing to say.
    public let remark: ByteText?
  }

  /// What comes of a stage.
  public enum Outcome: Sendable {
    /// The module passes.
    case passes
    /// There is nothing about the module that the stage could look at.
    case idle
    /// The load ends with this error; `nil` when the kernel does not survive it.
    case fails(Errno?)
    /// It is not known: see the open questions.
    case open
  }

  /// What happens.
  public var verdict: Verdict {
    if case .fails? = steps.last?.outcome { return .fails }
    return openQuestions.isEmpty ? .loads : .depends
  }

  /// Why it fails; `nil` when it does not, and when the kernel does not survive it.
  public var errno: Errno? {
    if case .fails(let errno)? = steps.last?.outcome { return errno }
    return nil
  }

  /// The stage that fails, or the first one that is not known; `nil` when the module loads.
  public var stage: LoadStage? {
    if case .fails? = steps.last?.outcome { return steps.last?.stage }
    return steps.first { if case .open = $0.outcome { true } else { false } }?.stage
  }

  /// How sure it is: as sure as the least sure of the changes of the kernel that it rests on.
  public internal(set) var certainty = Certainty.measured
  /// The stages that were reached, in order.
  public internal(set) var steps: [Step] = []
  /// The name in messages and in `/sys/module`; empty when it cannot be had.
  public internal(set) var name = ByteSlice.empty(at: 0)
  /// What the module taints itself with.
  public internal(set) var moduleTaints = TaintMask(rawValue: 0)
  /// The kernel afterwards: its taints, and with the module when it loads.
  public internal(set) var state = KernelState()
  /// What was taken for granted because it is not known, and does not change the verdict.
  public internal(set) var assumptions: [ByteText] = []
  /// What is not known and decides: for a person.
  public internal(set) var openQuestions: [ByteText] = []
  /// What to do about a failure: for a person.
  public internal(set) var advice: [ByteText] = []
  /// The names of modules that offer symbols that were missed and are not loaded, in the order of need.
  public internal(set) var missingProviders: [ByteSlice] = []

  /// All that the kernel prints, in order.
  public var messages: [ByteText] { steps.flatMap { $0.messages } }
}
