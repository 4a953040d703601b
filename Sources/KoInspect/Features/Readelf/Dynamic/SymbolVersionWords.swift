// The version of a symbol, as it stands behind its name.

import ELFKit

extension ReadelfFile {
  /// The versions of the symbols for dynamic linking, or `nil` when there are none.
  ///
  /// `numbers` are those of a section that holds them; else the dynamic table says where they are.
  func versions(of numbers: ByteSlice? = nil) -> SymbolVersions? {
    guard let program, program.dynamic != nil else { return nil }
    let versions = program.versions
    if program.namesVersions { return versions.numbers.isEmpty ? nil : versions }
    return numbers.map { versions.numbered(by: RecordTable($0, encoding)) }
  }
}

extension ReadelfSymbols {
  /// What stands behind the name of a symbol: nothing for one without a version. `isNumbered` has the
  /// number of a version that is needed, too.
  func versionText(of symbol: SymbolRecord, at position: Int, isNumbered: Bool) -> TextBuffer? {
    guard let versions, let (kind, offset) = versions.version(of: symbol, at: position) else {
      return nil
    }
    var text = TextBuffer()
    text.append(kind == .usual ? "@@" : "@")
    text.append(raw: offset.flatMap { names?[$0] } ?? "<corrupt>")
    if isNumbered, case .needed(let number) = kind { text.append(" (\(number))") }
    return text
  }
}
