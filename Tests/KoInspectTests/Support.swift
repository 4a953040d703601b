@testable import KoInspect

/// A sink that keeps what it is given.
final class MemorySink: OutputSink {
  private(set) var bytes: [UInt8] = []
  let failure: String? = nil
  func write(_ bytes: [UInt8]) { self.bytes += bytes }
}
