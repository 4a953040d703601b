// What a MODULE_LICENSE text means, as far as it means something: no text of the kernel is an identifier of SPDX, and
// none is taken for one (Documentation/process/license-rules.rst, include/linux/module.h).

import ELFKit

struct BillLicense {
  let text: [UInt8]

  /// What the kernel's rules say of the text.
  var meaning: String {
    Self.meanings.first { Array($0.text.utf8) == text }?.meaning
      ?? "The kernel's rules know no such text and take the module for proprietary; what it means is not known."
  }

  /// The expression that each module with this text keeps to, one of several or not; `nil` when none is known.
  var candidates: [String] {
    Self.meanings.first { Array($0.text.utf8) == text }?.candidates ?? []
  }

  /// How sure that is, in words, for who reads the document.
  var certainty: String {
    "Declared by MODULE_LICENSE in the file. \(meaning)"
      + (candidates.isEmpty
        ? ""
        : " Which of these it is, the source files tell: \(candidates.joined(separator: ", ")).")
  }

  /// A reference within a document of SPDX: letters, digits, dots and dashes. Texts that would have one
  /// reference are told apart by `number`.
  func reference(_ number: Int) -> String {
    var name = ""
    for byte in text.prefix(40) {
      let isPlain = byte.isDigit || (0x41...0x5a).contains(byte & 0xdf)
      name += isPlain ? String(decoding: [byte], as: UTF8.self) : "-"
    }
    return "LicenseRef-MODULE-LICENSE-\(name)" + (number == 0 ? "" : ".\(number)")
  }

  private static let gpl = "GPL version 2; the text does not tell 'only' from 'or later'."

  private static let meanings: [(text: String, meaning: String, candidates: [String])] = [
    ("GPL", gpl, ["GPL-2.0-only", "GPL-2.0-or-later"]),
    ("GPL v2", gpl, ["GPL-2.0-only", "GPL-2.0-or-later"]),
    (
      "GPL and additional rights",
      "A variant of GPL version 2, or the MIT licence; the kernel's rules call the text historical.",
      ["GPL-2.0-only OR MIT", "GPL-2.0-or-later OR MIT"]
    ),
    (
      "Dual MIT/GPL", "A variant of GPL version 2, or the MIT licence.",
      ["GPL-2.0-only OR MIT", "GPL-2.0-or-later OR MIT"]
    ),
    (
      "Dual BSD/GPL", "A variant of GPL version 2, or a BSD licence; the text does not tell which.",
      []
    ),
    (
      "Dual MPL/GPL",
      "A variant of GPL version 2, or a Mozilla Public License; the text does not tell which.", []
    ),
    (License.proprietary, "A licence that is not free, or none.", []),
  ]
}

/// The licences of a document, each with a reference of its own.
struct BillLicenses {
  private(set) var all: [(license: BillLicense, reference: String)] = []
  private var places: [[UInt8]: Int] = [:]

  init(_ entries: [BillEntry]) {
    var used: [String: Int] = [:]
    let texts = Set(entries.flatMap { $0.licenses }).sorted { $0.lexicographicallyPrecedes($1) }
    for text in texts {
      let license = BillLicense(text: text)
      let number = used[license.reference(0), default: 0]
      used[license.reference(0)] = number + 1
      places[text] = all.count
      all.append((license, license.reference(number)))
    }
  }

  /// The reference of a text.
  func reference(of text: [UInt8]) -> String? { places[text].map { all[$0].reference } }
}
