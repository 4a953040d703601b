import Foundation
import Testing

/// The binary that is built with the tests, and what runs of it cost.
enum BuiltBinary {
  /// It lies beside the test bundle, or is named by the variable `KOINSPECT`.
  static let path: String? = {
    if let named = ProcessInfo.processInfo.environment["KOINSPECT"] { return named }
    let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let candidates = ([own] + CommandLine.arguments.map(Optional.some)).compactMap { $0 }
    for candidate in candidates where candidate.contains("/") {
      let path = URL(filePath: candidate).deletingLastPathComponent()
        .appending(path: "koinspect").path
      if FileManager.default.isExecutableFile(atPath: path) { return path }
    }
    return nil
  }()

  /// Whether it can be run with little memory and file size: a sanitizer's own needs are large
  /// (Scripts/check sets the variable).
  static let canBeLimited = ProcessInfo.processInfo.environment["SANITIZER"] == nil

  /// What a run gave and took.
  struct Outcome {
    /// The exit status, or the negative number of the signal that ended it.
    let status: Int32
    /// The seconds of processor time.
    let seconds: Double
    /// The number of bytes written to both streams.
    let outputSize: Int
  }

  /// Runs a shell line in which `$0` is the binary and the rest are `arguments`, its output into a
  /// file that is only measured.
  static func run(_ line: String, _ arguments: [String]) throws -> Outcome {
    let output = try TemporaryFile([], name: "output")
    let words = ["sh", "-c", line, try #require(path, "the binary is built with the tests")]
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 1, output.path, O_WRONLY | O_APPEND, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
    var texts = unsafe (words + arguments).map { unsafe strdup($0) } + [nil]
    defer { for index in unsafe texts.indices { unsafe free(texts[index]) } }
    var child = pid_t()
    let result = unsafe posix_spawn(&child, "/bin/sh", &actions, nil, &texts, environ)
    try #require(result == 0)
    var (status, usage) = (Int32(0), rusage())
    while unsafe wait4(child, &status, 0, &usage) < 0, errno == EINTR {}
    var seconds = 0.0
    for time in [usage.ru_utime, usage.ru_stime] {
      seconds += Double(time.tv_sec)
      seconds += Double(time.tv_usec) / 1e6
    }
    let size = try FileManager.default.attributesOfItem(atPath: output.path)[.size] as? Int
    let signal = status & 0x7f
    return Outcome(
      status: signal == 0 ? status >> 8 : -signal, seconds: seconds,
      outputSize: try #require(size))
  }
}
