// All that kernels mind about a module: every question of the load path, whatever a kernel would stop
// at first. `check` makes findings of it.

/// The problems of a module, in the order of the load path.
///
/// Who loads it how, and what the kernel would print besides, does not count.
public struct LoadSurvey: Sendable {
  /// What the kernels mind.
  public let problems: [LoadProblem]
  /// References to what is freed after init.
  let mismatches: SectionMismatches

  init(problems: [LoadProblem], mismatches: SectionMismatches) {
    self.problems = problems
    self.mismatches = mismatches
  }

  /// Asks what each of `kernels`, oldest first, minds about `module`, as far as the file and what is
  /// known in `target` tell. What several mind is said once, as the oldest does. Relocations are asked
  /// about for the newest only.
  ///
  /// Reads symbols and, once, relocations; the cost grows with their number.
  init(
    _ module: KernelModule, _ parts: ModuleParts, _ kernels: [Kernel], _ target: TargetKernel
  ) {
    var problems: [LoadProblem] = []
    var known: Set<Key> = []
    var mismatches = SectionMismatches()
    for (position, kernel) in kernels.enumerated() {
      let isNewest = position == kernels.count - 1
      let survey = LoadAttempt.survey(
        module, parts, kernel, target, asksRelocations: isNewest)
      if kernels.count == 1 {
        self = survey
        return
      }
      problems += survey.problems.filter { known.insert(Key($0)).inserted }
      mismatches = survey.mismatches
    }
    self.init(problems: problems, mismatches: mismatches)
  }

  /// What makes two problems the same, whichever kernel minds it.
  private struct Key: Hashable {
    let id: String
    let effect: LoadProblem.Effect
    let subject: ByteSlice?
    let section: ByteSlice?
    let offset: UInt64?
    let lines: [ByteText]

    init(_ problem: LoadProblem) {
      id = problem.id
      effect = problem.effect
      subject = problem.subject
      section = problem.section
      offset = problem.offset
      lines = problem.lines
    }
  }
}
