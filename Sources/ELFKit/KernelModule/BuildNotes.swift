// What notes say about the build: `.note.gnu.build-id` and the kernel's own `.note.Linux`
// (include/linux/build-salt.h, include/linux/elfnote-lto.h).

/// Facts about the build that live in notes.
public struct BuildNotes: Equatable, Sendable {
  /// The linker's hash of the content (`NT_GNU_BUILD_ID`), normally 20 bytes.
  public internal(set) var buildID: ByteSlice?
  /// `CONFIG_BUILD_SALT`: Debian puts the kernel's release there.
  public internal(set) var buildSalt: ByteSlice?
  /// Whether the kernel was built with link-time optimisation (`LINUX_ELFNOTE_LTO_INFO`).
  public internal(set) var isLTO: Bool?
  /// What protection all of the code was built for, such as `IBT` (`NT_GNU_PROPERTY_TYPE_0`).
  public internal(set) var protections: [String] = []
}

extension KernelModule {
  /// The facts of all note sections; a damaged note hides only itself and those behind it.
  public func buildNotes() -> BuildNotes {
    var notes = BuildNotes()
    for position in 0..<image.sections.count {
      guard image.sections.headers[position].type == .note,
        let sequence = try? image.notes(in: image.sections[position])
      else { continue }
      for case .success(let note) in sequence { add(note, to: &notes) }
    }
    return notes
  }

  private func add(_ note: Note, to notes: inout BuildNotes) {
    switch note.type {
    case 3 where note.owner.equals("GNU"):
      notes.buildID = notes.buildID ?? note.descriptor
    case 5 where note.owner.equals("GNU"):
      notes.protections += protections(note.descriptor)
    case 0x100 where note.owner.equals("Linux"):
      notes.buildSalt = notes.buildSalt ?? note.descriptor.untilNUL
    case 0x101 where note.owner.equals("Linux"):
      let words = RecordTable<UInt32>(note.descriptor, image.encoding)
      notes.isLTO = notes.isLTO ?? words.first.map { $0 != 0 }
    default: break
    }
  }

  /// Properties follow one another: type, size of the data, data padded to 8 bytes.
  private func protections(_ properties: ByteSlice) -> [String] {
    guard let known = image.header.machine.description?.format.protections else { return [] }
    var names: [String] = []
    var start = 0
    while properties.count - start >= 12 {
      let words = RecordTable<UInt32>(properties.suffix(from: start), image.encoding)
      if words[0] == known.type, words[1] >= 4 {
        names += known.names.enumerated().compactMap {
          words[2] >> $0.offset & 1 != 0 ? $0.element : nil
        }
      }
      // A size of 32 bits cannot overflow the sum.
      start += 8 + (Int(words[1]) + 7) & ~7
    }
    return names
  }
}
