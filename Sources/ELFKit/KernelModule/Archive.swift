// Files that hold other files: packages, images of the first file system. Modules in them are read when they
// are unpacked.

/// A kind of archive that people give instead of the modules in it.
public enum Archive: Hashable, Sendable {
  /// A package of Debian or Ubuntu: deb(5).
  case debianPackage
  /// A package of Red Hat, SUSE and others.
  case rpm
  /// An initramfs, or another archive of cpio: the kernel's Documentation/driver-api/early-userspace/buffer-format.rst.
  case cpio
  /// An archive of tar: tar(5).
  case tar
  /// An archive of zip.
  case zip
  /// A library of object files: ar(5).
  case library

  /// The kind that `head`, the first bytes of `source`, tells; `nil` for what is no archive.
  init?(_ head: ByteSlice, _ source: some ByteSource) {
    if head.starts(with: "!<arch>\ndebian-binary") {
      self = .debianPackage
    } else if head.starts(with: "!<arch>\n") || head.starts(with: "!<thin>\n") {
      self = .library
    } else if head.count > 4, head[within: 0..<4].bytes == [0xed, 0xab, 0xee, 0xdb] {
      self = .rpm
    } else if head.starts(with: "070701") || head.starts(with: "070702")
      || head.starts(with: "070707")
    {
      self = .cpio
    } else if head.starts(with: "PK\u{3}\u{4}") {
      self = .zip
    } else if let mark = try? source.slice(257, 5, in: .file), mark.equals("ustar") {
      self = .tar
    } else {
      return nil
    }
  }
}

extension Archive: CustomStringConvertible {
  /// What it is, and how it is unpacked.
  public var description: String {
    switch self {
    case .debianPackage:
      "a Debian package: unpack it with 'dpkg-deb -x FILE FOLDER' and give the folder"
    case .rpm:
      "an RPM package: unpack it with 'rpm2cpio FILE | cpio -idm' in a folder and give that"
    case .cpio:
      "an archive of cpio, as an initramfs is: unpack it with 'cpio -idm < FILE' (compressed ones: "
        + "'unmkinitramfs FILE FOLDER', 'lsinitrd --unpack FILE') and give the folder"
    case .tar:
      "an archive of tar: unpack it with 'tar -xf FILE' and give the folder"
    case .zip:
      "an archive of zip: unpack it with 'unzip FILE' and give the folder"
    case .library:
      "a library of object files (ar), no module: give the .ko that kbuild makes of them"
    }
  }
}
