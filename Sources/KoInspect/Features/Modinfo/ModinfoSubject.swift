// What `modinfo` reads of a file, and how kmod calls what can go wrong.

import ELFKit

/// Why `modinfo` has nothing to print, in the system's words for the number kmod gives it.
enum ModinfoProblem: Error {
  /// No regular file at all.
  case missing
  /// The file cannot be opened or read.
  case unreadable(String)
  /// No ELF file at all (`ENOEXEC`).
  case notELF
  /// A damaged ELF file (`EINVAL`).
  case damaged
  /// No `.modinfo` (`ENODATA`).
  case absent

  var message: String {
    switch self {
    case .missing: "No such file or directory"
    case .unreadable(let message): message
    case .notELF: "Exec format error"
    case .damaged: "Invalid argument"
    case .absent: "No data available"
    }
  }
}

/// What a module says about itself. Only header, section table, names, `.modinfo` and the end of
/// the file are read.
struct ModinfoSubject {
  let info: ModuleInfo
  /// The signature's fields; `nil` when the module is unsigned.
  let signature: SignatureFields?
  /// What kmod does not tell about the signature; empty when it is not asked for.
  let oddities: [SignatureOddity]

  /// Reads the module at `path`, and its signature when that is wanted.
  init(
    _ path: [UInt8], _ limits: Input.Limits, withSignature: Bool, withOddities: Bool
  ) throws(ModinfoProblem) {
    let source: AnyByteSource
    do throws(SystemError) {
      source = try Input(path, .ranges, mustBeRegular: true, limits: limits).source
    } catch {
      throw isRegularFile(path) ? .unreadable(error.message) : .missing
    }
    try self.init(source, withSignature: withSignature, withOddities: withOddities)
  }

  init(
    _ source: some ByteSource, withSignature: Bool, withOddities: Bool = false
  ) throws(ModinfoProblem) {
    let image: ELFImage
    do throws(ELFError) {
      image = try ELFImage(source)
    } catch {
      throw Self.problem(error, source.size)
    }
    let names = image.sections.names.bytes
    guard names.count > 0, names[names.count - 1] == 0 else { throw .damaged }
    // What `objcopy --only-keep-debug` leaves has the section but not its bytes.
    guard let section = image.sections.first(named: ".modinfo"), section.header.type != .nobits
    else { throw .absent }
    do throws(ELFError) {
      info = ModuleInfo(try image.bytes(of: section))
    } catch {
      if case .unreadable(let message) = error.reason { throw .unreadable(message) }
      throw .absent
    }
    // A trailer whose lengths are wrong is none to kmod.
    let appended = withSignature ? try? ModuleSignature.read(from: source) : nil
    signature = appended.flatMap(SignatureFields.init)
    oddities = withOddities ? (try? KernelModule(image).signatureOddities()) ?? [] : []
  }

  /// kmod looks at the first six bytes for a compression format before it looks for ELF, and
  /// wants more than an identification.
  private static func problem(_ error: ELFError, _ size: UInt64) -> ModinfoProblem {
    switch error.reason {
    case .unreadable(let message): .unreadable(message)
    case _ where size < 6: .damaged
    case .notELF: .notELF
    default: size <= Identification.byteCount ? .notELF : .damaged
    }
  }
}
