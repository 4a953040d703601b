// Which licences the kernel accepts: `license_is_gpl_compatible` of include/linux/license.h, the
// same in every kernel that was measured.

/// What the kernel makes of a `MODULE_LICENSE` text.
public enum License {
  /// The accepted texts, compared byte for byte: case and blanks count.
  public static let gplCompatible = [
    "GPL", "GPL v2", "GPL and additional rights", "Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL",
  ]

  /// The documented text for everything that is not free software.
  public static let proprietary = "Proprietary"

  /// Whether a module with this text may use GPL-only symbols and loads without taint `P`.
  public static func isGPLCompatible(_ text: ByteSlice) -> Bool {
    gplCompatible.contains { text.equals($0) }
  }

  /// The accepted text that was probably meant, or `nil`.
  ///
  /// Spelling is compared without case, blanks and punctuation; SPDX identifiers and other usual
  /// names are known; else the nearest text within two edits counts.
  public static func nearestAccepted(to text: ByteSlice) -> String? {
    let folded = fold(text.bytes)
    if let known = usualNames[folded] { return known }
    let ranked = gplCompatible.map { candidate in
      (distance: EditDistance.between(folded, fold(Array(candidate.utf8))), candidate: candidate)
    }
    guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= Swift.min(2, folded.count / 3) ? best.candidate : nil
  }

  /// Lower case, letters and digits and `+` only, at most 64 of them.
  private static func fold(_ text: [UInt8]) -> [UInt8] {
    let letters = text.lazy.compactMap { byte -> UInt8? in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte + 0x20
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "+"):
        byte
      default: nil
      }
    }
    return Array(letters.prefix(64))
  }

  /// Names that people write, folded, and what they mean to the kernel: "or later" is `GPL`.
  private static let usualNames: [[UInt8]: String] = {
    let names = [
      "gpl2": "GPL v2", "gpl20": "GPL v2", "gplv20": "GPL v2", "gpl20only": "GPL v2",
      "gplv2only": "GPL v2", "gplversion2": "GPL v2", "gnugplv2": "GPL v2", "gpl2only": "GPL v2",
      "gpl20+": "GPL", "gplv2+": "GPL", "gpl2+": "GPL", "gpl20orlater": "GPL", "gnugpl": "GPL",
      "gplv2orlater": "GPL", "gnu": "GPL", "mit": "Dual MIT/GPL", "mitgpl": "Dual MIT/GPL",
      "gplmit": "Dual MIT/GPL", "dualgplmit": "Dual MIT/GPL", "bsd": "Dual BSD/GPL",
      "bsdgpl": "Dual BSD/GPL", "gplbsd": "Dual BSD/GPL", "dualgplbsd": "Dual BSD/GPL",
      "bsd3clause": "Dual BSD/GPL", "bsd2clause": "Dual BSD/GPL", "mpl": "Dual MPL/GPL",
      "mpl20": "Dual MPL/GPL", "mplgpl": "Dual MPL/GPL", "gplmpl": "Dual MPL/GPL",
    ]
    return names.reduce(into: [:]) { $0[Array($1.key.utf8)] = $1.value }
  }()
}
