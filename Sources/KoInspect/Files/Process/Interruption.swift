// What is taken away when a signal ends the process.

import Glibc

/// A file that must not be left behind: one that has been begun and is not complete.
///
/// There is one at a time, because a run writes its files one after the other. Whatever else a signal
/// finds needs no care: output is handed on in whole pieces, and files that are read stay as they are.
enum Interruption {
  /// The path, for the handler: only whole pointers are stored, and none is ever freed.
  nonisolated(unsafe) private static var path: UnsafeMutablePointer<CChar>?

  private static let signals = [SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM, SIGXCPU, SIGXFSZ]

  /// From now on a signal removes the file at `path`, and then ends the process as it would have.
  static func remove(_ path: [UInt8]) {
    unsafe Self.path = withCString(path) { unsafe strdup($0) }
    for signal in signals {
      var action = sigaction()
      guard unsafe sigaction(signal, nil, &action) == 0 else { continue }
      // Who started the process may have chosen that the signal is ignored.
      guard unsafe action.__sigaction_handler.sa_handler == nil else { continue }
      unsafe action.__sigaction_handler.sa_handler = { number in
        if let path = unsafe Interruption.path { _ = unsafe unlink(path) }
        _ = Glibc.signal(number, nil)
        raise(number)
      }
      _ = unsafe sigaction(signal, &action, nil)
    }
  }

  /// From now on a signal just ends the process.
  static func removeNothing() { unsafe path = nil }
}
