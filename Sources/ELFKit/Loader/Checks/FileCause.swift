// Why a file is refused as such, and what to do: by the check of the loader that it does not pass. A person
// who reads 'Invalid ELF section header overflow' has not been told that the download broke off.

/// What usually makes a file fail one of the loader's checks.
enum FileCause {
  /// Why the file fails the check `id`, and what to do. `built` is the version magic of the module, `release`
  /// the kernel's.
  static func text(
    _ id: String, _ raw: RawModule, built: ByteSlice?, for release: ByteSlice?
  ) -> ByteText {
    if id == "this-module-size" { return otherBuild(built, release) }
    // What lies behind the end of the file is not there any more.
    if let missing = missingBytes(raw) {
      return
        "the file is cut off, at least \(counted(missing, "byte")) \(missing == 1 ? "is" : "are") missing: copy, download or build it again"
    }
    for row in rows where row.ids.contains(id) { return "\(row.text) (\(id))" }
    return
      "the file is damaged, or something other than the kernel's own build has written it: build it again (koinspect explain \(id))"
  }

  private static let rows: [(ids: [String], text: ByteText)] = [
    (
      ["stripped-symtab", "elf-string-table", "elf-symbol-table"],
      "its symbols were stripped, and the kernel needs them: take the module as it was built; 'strip --strip-debug' is what may be done to it"
    ),
    (
      ["elf-type"],
      "it is no relocatable object; as a rule such a file is a program or a shared library: kbuild's .ko is wanted, linked with 'ld -r', not -shared or -pie"
    ),
    (
      ["elf-magic", "elf-header-length"],
      "it is no ELF file: damaged, empty, or compressed where nobody decompresses it"
    ),
    (
      ["this-module-missing"],
      "it is an object of a build that modpost has not completed: the .ko of the kernel's own build is wanted (make -C /lib/modules/RELEASE/build M=$PWD)"
    ),
  ]

  /// Struct module has another size: another kernel, or another configuration of it.
  private static func otherBuild(_ built: ByteSlice?, _ release: ByteSlice?) -> ByteText {
    let own = built.map { $0.prefix(until: UInt8(ascii: " ")) }
    let how: ByteText =
      "build it against this kernel's headers: make -C /lib/modules/RELEASE/build M=$PWD"
    guard let own, let release else {
      return "the module was built for another kernel, or another configuration of it: \(how)"
    }
    return own == release
      ? "the module was built with headers that are not this kernel's, or another configuration, though its release is the same: \(how)"
      : "the module was built for \(own), this kernel is \(release): \(how)"
  }

  /// How many bytes of the section headers lie behind the end of the file; `nil` when all are in it. The
  /// linker writes them last, so the rest of what is missing cannot be told.
  private static func missingBytes(_ raw: RawModule) -> UInt64? {
    guard let header = raw.header, header.sectionHeaderCount > 0 else { return nil }
    let size = UInt64(header.sectionHeaderCount) * UInt64(SectionHeader.byteCount(in: raw.encoding))
    let (end, overflow) = header.sectionHeaderOffset.addingReportingOverflow(size)
    // A file's headers lie next to it, damage mostly far away: that is another cause.
    guard !overflow, end > raw.length, end / 64 <= raw.length else { return nil }
    return end - raw.length
  }
}
