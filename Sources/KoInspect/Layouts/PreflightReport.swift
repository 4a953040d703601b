// What `preflight` says about one module: for a person the stages, the kernel's words and what to do.

import ELFKit

/// The answer about one module.
struct PreflightReport {
  let outcome: LoadPlan.Outcome
  let kernel: TargetKernel

  private var prediction: LoadPrediction { outcome.prediction }

  /// The answer: a module whose dependency does not load is never asked.
  var verdict: LoadPrediction.Verdict { outcome.obstacle == nil ? prediction.verdict : .fails }

  /// How sure the answer is: as the least sure of what it rests on.
  private var certainty: Certainty {
    min(prediction.certainty, outcome.obstacle?.prediction.certainty ?? .measured)
  }

  private var errno: Errno? {
    if let obstacle = outcome.obstacle { return obstacle.prediction.errno }
    return prediction.errno
  }

  private var stage: String? {
    outcome.obstacle == nil ? prediction.stage?.rawValue : "dependencies"
  }

  /// The kernel's log. modprobe stops at a dependency that fails.
  private var messages: [ByteText] {
    outcome.obstacle?.prediction.messages ?? prediction.messages
  }

  private var name: ByteSlice {
    prediction.name.isEmpty ? ByteSlice(ModuleName.ofFile(at: outcome.path)) : prediction.name
  }

  /// The module's taints; none when it has never been asked.
  private var taints: TaintMask {
    outcome.obstacle == nil ? prediction.moduleTaints : TaintMask(rawValue: 0)
  }

  private var kernelTaints: TaintMask {
    outcome.obstacle?.prediction.state.taints ?? prediction.state.taints
  }

  private var openQuestions: [ByteText] { prediction.openQuestions }

  private var assumptions: [ByteText] {
    var all = prediction.assumptions
    if let obstacle = outcome.obstacle { all += obstacle.prediction.assumptions }
    return all
  }

  func write(to json: inout JSONWriter) {
    json.object { json in
      json.key("schemaVersion")
      json.number(UInt64(1))
      json.key("path")
      json.bytes(outcome.path)
      json.field("name", name)
      json.key("kernel")
      json.object { json in
        json.field("release", kernel.release)
        json.field("vermagic", kernel.expectedVermagic)
      }
      json.key("verdict")
      json.string(verdict.rawValue)
      json.key("certainty")
      json.string(certainty.rawValue)
      json.key("errno")
      json.optional(errno) { $0.string($1.rawValue) }
      json.key("stage")
      json.optional(stage) { $0.string($1) }
      json.key("messages")
      json.array(messages) { $0.bytes($1.bytes) }
      json.key("taints")
      json.string(taints.letters)
      json.key("kernelTaints")
      json.string(kernelTaints.letters)
      json.key("assumptions")
      json.array(assumptions) { $0.bytes($1.bytes) }
      json.key("dependsOn")
      json.array(openQuestions) { $0.bytes($1.bytes) }
      json.key("dependencies")
      json.array(outcome.dependencies) { $0.bytes($1) }
      json.key("obstacle")
      json.optional(outcome.obstacle) { $0.bytes($1.name) }
      json.key("advice")
      json.array(advice) { $0.bytes($1.bytes) }
    }
  }

  private var advice: [ByteText] { outcome.obstacle?.prediction.advice ?? prediction.advice }

  /// One line: `hello.ko: loads, taints OE`.
  func writeLine(to out: inout TextBuffer, _ style: Style) {
    var line = Paragraph()
    line.add { $0.escaped(outcome.path) }
    headline(&line)
    line.write(to: &out, style)
    let details: [(before: String, text: [UInt8], after: String)] =
      switch verdict {
      case .loads: []
      case .depends: openQuestions.map { ("depends on ", $0.bytes, "") }
      case .fails:
        (outcome.obstacle.map { [("", Array($0.name), ", which it needs, does not load")] } ?? [])
          + messages.suffix(1).map { ("", $0.bytes, "") }
      }
    for detail in details {
      var line = Paragraph()
      line.add { text in
        text.append(detail.before)
        text.escaped(detail.text)
        text.append(detail.after)
      }
      line.write(to: &out, style, indentation: 2)
    }
  }

  /// The answer in the head of another screen: `on Linux 6.1.0-56-amd64: loads, taints OE`.
  func writeAnswer(to out: inout TextBuffer, _ style: Style) {
    var line = Paragraph()
    writeRelease(to: &line)
    headline(&line)
    // What the kernel says last is why; where it says nothing, what to do tells.
    if verdict == .fails, let why = messages.last ?? advice.first {
      line.add { text in
        text.append(": ")
        text.escaped(why.bytes)
      }
    }
    line.write(to: &out, style, indentation: 2)
  }

  private func writeRelease(to line: inout Paragraph) {
    line.add { text in
      text.append("on Linux ")
      if let release = kernel.release {
        text.escaped(release)
      } else {
        text.append(kernel.version?.description ?? "(unknown release)")
      }
    }
  }

