// Versions that a file defines and needs, one after the other: records with distances between them.

/// A version that a file defines, with its names.
public struct DefinedVersion: Sendable {
  /// Where in the table it begins.
  public let position: Int
  /// The record.
  public let record: VersionDefinition
  /// Its name, and then those of its parents, with where in the table each begins; none when the first lies outside
  /// of the table. The first is read whatever the record's count of names is.
  public let names: [(position: Int, record: VersionDefinitionName)]
}

/// A file of which versions are needed, with these.
public struct NeededFile: Sendable {
  /// Where in the table it begins.
  public let position: Int
  /// The record.
  public let record: VersionNeed
  /// The versions, with where in the table each begins.
  public let versions: [(position: Int, record: NeededVersion)]
}

/// Records of a table of versions.
public struct VersionRecords<Record: Sendable>: Sendable {
  /// The records, in their order.
  public let records: [Record]
  /// Whether there are more: records may share bytes, but not more often than there are bytes.
  public let isCut: Bool
}

/// Tables of versions: what lies outside of them, comes back to itself or overlaps its predecessor ends them.
public enum VersionTables {
  /// The versions that `bytes` define, at most `count` of them; one without a name is the last.
  public static func definitions(
    _ bytes: ByteSlice, _ encoding: Encoding, count: UInt64
  ) -> VersionRecords<DefinedVersion> {
    var found: [DefinedVersion] = []
    var walk = Walk(bytes, encoding)
    var position = 0
    while UInt64(found.count) < count,
      let record = walk.record(VersionDefinition.self, at: position)
    {
      var names: [(position: Int, record: VersionDefinitionName)] = []
      var place = walk.position(position, record.names)
      while names.count < Swift.max(Int(record.nameCount), 1), let start = place,
        let name = walk.record(VersionDefinitionName.self, at: start)
      {
        names.append((start, name))
        place = walk.position(start, name.next, behind: VersionDefinitionName.self)
      }
      found.append(DefinedVersion(position: position, record: record, names: names))
      guard !names.isEmpty,
        let next = walk.position(position, record.next, behind: VersionDefinition.self)
      else { break }
      position = next
    }
    return VersionRecords(records: found, isCut: walk.isCut)
  }

  /// The files that `bytes` need versions of, at most `count` of them.
  public static func needs(
    _ bytes: ByteSlice, _ encoding: Encoding, count: UInt64
  ) -> VersionRecords<NeededFile> {
    var found: [NeededFile] = []
    var walk = Walk(bytes, encoding)
    var position = 0
    while UInt64(found.count) < count, let record = walk.record(VersionNeed.self, at: position) {
      var versions: [(position: Int, record: NeededVersion)] = []
      var place = walk.position(position, record.versions)
      while versions.count < Int(record.versionCount), let start = place,
        let version = walk.record(NeededVersion.self, at: start)
      {
        versions.append((start, version))
        place = walk.position(start, version.next, behind: NeededVersion.self)
      }
      found.append(NeededFile(position: position, record: record, versions: versions))
      guard let next = walk.position(position, record.next, behind: VersionNeed.self) else { break }
      position = next
    }
    return VersionRecords(records: found, isCut: walk.isCut)
  }

  /// Reads records at places that records name; records may share bytes, but not more often than there
  /// are bytes.
  private struct Walk {
    private let bytes: ByteSlice
    private let encoding: Encoding
    private var rest: Int
    /// Whether the bytes were not enough.
    private(set) var isCut = false

    init(_ bytes: ByteSlice, _ encoding: Encoding) {
      self.bytes = bytes
      self.encoding = encoding
      rest = bytes.count
    }

    mutating func record<R: FixedRecord>(_ type: R.Type, at position: Int) -> R? {
      guard position <= bytes.count - R.byteCount else { return nil }
      guard rest > 0 else {
        isCut = true
        return nil
      }
      rest -= 1
      return R(
        decoding: bytes.storage.span, at: bytes.range.lowerBound + position, encoding)
    }

    func position(_ start: Int, _ distance: UInt32) -> Int? {
      distance < UInt64(bytes.count) ? start + Int(distance) : nil
    }

    /// The place of the record that follows one at `start`; `nil` when none does, or when they would overlap.
    func position<R: FixedRecord>(_ start: Int, _ distance: UInt32, behind: R.Type) -> Int? {
      distance < R.byteCount ? nil : position(start, distance)
    }
  }
}
