// What the tool knows of the machine and session it runs in. Tests make their own; that of the process is
// Files/Process/ProcessEnvironment.swift.

import ELFKit

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
  /// Whether the kernel that runs here is asked about modules that nobody meant another one for.
  var asksOwnKernel = false
  /// The machine's list of names of devices that is called so: `pci.ids`, `usb.ids`.
  var deviceList: @Sendable (String) -> ByteSlice? = { _ in nil }
  /// The working directory, as bytes.
  var workingDirectory: @Sendable () -> [UInt8]
}
