import ELFKit
import Foundation
import TestSupport
import Testing

@testable import KoInspect

/// A sink that keeps what it is given.
final class MemorySink: OutputSink {
  private(set) var bytes: [UInt8] = []
  let failure: String? = nil
  func write(_ bytes: [UInt8]) { self.bytes += bytes }
}

/// What one run of the program gave.
struct Run {
  let status: Int32
  let out: [UInt8]
  let err: [UInt8]

  var output: String { String(decoding: out, as: UTF8.self) }
  var errors: String { String(decoding: err, as: UTF8.self) }

  /// Runs the program as a value, as if its output went into a pipe.
  init(
    _ arguments: [String], isTerminal: Bool = false, columns: Int? = nil,
    variables: [String: String] = [:], deviceLists: [String: String] = [:]
  ) {
    self.init(
      bytes: arguments.map { Array($0.utf8) }, isTerminal: isTerminal, columns: columns,
      variables: variables, deviceLists: deviceLists)
  }

  init(
    bytes arguments: [[UInt8]], isTerminal: Bool = false, columns: Int? = nil,
    variables: [String: String] = [:], deviceLists: [String: String] = [:]
  ) {
    let (out, err) = (MemorySink(), MemorySink())
    let environment = Environment(
      outputIsTerminal: { isTerminal }, outputColumns: { columns },
      errorIsTerminal: { isTerminal },
      variable: { variables[$0] },
      deviceList: { deviceLists[$0].map { ByteSlice(Array($0.utf8)) } },
      workingDirectory: { Array("/work".utf8) })
    let console = Console(
      out: TextBuffer(out), err: TextBuffer(err), environment: environment)
    var program = Program(console: console)
    status = program.run(arguments).rawValue
    self.out = out.bytes
    self.err = err.bytes
  }

  /// The standard output as JSON objects, one a line.
  func json() throws -> [[String: Any]] {
    try output.split(separator: "\n").map { line in
      try #require(
        JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
  }
}

/// The path of a fixture.
func fixture(_ name: String) -> String { Fixtures.path(name) }

/// A file that exists as long as the test needs it.
final class TemporaryFile {
  let path: String

  init(_ bytes: [UInt8], name: String = "module.ko") throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "koinspect-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.appending(path: name).path
    try Data(bytes).write(to: URL(filePath: path))
  }

  var folder: String { URL(filePath: path).deletingLastPathComponent().path }

  deinit { try? FileManager.default.removeItem(atPath: folder) }
}
