// Notes of cores: which files were mapped, and where.

import ELFKit

extension ReadelfFile {
  /// What GNU readelf decodes of them: the mapped files. Others have a line and no more.
  func writeCoreNote(_ note: Note, _ console: inout Console) -> Bool {
    guard note.type == 0x4649_4c45 else {
      if options.isWide { console.out.newline() }
      return true
    }
    // elf(5) `NT_FILE`: the number of files, the size of a page, three words a file, and the names.
    let size = encoding.addressSize
    let content = note.descriptor
    let word = { (number: Int) in
      content.storage.span.address(content.range.lowerBound + number * size, encoding)
    }
    guard content.count >= 2 * size else {
      console.complain("    Malformed note - too short for header")
      return false
    }
    guard word(0) <= UInt64(content.count / size - 2) / 3, content[content.count - 1] == 0 else {
      console.complain("    Malformed note - too short for supplied file count")
      return false
    }
    let count = Int(word(0))
    console.out.append("    Page size: \(word(1))\n    ")
    let width = 2 + 2 * size
    console.out.right("Start", width)
    console.out.right("End", width + 2)
    console.out.right("Page Offset", width + 2)
    console.out.newline()
    var names = content.suffix(from: (2 + 3 * count) * size)
    for file in 0..<count where !console.isOverLimit {
      console.out.append("  ")
      for column in 0..<3 {
        console.out.append("  0x")
        console.out.hex(word(2 + 3 * file + column), width: 2 * size)
      }
      guard !names.isEmpty else {
        console.complain("   Malformed note - filenames end too early")
        return false
      }
      console.out.append("\n        ")
      console.out.untrusted(names.takeString(), options)
      console.out.newline()
    }
    return true
  }

  /// A place where SystemTap can look in (its "UserSpaceProbeImplementation"): three addresses and three
  /// texts.
  func writeProbe(_ note: Note, _ console: inout Console) -> Bool {
    let size = encoding.addressSize
    let content = note.descriptor
    guard content.count > 3 * size + 3 else {
      console.out.append("  <corrupt - note is too small>\n")
      console.complain("corrupt stapdt note - the data size is too small")
      return false
    }
    var texts = content.suffix(from: 3 * size)
    let (provider, name, arguments) = (texts.takeString(), texts.takeString(), texts.takeString())
    for (label, text) in [("Provider", provider), ("Name", name)] {
      console.out.append("    \(label): ")
      console.out.untrusted(text, options)
      console.out.newline()
    }
    console.out.append("    Location: 0x")
    for (number, label) in ["", ", Base: 0x", ", Semaphore: 0x"].enumerated() {
      console.out.append(label)
      let place = content.range.lowerBound + number * size
      console.out.hex(content.storage.span.address(place, encoding), width: addressDigits)
    }
    console.out.append("\n    Arguments: ")
    console.out.untrusted(arguments, options)
    console.out.newline()
    return true
  }
}
