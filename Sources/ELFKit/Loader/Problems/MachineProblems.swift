// What the machine does to code and tables when they are in place (arch/x86/kernel/module.c,
// `module_finalize`; kernel/trace/ftrace.c; arch/arm64/kernel/module.c). Tables that do not fit make
// the kernel warn, and go on.

extension LoadAttempt {
  mutating func finishMachine() throws(LoadFailure) {
    guard let image = module?.image, let loader = image.header.machine.description?.loader else {
      return
    }
    for need in loader.lateSections where isMissing(need, in: image) == true {
      try meet(
        LoadProblem(
          "arch-sections", .refuses(.notExecutable),
          "the module has no '\(need.name)', which the loader of this machine needs",
          advice: "link the module with the kernel's scripts/module.lds: it has no \(need.name)"))
    }
    try checkPatchTables(image, loader)
    // Complaints about tables change nothing about the load, and cost a look at all relocations.
    if isSurvey { return }
    for pair in loader.pairedTables { try check(pair, in: image) }
    for table in loader.callTables {
      guard let section = image.sections.firstAllocated(named: table.section),
        let calls = CallSites(image, table)
      else { continue }
      if !calls.cover(section) { try warn("\(table.complaint)") }
    }
  }

  private mutating func check(_ pair: PairedTables, in image: ELFImage) throws(LoadFailure) {
    let (first, second) = (pair.first, pair.second)
    guard let one = image.sections.firstAllocated(named: first.section)?.header.size,
      let other = image.sections.firstAllocated(named: second.section)?.header.size
    else { return }
    if one % first.bytes != 0 || other % second.bytes != 0
      || one / first.bytes != other / second.bytes
    {
      try warn("\(second.section) and \(first.section) do not fit each other")
    }
  }

  /// The kernel prints a warning with a trace of the stack, which is not predicted, and goes on.
  mutating func warn(_ reason: ByteText) throws(LoadFailure) {
    assume("the kernel warns, with a trace (taint W): \(reason)")
    try taintKernel(Self.warning)
  }
}
