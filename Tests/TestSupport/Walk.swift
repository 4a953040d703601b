// Everything ELFKit can be asked about a file, asked at once: for files that are damaged.

package import ELFKit

package enum Walk {
  /// Asks for every view and fact of `bytes`; returns the errors. Nothing may trap.
  package static func everything(_ bytes: [UInt8]) -> [ELFError] {
    do throws(ELFError) {
      let image = try ELFImage(bytes)
      return views(of: image) + facts(of: KernelModule(image))
    } catch {
      return [error]
    }
  }

  /// Asks for every view of `image`.
  package static func views(of image: ELFImage) -> [ELFError] {
    var errors: [ELFError] = []
    for section in image.sections { visit(section, of: image, &errors) }
    attempt(&errors) { () throws(ELFError) in _ = try image.programHeaders().map(\.type) }
    return errors
  }

  /// Asks for every fact about `module`, and applies every rule with what is known besides.
  package static func facts(
    of module: KernelModule, _ context: CheckContext = CheckContext()
  ) -> [ELFError] {
    var errors: [ELFError] = []
    facts(module, context, &errors)
    return errors
  }

  private static func visit(
    _ section: Section, of image: ELFImage, _ errors: inout [ELFError]
  ) {
    attempt(&errors) { () throws(ELFError) in
      switch section.header.type {
      case .symtab, .dynsym:
        for symbol in try image.symbols(in: section) { _ = symbol.name.count }
      case .rela, .rel:
        for relocation in try image.relocations(in: section) { _ = relocation.type }
      case .note:
        for note in try image.notes(in: section) {
          if case .failure(let error) = note { throw error }
        }
      case .group:
        _ = try image.group(in: section).members.count
      default:
        _ = try image.bytes(of: section)
      }
    }
  }

  private static func facts(
    _ module: KernelModule, _ context: CheckContext, _ errors: inout [ELFError]
  ) {
    _ = module.isModule
    attempt(&errors) { () throws(ELFError) in _ = try module.name() }
    attempt(&errors) { () throws(ELFError) in _ = try module.parameters() }
    attempt(&errors) { () throws(ELFError) in _ = try module.imports() }
    attempt(&errors) { () throws(ELFError) in _ = try module.exports() }
    attempt(&errors) { () throws(ELFError) in _ = try module.taints() }
    attempt(&errors) { () throws(ELFError) in _ = try module.signature()?.message() }
    _ = module.buildNotes()
    attempt(&errors) { () throws(ELFError) in _ = try module.toolchain() }
    attempt(&errors) { () throws(ELFError) in _ = try module.aliases() }
    attempt(&errors) { () throws(ELFError) in _ = try module.deviceTables() }
    _ = module.memory()
    for section in module.image.sections { _ = module.entryCount(of: section, nil) }
    let facts = ModuleFacts(module, context)
    errors += facts.errors
    for rule in Rule.all { _ = rule.findings(in: facts) }
  }

  private static func attempt(
    _ errors: inout [ELFError], _ body: () throws(ELFError) -> Void
  ) {
    do throws(ELFError) { try body() } catch { errors.append(error) }
  }
}
