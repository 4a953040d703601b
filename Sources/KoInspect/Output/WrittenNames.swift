// Names of functions as people know them: those that compilers of Rust have mangled are told as its source has them.

import ELFKit

extension ByteSlice {
  /// The name of a function as it stands in the source, where that is another than the linker's.
  var asWritten: [UInt8] { RustName.readable(self)?.bytes ?? bytes }
}

extension ByteText {
  /// The same text with the names of Rust in it as its source has them.
  var asWritten: [UInt8] {
    let text = ByteSlice(bytes)
    guard text.contains("_R") || text.contains("_ZN") else { return bytes }
    var written: [UInt8] = []
    var start = 0
    while start < text.count {
      var end = start
      while end < text.count, TraceSymbol.isNameByte(text[end]) { end += 1 }
      if end > start {
        written += text[within: start..<end].asWritten
        start = end
      } else {
        written.append(text[start])
        start += 1
      }
    }
    return written
  }
}
