// Versions of kernels as they are typed: `6.1`, `5.10-6.12`, `6.1..7.2`, `6.1-`.

import ELFKit

enum KernelVersionRange {
  /// The range that `text` names, or `nil`.
  static func parse(_ text: [UInt8]) -> ClosedRange<KernelVersion>? {
    let text = String(decoding: text, as: UTF8.self)
    let (first, last): (Substring, Substring)
    if let dots = text.firstRange(of: "..") {
      (first, last) = (text[..<dots.lowerBound], text[dots.upperBound...])
    } else if let dash = text.firstIndex(of: "-") {
      (first, last) = (text[..<dash], text[text.index(after: dash)...])
    } else {
      return version(text[...]).map { $0...$0 }
    }
    guard !first.isEmpty || !last.isEmpty else { return nil }
    let lower = first.isEmpty ? .first : version(first)
    let upper = last.isEmpty ? .last : version(last)
    guard let lower, let upper, lower <= upper else { return nil }
    return lower...upper
  }

  /// `6.1`, or `6.1.56` with a number that does not matter.
  private static func version(_ text: Substring) -> KernelVersion? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), parts.allSatisfy({ UInt16($0) != nil }) else { return nil }
    return KernelVersion(release: ByteSlice(Array(text.utf8)))
  }
}
