// The page of one module, from the file on.

import ELFKit

extension Document {
  /// The page of one module; of none that could be read, one that says so.
  static func module(
    _ files: ModuleCommand.Files, _ target: KernelDescription?, _ missing: [Unread],
    _ console: inout Console
  ) throws(SystemError) -> Document {
    let plan = try target.map { target throws(SystemError) in
      try LoadPlan(
        target, arguments: [], flags: nil, limits: files.limits, loadsDependencies: true)
    }
    let judgedBy = try JudgedBy(target)
    let collected = ModuleCommand.collect(files, .everything, &console) {
      inspection, console in
      page(&inspection, judgedBy, plan, missing, console.environment)
    }
    guard let page = collected.facts.first else {
      return tree([], files, collected.unread + missing, .failure)
    }
    return Document(
      bytes: page.bytes, status: page.isWhole ? collected.status : .failure, isEmpty: false)
  }

  /// The page of one module, and whether all was there that it is made of.
  private static func page(
    _ inspection: inout Inspection, _ judgedBy: JudgedBy, _ plan: LoadPlan?, _ missing: [Unread],
    _ environment: Environment
  ) -> (bytes: [UInt8], isWhole: Bool) {
    let summary = ModuleSummary(&inspection)
    let facts = ModuleFacts(inspection.module, judgedBy.context(of: inspection))
    let found = facts.findings(of: FindingsList.rules)
    if let error = found.error { inspection.add([error]) }
    let devices = AliasesReport(&inspection)
    var answer: PreflightReport?
    var problems = missing
    if let plan, inspection.path != [UInt8(ascii: "-")] {
      do throws(SystemError) {
        answer = PreflightReport(
          outcome: try plan.outcome(Operand(path: inspection.path)), kernel: plan.target.kernel)
      } catch {
        problems.append(Unread(path: inspection.path, problem: error.message))
      }
    }
    problems += inspection.errors.map {
      Unread(path: inspection.path, problem: $0.description)
    }
    var symbols = SymbolsReport(plan?.target.kernel, namespaces: facts.info.all("import_ns"))
    symbols.depends = facts.info.first("depends")
    let page = ModulePage(
      summary: summary, findings: found.findings, answer: answer,
      symbols: symbols,
      devices: devices, names: DeviceNames(devices.aliases, environment),
      sizes: ModuleSizes(summary.facts.sections.list, facts.symbols), problems: problems)
    return (page.page(), problems.isEmpty)
  }
}
