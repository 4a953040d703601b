// Processors (`e_machine`). Which there are, and what differs between them, is data: see `Machines/`.

/// `e_machine`: the processor that a file is for.
public struct Machine: RawRepresentable, Hashable, Sendable {
  /// The number of the file.
  public let rawValue: UInt16
  /// Any value; unknown ones are kept.
  @inlinable
  public init(rawValue: UInt16) { self.rawValue = rawValue }
}
