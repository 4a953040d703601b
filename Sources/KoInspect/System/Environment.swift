// What the tool knows of the machine and session it runs in. Tests make their own.

import Glibc

/// The surroundings of one run, read when they are asked for.
struct Environment: Sendable {
  /// Whether standard output is a terminal.
  var outputIsTerminal: @Sendable () -> Bool
  /// The columns of the terminal that standard output is; `nil` when it is none or does not tell.
  var outputColumns: @Sendable () -> Int? = { nil }
  /// Whether standard error is a terminal.
  var errorIsTerminal: @Sendable () -> Bool
  /// The value of an environment variable.
  var variable: @Sendable (String) -> String?
  /// The working directory, as bytes.
  var workingDirectory: @Sendable () -> [UInt8]
}

extension Environment {
  /// The process's own.
  static let process = Environment(
    outputIsTerminal: { isatty(STDOUT_FILENO) == 1 },
    outputColumns: {
      var size = winsize()
      guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
        return nil
      }
      return Int(size.ws_col)
    },
    errorIsTerminal: { isatty(STDERR_FILENO) == 1 },
    variable: { name in
      unsafe getenv(name).map { unsafe String(cString: $0) }
    },
    workingDirectory: {
      guard let path = unsafe getcwd(nil, 0) else { return [0x2e] }
      defer { unsafe free(path) }
      return unsafe bytes(of: path)
    })

  @unsafe
  private static func bytes(of text: UnsafePointer<CChar>) -> [UInt8] {
    let length = unsafe strlen(text)
    return (0..<length).map { unsafe UInt8(bitPattern: text[$0]) }
  }
}
