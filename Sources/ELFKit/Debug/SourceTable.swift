// Where the code stands in the source: the line, and the functions that the compiler has built into each
// other there.

/// A place in the source, in one of the functions that a place in the code belongs to.
public struct SourceFrame: Hashable, Sendable {
  /// The function, as the linker knows it; `nil` when the debug information does not tell.
  public let function: ByteSlice?
  /// Where that is: for the innermost function the line of the code, for each other one the call of the
  /// function before.
  public let line: SourceLine
}

/// What the debug information of one file tells of places in its code.
public struct SourceTable: Sendable {
  private let file: DebugFile
  private var lines: LineTable
  private var scopes: DebugScopes?
  private var hasScopes = false

  /// The table of `image`; `nil` when it has no lines that can be read. `unpack` unpacks compressed
  /// sections. Functions are looked for when a place is first asked for.
  public init?(_ image: ELFImage, _ unpack: SectionUnpacker? = nil) throws(ELFError) {
    file = try DebugFile(image, unpack)
    guard let lines = try LineTable(file) else { return nil }
    self.lines = lines
  }

  /// A file that debug information is in besides its own.
  public enum Elsewhere: Hashable, Sendable {
    /// Split DWARF: functions are in `.dwo` files.
    case split
    /// dwz: what several files have in common is in another (`.gnu_debugaltlink`).
    case shared
  }

  /// What is in other files, which are not read: functions and names that come from there are not known.
  public var elsewhere: Elsewhere? {
    if scopes?.isSplit == true { return .split }
    return file.image.sections.first(named: ".gnu_debugaltlink") == nil ? nil : .shared
  }

  /// The folder that the compiler ran in which made the code at `offset` of section `number`; `nil` when that
  /// is not known.
  mutating func folder(at offset: UInt64, of number: Int) -> ByteSlice? {
    if let folder = lines.folder(at: offset, of: number) { return folder }
    if !hasScopes { (scopes, hasScopes) = (DebugScopes(file, lines.texts), true) }
    return scopes?.folder(at: offset, of: number)
  }

  /// The line of the code at `offset` of section `number`, and the calls that lead there, innermost
  /// first; none when that is not known.
  public mutating func frames(at offset: UInt64, of number: Int) -> [SourceFrame] {
    guard let line = lines.line(at: offset, of: number) else { return [] }
    if !hasScopes { (scopes, hasScopes) = (DebugScopes(file, lines.texts), true) }
    let chain = scopes?.scopes(at: offset, of: number) ?? []
    guard let first = chain.first else { return [SourceFrame(function: nil, line: line)] }
    var frames = [SourceFrame(function: first.name, line: line)]
    for (inner, outer) in zip(chain, chain.dropFirst()) {
      // Without the place of a call the chain ends: what is outside of it is not known.
      guard let call = inner.call, let unit = inner.lines,
        let file = lines.file(call.file, inUnit: unit)
      else { break }
      frames.append(
        SourceFrame(
          function: outer.name,
          line: SourceLine(
            folder: file.folder, file: file.file, line: call.line, column: call.column)))
    }
    return frames
  }
}
