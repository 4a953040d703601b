// Versions of kernels as they are typed: `6.1`, `5.10-6.12`, `6.1..7.2`, `6.1-`.

import ELFKit

enum KernelVersionRange {
  /// The range that `text` names, or `nil`.
  static func parse(_ text: [UInt8]) -> ClosedRange<KernelVersion>? {
    let text = ByteSlice(text)
    let (first, last): (ByteSlice, ByteSlice)
    if let dots = text.firstPosition(of: "..") {
      (first, last) = (text[within: 0..<dots], text.suffix(from: dots + 2))
    } else if let dash = text.firstPosition(of: "-") {
      (first, last) = (text[within: 0..<dash], text.suffix(from: dash + 1))
    } else {
      return version(text).map { $0...$0 }
    }
    guard !first.isEmpty || !last.isEmpty else { return nil }
    let lower = first.isEmpty ? .first : version(first)
    let upper = last.isEmpty ? .last : version(last)
    guard let lower, let upper, lower <= upper else { return nil }
    return lower...upper
  }

  /// `6.1`, or `6.1.56` with a number that does not matter.
  private static func version(_ text: ByteSlice) -> KernelVersion? {
    let parts = text.text.split(separator: ".", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), parts.allSatisfy({ UInt16($0) != nil }) else { return nil }
    return KernelVersion(release: text)
  }
}
