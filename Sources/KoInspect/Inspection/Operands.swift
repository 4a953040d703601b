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
    isStandardInput
      ? try Input(standardInput: limits) : try Input(path, access, needsMagic: true, limits: limits)
  }
}

/// Something that was named and could not be read, and why.
struct Unread: Sendable {
  let path: [UInt8]
  let problem: String
}

/// The files that operands and lists name, in their order: directories give the modules below
/// them, sorted by bytes. What cannot be read is reported, and the rest still counts.
struct Operands {
  private(set) var files: [Operand] = []
  /// Where they are, but for standard input.
  var paths: [[UInt8]] { files.filter { !$0.isStandardInput }.map { $0.path } }
  /// What is wrong with operands and lists themselves.
  private(set) var problems: [Unread] = []
  /// What lies in folders that were named and is not looked at, in words: it was not meant to be.
  private(set) var leftOut: [Unread] = []
  var status: ExitStatus { problems.isEmpty ? .clean : .failure }

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
        let paths = try Self.paths(in: list, limits)
        if paths.isEmpty { fail(list, "nothing to read: this list names no file", &console) }
        for path in paths { add(path, &console) }
      } catch {
        fail(list, error.message, &console)
      }
    }
  }

  /// What is said of a folder that has none.
  static let noModules = "no modules (.ko, .ko.gz, .ko.xz, .ko.zst) in this directory"

  /// What is said of `count` links and special files below `folder`; `nil` when there are none.
  static func leftOut(_ count: Int, at folder: [UInt8]) -> Unread? {
    guard count > 0 else { return nil }
    let what = count == 1 ? "1 link or special file" : "\(count) links or special files"
    return Unread(
      path: folder, problem: "\(what) left out: name them, or their folders, to have them read")
  }

  private mutating func fail(_ path: [UInt8], _ problem: String, _ console: inout Console) {
    console.report(path, problem)
    problems.append(Unread(path: path, problem: problem))
  }

  private static let standardInput: [UInt8] = [UInt8(ascii: "-")]

  private mutating func add(_ path: [UInt8], _ console: inout Console) {
    guard kind(of: path) == .directory else {
      files.append(Operand(path: path))
      return
    }
    var failures: [Unread] = []
    var leftOut = 0
    let found = modules(below: path) { path, error in
      failures.append(Unread(path: path, problem: error.message))
    } leftOut: { _ in
      leftOut += 1
    }
    for failure in failures { fail(failure.path, failure.problem, &console) }
    if let left = Self.leftOut(leftOut, at: path) {
      console.report(left.path, left.problem)
      self.leftOut.append(left)
    }
    if found.isEmpty, failures.isEmpty {
      fail(path, Self.noModules, &console)
    }
    files += found.map { Operand(path: $0) }
  }

  /// The size of a million paths.
  private static let listSize: UInt64 = 1 << 26

  /// The paths in the file `list`: ended by NULs when there is one (`find -print0`), else by
  /// newlines. Empty and blank ones are skipped.
  private static func paths(
    in list: [UInt8], _ limits: Input.Limits
  ) throws(SystemError) -> [[UInt8]] {
    let file =
      try list == standardInput
      ? FileDescriptor.standardInput : FileDescriptor(opening: list)
    // Paths, and no file that somebody took for them.
    var limits = limits
    if limits.maxSize > listSize {
      limits.maxSize = listSize
      limits.hint = " (64 MiB): no list of files is larger"
    }
    let bytes = try file.readToEnd(limits)
    let end: UInt8 = bytes.contains(0) ? 0 : 0x0a
    return bytes.split(separator: end).map { Array($0) }
      .filter { line in
        !line.allSatisfy {
          $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r")
        }
      }
  }
}
