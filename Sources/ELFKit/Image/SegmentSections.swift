// Which sections a segment holds: neither table says so, their addresses and offsets do.

extension ProgramHeader {
  /// Whether `section` lies within this segment, in the file as far as it has bytes there and in memory as
  /// far as it is loaded.
  public func holds(_ section: SectionHeader) -> Bool {
    let isThreadLocal = section.flags.contains(.threadLocal)
    guard isThreadLocal ? Self.mayHoldThreadLocal(type) : !Self.holdsNoOther(type) else {
      return false
    }
    // Variables of threads that begin as zeros take room in the template only.
    if isThreadLocal, section.type == .nobits, type != .threadLocal { return false }
    if Self.isLoaded(type), !section.flags.contains(.alloc) { return false }
    let size = section.size
    if section.type != .nobits,
      !Self.range(at: offset, of: fileSize, holds: size, from: section.offset)
    {
      return false
    }
    if section.flags.contains(.alloc),
      !Self.range(at: virtualAddress, of: memorySize, holds: size, from: section.address)
    {
      return false
    }
    // An empty section at the border of these does not count as one of theirs.
    guard type == .dynamic || type == .note, size == 0, memorySize != 0 else { return true }
    let isInFile =
      section.type == .nobits || Self.isInside(offset, fileSize, section.offset)
    let isInMemory =
      !section.flags.contains(.alloc)
      || Self.isInside(virtualAddress, memorySize, section.address)
    return isInFile && isInMemory
  }

  private static func mayHoldThreadLocal(_ type: SegmentType) -> Bool {
    [.threadLocal, .readOnlyAfterRelocation, .load].contains(type)
  }

  private static func holdsNoOther(_ type: SegmentType) -> Bool {
    type == .threadLocal || type == .headers
  }

  /// Whether the segment is a part of what is loaded, so that what is not loaded cannot belong to it.
  private static func isLoaded(_ type: SegmentType) -> Bool {
    switch type {
    case .load, .dynamic, .exceptionFrames, .stack, .readOnlyAfterRelocation, .stackFrames: true
    default: type.memoryBinding != nil
    }
  }

  /// Whether `size` bytes from `start` on lie within a range. An empty section may lie at its first byte and
  /// everywhere but behind its last; in an empty range, at its place.
  private static func range(
    at base: UInt64, of length: UInt64, holds size: UInt64, from start: UInt64
  ) -> Bool {
    guard start >= base else { return false }
    let distance = start - base
    // An empty range reaches, in GNU's arithmetic, as far as it gets.
    guard distance <= length &- 1 else { return false }
    let (end, overflow) = distance.addingReportingOverflow(size)
    return !overflow && end <= length
  }

  /// Whether `start` lies behind the first byte of a range and before its end.
  private static func isInside(_ base: UInt64, _ length: UInt64, _ start: UInt64) -> Bool {
    start > base && start - base < length
  }
}
