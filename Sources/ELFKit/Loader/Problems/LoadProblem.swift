// What a question about a module and a kernel answers: a problem. `preflight` makes a verdict of
// them, `check` findings; both have the same values, so neither can know more than the other.

/// Something about a module that a kernel minds, or should.
public struct LoadProblem: Sendable {
  /// What the kernel does about it.
  public enum Effect: Hashable, Sendable {
    /// It refuses the module with this error; `nil` when it does not survive it.
    case refuses(Errno?)
    /// It loads the module by force, and is tainted (F).
    case forces
    /// It does not look, and reads, writes or jumps where it must not.
    case corrupts
    /// It complains and goes on.
    case warns
  }

  /// The rule that explains it, such as `wx-section`.
  public let id: String
  /// What the kernel does about it.
  public internal(set) var effect: Effect
  /// Whether the kernel is known to look: false when a build option decides which is not known.
  public internal(set) var isCertain: Bool
  /// What is wrong, in words for a person, quoting the file.
  public let text: ByteText
  /// What the kernel prints, in order.
  public let lines: [ByteText]
  /// What to do about it; `nil` when the rule says it all.
  public internal(set) var advice: ByteText?
  /// What it is about, as untrusted bytes; `nil` when the whole module is meant.
  public let subject: ByteSlice?
  /// The section it is in, or `nil`.
  public let section: ByteSlice?
  /// Where in the file, or `nil`.
  public let offset: UInt64?

  init(
    _ id: String, _ effect: Effect, isCertain: Bool = true, _ text: ByteText,
    lines: [ByteText] = [], advice: ByteText? = nil, subject: ByteSlice? = nil,
    section: ByteSlice? = nil, offset: UInt64? = nil
  ) {
    self.id = id
    self.effect = effect
    self.isCertain = isCertain
    self.text = text
    self.lines = lines
    self.advice = advice
    self.subject = subject
    self.section = section
    self.offset = offset
  }

  /// About a whole section.
  init(
    _ id: String, _ effect: Effect, isCertain: Bool = true, _ text: ByteText,
    lines: [ByteText] = [], advice: ByteText? = nil, in section: Section
  ) {
    self.init(
      id, effect, isCertain: isCertain, text, lines: lines, advice: advice,
      subject: section.name, section: section.name, offset: section.header.offset)
  }

  /// The same with another effect.
  func with(_ effect: Effect) -> Self {
    var problem = self
    problem.effect = effect
    return problem
  }

  /// The same with something to do about it.
  func advised(_ advice: ByteText) -> Self {
    var problem = self
    problem.advice = advice
    return problem
  }

  /// The bytes that its words take.
  var textSize: UInt64 {
    let lines = lines.reduce(0) { $0 + $1.bytes.count }
    return UInt64(text.bytes.count + lines + (subject?.count ?? 0) + (section?.count ?? 0))
  }
}

/// How a walk takes the problems that it meets.
extension LoadAttempt {
  /// Meets a problem. A load ends with the first that the kernel refuses the module for; a survey notes
  /// it and goes on.
  mutating func meet(_ problem: LoadProblem) throws(LoadFailure) {
    if isSurvey {
      note(problem)
      return
    }
    switch problem.effect {
    case .refuses(let errno):
      for line in problem.lines { say(line) }
      if let advice = problem.advice { advise(advice) }
      throw LoadFailure(errno)
    case .corrupts: leaveOpen(problem.text)
    case .warns, .forces: for line in problem.lines { say(line) }
    }
  }

  /// Meets a problem that only some kernels mind. Where it is not known whether this one does, `question`
  /// is left open and the load goes on; a survey notes it as not certain.
  mutating func meet(
    _ problem: LoadProblem, if isMinded: Bool?, else question: ByteText
  ) throws(LoadFailure) {
    switch isMinded {
    case true?: try meet(problem)
    case false?: return
    case nil:
      guard isSurvey else { return leaveOpen(question) }
      var problem = problem
      problem.isCertain = false
      note(problem)
    }
  }

  /// Keeps a problem of a survey. Many may quote one long name: what they say together is bounded by
  /// the file's size, as findings are.
  private mutating func note(_ problem: LoadProblem) {
    if problemAllowance.take(problem.textSize) { problems.append(problem) }
  }
}
