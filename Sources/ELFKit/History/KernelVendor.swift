// Whose kernel it is: vendors move changes from one version of the kernel to another.

/// A vendor of kernels, as far as the name of a release shows it.
public enum KernelVendor: String, Sendable, CaseIterable {
  /// Android's common kernels (GKI) and what is built from them.
  case android
  /// Debian.
  case debian
  /// Red Hat Enterprise Linux and its rebuilds.
  case redHat = "rhel"
  /// SUSE Linux Enterprise and openSUSE.
  case suse
  /// Ubuntu.
  case ubuntu

  /// What the vendors' releases have in common, the surest mark first. A text that begins with a dash
  /// must be the end of the release, any other may stand anywhere in it.
  private static let marks: [(text: String, vendor: Self)] = [
    ("-android", .android), ("-gki", .android), ("+deb", .debian), (".el5", .redHat),
    (".el6", .redHat),
    (".el7", .redHat), (".el8", .redHat), (".el9", .redHat), (".el10", .redHat),
    ("-default", .suse), ("-generic", .ubuntu), ("-lowlatency", .ubuntu), ("-aws", .ubuntu),
    ("-gcp", .ubuntu), ("-oem", .ubuntu), ("-oracle", .ubuntu), ("-raspi", .ubuntu),
    // Debian's flavours, before releases had "+deb" in them.
    ("-amd64", .debian), ("-arm64", .debian), ("-s390x", .debian), ("-powerpc64le", .debian),
    ("-riscv64", .debian), ("-loong64", .debian), ("-malta", .debian), ("-armmp", .debian),
    ("-686-pae", .debian), ("-686", .debian), ("-powerpc64", .debian), ("-octeon", .debian),
    ("-loongson-3", .debian), ("-rpi", .debian),
  ]

  /// The vendor whose mark `release` has, or `nil`.
  public init?(release: ByteSlice) {
    for (text, vendor) in Self.marks {
      let isEnd = text.utf8.first == UInt8(ascii: "-") && vendor != .android
      let found =
        isEnd
        ? release.count > text.utf8.count
          && release.suffix(from: release.count - text.utf8.count).equals(text)
        : release.firstPosition(of: text) != nil
      if found {
        self = vendor
        return
      }
    }
    return nil
  }
}
