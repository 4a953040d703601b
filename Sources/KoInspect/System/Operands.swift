// What was named on the command line, as a list of files to read.

import ELFKit

/// One file to read.
struct Operand {
  /// The path; `-` for standard input.
  let path: [UInt8]
  /// Whether standard input is meant.
  var isStandardInput = false

  /// Opens the file.
  func open(_ access: Input.Access, _ limits: Input.Limits) throws(SystemError) -> Input {
    isStandardInput ? try Input(standardInput: limits) : try Input(path, access, limits: limits)
  }
}

/// The files that operands and lists name, in their order: directories give the modules below
/// them, sorted by bytes. What cannot be read is reported, and the rest still counts.
struct Operands {
  private(set) var files: [Operand] = []
  private(set) var status = ExitStatus.clean

  /// Expands `operands`, then the paths in the files of `lists`.
  init(
    _ operands: [[UInt8]], lists: [[UInt8]] = [], limits: Input.Limits, _ console: inout Console
  ) {
    for operand in operands {
      if operand == Self.standardInput {
        files.append(Operand(path: operand, isStandardInput: true))
      } else {
        add(operand, &console)
      }
    }
    for list in lists {
      do throws(SystemError) {
        for path in try Self.paths(in: list, limits) { add(path, &console) }
      } catch {
        console.report(list, error.message)
        status = .failure
      }
    }
  }

  /// What is said of a folder that has none.
  static let noModules = "no modules (.ko, .ko.gz, .ko.xz, .ko.zst) in this directory"

  private static let standardInput: [UInt8] = [0x2d]

  private mutating func add(_ path: [UInt8], _ console: inout Console) {
    guard kind(of: path) == .directory else {
      files.append(Operand(path: path))
      return
    }
    var failed = false
    let found = modules(below: path) { path, error in
      console.report(path, error.message)
      failed = true
    }
    if found.isEmpty, !failed {
      console.report(path, Self.noModules)
      failed = true
    }
    if failed { status = .failure }
    files += found.map { Operand(path: $0) }
  }

  /// The paths in the file `list`: ended by NULs when there is one (`find -print0`), else by
  /// newlines. Empty ones are skipped.
  private static func paths(
    in list: [UInt8], _ limits: Input.Limits
  ) throws(SystemError) -> [[UInt8]] {
    let file =
      try list == standardInput
      ? FileDescriptor.standardInput : FileDescriptor(opening: list)
    let bytes = try file.readToEnd(limits)
    let end: UInt8 = bytes.contains(0) ? 0 : 0x0a
    return bytes.split(separator: end).map { Array($0) }
  }
}
