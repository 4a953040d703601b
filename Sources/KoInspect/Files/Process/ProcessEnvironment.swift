// The surroundings of the process itself.

import Glibc

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
    asksOwnKernel: true,
    deviceList: { DeviceLists.read($0) },
    workingDirectory: {
      guard let path = unsafe getcwd(nil, 0) else { return [UInt8(ascii: ".")] }
      defer { unsafe free(path) }
      return unsafe bytes(of: path)
    })

  @unsafe
  private static func bytes(of text: UnsafePointer<CChar>) -> [UInt8] {
    let length = unsafe strlen(text)
    return (0..<length).map { unsafe UInt8(bitPattern: text[$0]) }
  }
}
