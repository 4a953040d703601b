// What was named on the command line: modules, a log, places.

import ELFKit

/// The operands, told apart.
struct DecodeInput {
  var modules: DecodeModules
  /// Single places; when there are any, no log is read.
  private(set) var places: [TraceSymbol] = []
  /// A log that was named and is in memory already.
  private var log: ByteSlice?

  init(
    _ parsed: ParsedArguments<DecodeCommand.Name>, _ limits: Input.Limits,
    _ console: inout Console
  ) throws(SystemError) {
    modules = DecodeModules(limits, debug: parsed.values(.debug))
    var isLogNamed = false
    for operand in parsed.operands {
      if operand.elementsEqual("-".utf8) {
        guard !isLogNamed else { throw SystemError("more than one log") }
        isLogNamed = true
      } else if kind(of: operand) == .directory {
        try modules.add(folder: operand, &console)
      } else if kind(of: operand) == .missing, let place = TraceSymbol(typed: ByteSlice(operand)) {
        places.append(place)
      } else if let text = try open(operand, limits, &console) {
        guard !isLogNamed else { throw SystemError("more than one log") }
        isLogNamed = true
        log = text
      }
    }
    for folder in parsed.values(.modules) { try modules.add(folder: folder, &console) }
    let lists = parsed.values(.filesFrom)
    if !lists.isEmpty {
      let listed = Operands([], lists: lists, limits: limits, &console)
      for file in listed.files { modules.add(file: file.path, &console) }
      if listed.status != .clean { modules.isComplete = false }
    }
    if parsed.has(.sites), isLogNamed || !places.isEmpty || !modules.isGiven {
      throw SystemError("--sites takes modules and nothing else")
    }
    if !places.isEmpty, isLogNamed { throw SystemError("a log and places: name one of both") }
    if !places.isEmpty, !modules.isGiven { throw SystemError("no module given for the place") }
  }

  /// Opens a file that was named: a module joins the others; the text of a log is given back.
  private mutating func open(
    _ path: [UInt8], _ limits: Input.Limits, _ console: inout Console
  ) throws(SystemError) -> ByteSlice? {
    do throws(SystemError) {
      let input = try Input(path, .ranges, limits: limits)
      if DecodeModules.isELF(input.source) {
        modules.add(input, path, &console)
        return nil
      }
      // Files of /proc and of tracefs have a size of 0 and a content.
      if input.source.size == 0 {
        return ByteSlice(try FileDescriptor(opening: path).readToEnd(limits))
      }
      do throws(ELFError) {
        return try input.source.slice(0, input.source.size, in: .file)
      } catch {
        throw SystemError(error.description)
      }
    } catch {
      throw error.named(path)
    }
  }

  /// The log: that which was named, or standard input.
  func readLog(_ limits: Input.Limits) throws(SystemError) -> DecodeLog {
    if let log { return DecodeLog(log) }
    return DecodeLog(ByteSlice(try FileDescriptor.standardInput.readToEnd(limits)))
  }
}
