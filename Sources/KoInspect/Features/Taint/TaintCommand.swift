// `koinspect taint`: what a kernel's taints mean, in every form in which it tells them.

import ELFKit

enum TaintCommand {
  private enum Name {
    case json
    case vendor
    case color
    case help
  }

  private static let options: [Option<Name>] = [
    Option(
      .vendor, nil, "vendor", argument: .required("NAME"),
      values: KernelVendor.allCases.map { $0.rawValue },
      help: "whose kernel: \(KernelVendor.allCases.map { $0.rawValue }.joined(separator: ", "))"),
    Option(.json, nil, "json", help: "one JSON object"),
    .color(.color),
    Option(.help, "h", "help", help: "this text"),
  ]

  static func run(_ console: inout Console, _ arguments: [[UInt8]]) -> ExitStatus {
    ModuleCommand.perform("taint", arguments, options, help: .help, help, &console) {
      parsed, console throws(SystemError) in
      let report = try read(parsed.operands, try vendor(parsed.value(.vendor)))
      if parsed.has(.json) {
        report.writeJSON(to: &console.out)
      } else {
        report.write(to: &console.out, console.style(parsed.value(.color)))
      }
      return report.mask.rawValue == 0 && report.unknownFlags.isEmpty ? .clean : .findings
    }
  }

  private static func vendor(_ name: [UInt8]?) throws(SystemError) -> KernelVendor? {
    guard let name else { return nil }
    let text = String(decoding: name, as: UTF8.self)
    guard let vendor = KernelVendor(rawValue: text) else {
      let known = KernelVendor.allCases.map { $0.rawValue }.joined(separator: ", ")
      throw SystemError("--vendor: '\(text)' is none of \(known)")
    }
    return vendor
  }

  /// What the operands tell: words are put together as the shell has taken them apart.
  private static func read(
    _ operands: [[UInt8]], _ vendor: KernelVendor?
  ) throws(SystemError) -> TaintReport {
    guard !operands.isEmpty else {
      let path = "/proc/sys/kernel/tainted"
      let limits = Input.Limits(maxSize: 1 << 10)
      let text: [UInt8]
      do throws(SystemError) {
        text = try FileDescriptor(opening: Array(path.utf8)).readToEnd(limits)
      } catch {
        throw SystemError("\(path): \(error.message)")
      }
      guard let mask = TaintMask(ByteSlice(text)) else {
        throw SystemError("\(path) holds no number")
      }
      return TaintReport(mask: mask, modules: [], vendor: vendor)
    }
    let text =
      operands == [[UInt8(ascii: "-")]]
      ? try FileDescriptor.standardInput.readToEnd(Input.Limits(maxSize: 1 << 26))
      : Array(operands.joined(separator: [UInt8(ascii: " ")]))
    if let mask = TaintMask(ByteSlice(text), vendor) {
      return TaintReport(mask: mask, modules: [], vendor: vendor)
    }
    var mask: TaintMask?
    var modules: [TaintingModule] = []
    var unknown: [String] = []
    for line in text.split(separator: UInt8(ascii: "\n")) {
      let line = ByteSlice(Array(line))
      if let found = TaintMask(oopsLine: line) {
        let more = vendor.map { TaintMask.vendorTaints(oopsLine: line, $0).rawValue } ?? 0
        mask = TaintMask(rawValue: (mask?.rawValue ?? 0) | found.rawValue | more)
      }
      let letters = vendor?.taints.compactMap { $0.letter.map(String.init) } ?? []
      for flag in TaintMask.unknownFlags(oopsLine: line)
      where !unknown.contains(flag) && !letters.contains(flag) {
        unknown.append(flag)
      }
      modules += TaintingModule.all(in: line, vendor)
    }
    if mask == nil, !modules.isEmpty {
      mask = TaintMask(rawValue: modules.reduce(0) { $0 | $1.taints.rawValue })
    }
    guard let mask else {
      throw SystemError(
        "neither a mask (4097, 0x1001), nor letters (POE), nor a text with 'Tainted: '")
    }
    return TaintReport(mask: mask, modules: modules, unknownFlags: unknown, vendor: vendor)
  }

  static var help: CommandHelp {
    CommandHelp(
      usage: "koinspect taint [OPTIONS] [MASK|TEXT|-]",
      about: """
        What a kernel's taints mean: of this kernel (without an operand), a mask, letters, a line of
        an oops, or a whole log on standard input ('-'). Exit status: 0 when there are none, 1 when
        there are some, 2 when the text tells nothing.
        """,
      examples: [
        ("koinspect taint 12288", "a number of /proc/sys/kernel/tainted"),
        ("koinspect taint POE", "letters, and the mask they make"),
        ("dmesg | koinspect taint -", "what an oops says, and which modules caused it"),
        ("koinspect taint --vendor suse OEN", "letters that SUSE's kernels have for themselves"),
      ],
      options: options)
  }
}