  private func headline(_ line: inout Paragraph) {
    line.add(": ")
    switch verdict {
    case .loads:
      line.add("loads", .good)
      line.add(taints.rawValue == 0 ? ", no taints" : ", taints \(taints.letters)")
    case .fails:
      line.add(errno.map { "fails with \($0.rawValue)" } ?? "stops the kernel", .bad)
      if let stage { line.add(" (\(stage))") }
    case .depends:
      line.add("depends", .warning)
      if let stage { line.add(" (\(stage))") }
    }
  }

  func write(to out: inout TextBuffer, _ style: Style) {
    var line = Paragraph()
    line.add(.name) { $0.escaped(name) }
    line.add(" ")
    writeRelease(to: &line)
    headline(&line)
    line.write(to: &out, style)
    if certainty < .measured {
      var text = TextBuffer()
      text.append("what this kernel does is \(certainty.words)")
      if let known = kernel.kernel?.knowledge, known.certainty == certainty {
        text.append(" (\(known.version): \(known.source))")
      }
      var table = Table(indentation: 2)
      table.row([Cell("how sure:", .warning), Cell(text)])
      table.write(to: &out, style)
    }
    out.newline()
    writeDependencies(&out, style)
    if outcome.obstacle == nil { writeSteps(&out, style) }
    writeMessages(&out, style)
    let title = verdict == .fails ? "Noticed besides" : "What makes this uncertain"
    writeList(title, openQuestions, .warning, &out, style)
    writeList("What to do", advice, .heading, &out, style)
    writeList("Assumed", assumptions, .faint, &out, style)
    writeTaints(&out, style)
  }

  private func writeDependencies(_ out: inout TextBuffer, _ style: Style) {
    guard !outcome.dependencies.isEmpty || outcome.obstacle != nil else { return }
    var line = Paragraph()
    line.add { text in
      text.append("loaded before: ")
      for (position, name) in outcome.dependencies.enumerated() {
        if position > 0 { text.append(", ") }
        text.escaped(name)
      }
      if outcome.dependencies.isEmpty { text.append("nothing") }
    }
    line.write(to: &out, style, indentation: 2)
    if let obstacle = outcome.obstacle {
      var line = Paragraph()
      line.add(.bad) { $0.escaped(obstacle.name) }
      line.add(" does not load")
      if let errno = obstacle.prediction.errno { line.add(": \(errno.rawValue)") }
      line.write(to: &out, style, indentation: 2)
    }
    out.newline()
  }

  private func writeSteps(_ out: inout TextBuffer, _ style: Style) {
    var table = Table(indentation: 2)
    for step in prediction.steps {
      if case .idle = step.outcome { continue }
      let (word, tone): (String, Tone) =
        switch step.outcome {
        case .passes, .idle: (style.isColored ? "✓" : "ok", .good)
        case .fails: (style.isColored ? "✗" : "FAIL", .bad)
        case .open: ("?", .warning)
        }
      table.row([Cell(word, tone), Cell(step.stage.title), note(step)])
    }
    table.write(to: &out, style)
    out.newline()
  }

  private func note(_ step: LoadPrediction.Step) -> Cell {
    switch step.outcome {
    case .fails(let errno?): Cell("\(errno.rawValue): \(errno.text)")
    case .fails(nil): Cell("the kernel does not survive this")
    case .passes where step.stage == .taints && prediction.moduleTaints.rawValue != 0:
      Cell(prediction.moduleTaints.letters)
    case .passes where step.stage == .initialisation && prediction.verdict != .fails:
      Cell(
        escaping: ByteSlice(
          (step.remark ?? "what the module's own code does, nobody can tell from the file").bytes))
    default: step.remark.map { Cell(escaping: ByteSlice($0.bytes), .faint) } ?? Cell()
    }
  }

  private func writeMessages(_ out: inout TextBuffer, _ style: Style) {
    guard !messages.isEmpty else { return }
    out.toned(.heading, style, "dmesg would say")
    out.newline()
    for message in messages {
      var line = Paragraph()
      line.add { $0.escaped(message.bytes) }
      line.write(to: &out, style, indentation: 2)
    }
    out.newline()
  }

  private func writeList(
    _ title: String, _ lines: [ByteText], _ tone: Tone, _ out: inout TextBuffer, _ style: Style
  ) {
    guard !lines.isEmpty else { return }
    out.toned(tone, style, title)
    out.newline()
    var table = Table(indentation: 2)
    for line in lines { table.row([Cell("-"), Cell(escaping: ByteSlice(line.bytes))]) }
    table.write(to: &out, style)
    out.newline()
  }

  private func writeTaints(_ out: inout TextBuffer, _ style: Style) {
    let mask = kernelTaints
    out.append("kernel taints afterwards: ")
    out.append(mask.rawValue == 0 ? "none" : "\(mask.letters) (\(mask.rawValue))")
    out.newline()
  }
}
