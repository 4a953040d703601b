// The one way to make output: bytes, collected and handed on in large pieces.

/// Where finished output goes.
protocol OutputSink: AnyObject {
  /// Takes all of `bytes`. A failure is remembered, not thrown: see ``failure``.
  func write(_ bytes: [UInt8])
  /// The system's word for the first write that failed, or `nil`.
  var failure: String? { get }
  /// Much output is to come.
  func expectMuch()
}

extension OutputSink {
  func expectMuch() {}
}

/// Text under construction. It is handed to the sink whenever 64 KiB have come together.
struct TextBuffer {
  private static let flushSize = 64 * 1024

  /// What has not been handed on yet.
  private(set) var pending: [UInt8] = []
  /// The number of bytes that have been handed on.
  private var handedOn = 0
  /// Where it goes; `nil` collects everything in ``pending``.
  let sink: (any OutputSink)?

  init(_ sink: (any OutputSink)? = nil) {
    self.sink = sink
    if sink != nil { pending.reserveCapacity(Self.flushSize + 4096) }
  }

  /// The number of bytes that have been written, handed on or not.
  var count: Int { handedOn + pending.count }

  /// Hands everything on.
  mutating func flush() {
    guard let sink, !pending.isEmpty else { return }
    handedOn += pending.count
    sink.write(pending)
    pending.removeAll(keepingCapacity: true)
  }

  @inline(__always)
  private mutating func flushIfFull() {
    if pending.count >= Self.flushSize { flush() }
  }

  mutating func append(_ text: String) {
    pending.append(contentsOf: text.utf8)
    flushIfFull()
  }

  mutating func append(byte: UInt8) {
    pending.append(byte)
    flushIfFull()
  }

  /// Bytes as they are. Only for what cannot come from a file, or for the drop-in modes.
  mutating func append(raw bytes: some Collection<UInt8>) {
    pending.append(contentsOf: bytes)
    flushIfFull()
  }

  mutating func append(_ other: TextBuffer) {
    append(raw: other.pending)
  }

  mutating func newline() { append(byte: UInt8(ascii: "\n")) }

  mutating func spaces(_ count: Int) {
    pad(count, UInt8(ascii: " "))
  }
}

/// Rows.
extension TextBuffer {
  /// Room for many rows, written in place: for tables of which a module may have a million rows.
  ///
  /// `body` gets at least `minimum` bytes and writes as many whole rows as fit; what it writes
  /// costs no check of the buffer but its own.
  @inline(__always)
  mutating func rows(minimum: Int, _ body: (inout OutputSpan<UInt8>) -> Void) {
    let room = Swift.max(Self.flushSize - pending.count, minimum)
    pending.append(addingCapacity: room) { (rows: inout OutputSpan<UInt8>) in body(&rows) }
    flushIfFull()
  }
}

/// Numbers.
extension TextBuffer {
  /// `value` in base 16, padded on the left with `fill` to `width`.
  mutating func hex(_ value: UInt64, width: Int = 1, fill: UInt8 = UInt8(ascii: "0")) {
    let digits = Swift.max((67 - value.leadingZeroBitCount) / 4, 1)
    pad(width - digits, fill)
    pending.append(addingCapacity: 16) { (text: inout OutputSpan<UInt8>) in text.hex(value) }
  }

  /// `value` in base 10, padded on the left with `fill` to `width`.
  mutating func decimal(_ value: UInt64, width: Int = 1, fill: UInt8 = UInt8(ascii: " ")) {
    var digits = [24 of UInt8](repeating: 0)
    var count = 0
    var rest = value
    repeat {
      digits[count] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
      count += 1
    } while rest > 0
    pad(width - count, fill)
    while count > 0 {
      count -= 1
      pending.append(digits[count])
    }
  }

  /// `value` in base 10, padded on the left with blanks to `width`.
  mutating func decimal(_ value: Int, width: Int = 1) {
    guard value < 0 else { return decimal(UInt64(value), width: width) }
    let magnitude = TextBuffer.decimalText(value.magnitude)
    spaces(width - magnitude.count - 1)
    append(byte: UInt8(ascii: "-"))
    append(raw: magnitude)
  }

  private static func decimalText(_ value: UInt) -> [UInt8] {
    var text = TextBuffer()
    text.decimal(UInt64(value))
    return text.pending
  }

  private mutating func pad(_ count: Int, _ fill: UInt8) {
    guard count > 0 else { return }
    pending.append(addingCapacity: count) { (text: inout OutputSpan<UInt8>) in
      text.append(repeating: fill, count: count)
    }
  }
}

/// Columns.
extension TextBuffer {
  /// `text`, then blanks up to `width`; longer text is not cut.
  mutating func left(_ text: String, _ width: Int) {
    append(text)
    spaces(width - text.utf8.count)
  }

  /// Blanks, then `text`, `width` in all; longer text is not cut.
  mutating func right(_ text: String, _ width: Int) {
    spaces(width - text.utf8.count)
    append(text)
  }

  /// The text as a string, invalid UTF-8 repaired: for tests and messages.
  var text: String { String(decoding: pending, as: UTF8.self) }
}
