// How far a long run has come, for a person who waits.

import Glibc

/// A line on standard error that is written over and over, and taken back in the end.
///
/// Nothing appears in the first second, and no more than ten times a second after that.
struct ProgressLine {
  private let start: Double
  private var last: Double
  private(set) var isVisible = false

  init(at now: Double) {
    start = now
    last = now
  }

  /// Takes the line back.
  static let erasure = "\r\u{1b}[K"

  /// What to print now that `done` of `count` items are done; `nil` when it is not worth while.
  mutating func text(_ done: Int, of count: Int, at now: Double) -> String? {
    guard now - start >= 1, !isVisible || now - last >= 0.1 else { return nil }
    last = now
    isVisible = true
    return "\(Self.erasure)\(done) of \(count) files (\(done * 100 / max(count, 1)) %)"
  }

  /// What makes the line vanish, so that something else can be printed; `nil` when it is not there.
  mutating func erased() -> String? {
    guard isVisible else { return nil }
    isVisible = false
    return Self.erasure
  }

  /// Seconds since some moment in the past.
  static var now: Double {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
