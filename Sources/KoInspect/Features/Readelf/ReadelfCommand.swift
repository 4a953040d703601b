// `koinspect readelf`: GNU readelf's tables, byte for byte.

import ELFKit

enum ReadelfCommand {
  static func run(_ console: inout Console, _ arguments: [[UInt8]]) -> ExitStatus {
    let parsed: ParsedArguments<ReadelfOptions.Name>
    do throws(OptionError) {
      parsed = try OptionParser(table: ReadelfOptions.table).parse(
        ResponseFiles.expanded(arguments))
    } catch {
      console.err.append("readelf: ")
      console.err.append(error.getoptMessage)
      console.err.newline()
      return usage(&console)
    }
    if parsed.has(.help) {
      console.out.append(help.text)
      return .clean
    }
    if parsed.has(.version) {
      console.out.append("\(Version.text)readelf mode: the output of GNU readelf 2.40\n")
      return .clean
    }
    let options = ReadelfOptions(parsed, escapes: console.environment.outputIsTerminal()) {
      console.complain($0)
    }
    if let unsupported = [.dwarf, .ctf].first(where: { options.has($0) }) {
      let letter = unsupported == .dwarf ? "-w" : "--ctf"
      console.message { $0.append("\(letter) is not offered: use readelf or llvm-dwarfdump") }
      return .failure
    }
    guard !options.tables.isEmpty || !options.dumps.isEmpty else { return usage(&console) }
    guard !parsed.operands.isEmpty else {
      console.warn("Nothing to do.")
      return usage(&console)
    }
    let paths = parsed.operands
    let areGood = OrderedWork.run(paths.count, &console) { item, console in
      inspect(paths[item], options, namesFile: paths.count > 1, &console)
    }
    return areGood.allSatisfy { $0 } ? .clean : .findings
  }

  /// One file; false when something was wrong with it.
  private static func inspect(
    _ path: [UInt8], _ options: ReadelfOptions, namesFile: Bool, _ console: inout Console
  ) -> Bool {
    let source: AnyByteSource
    do throws(SystemError) {
      source = try Input.open(path, .ranges)
    } catch {
      let name = String(decoding: path, as: UTF8.self)
      switch kind(of: path) {
      case .missing: console.complain("'\(name)': No such file")
      case .directory: console.complain("'\(name)' is not an ordinary file")
      case .other: console.complain("\(name): \(error.message)")
      }
      return false
    }
    return inspect(source, path, options, namesFile: namesFile, &console)
  }

  /// One file that is open. Touches nothing but its parameters, so files may be shown in parallel.
  static func inspect(
    _ source: some ByteSource, _ path: [UInt8], _ options: ReadelfOptions, namesFile: Bool,
    _ console: inout Console
  ) -> Bool {
    let name = String(decoding: path, as: UTF8.self)
    guard source.size >= 8 else {
      console.complain("\(name): Failed to read file's magic number")
      return false
    }
    guard source.size >= UInt64(FileHeader.byteCount(announcedIn: source)) else {
      console.complain("\(name): Failed to read file header")
      return false
    }
    if namesFile, !options.isJSON {
      console.out.append("\nFile: ")
      console.out.untrusted(ByteSlice(path), options)
      console.out.newline()
    }
    do throws(ELFError) {
      let file = try ReadelfFile(source, path: path, options)
      return options.isJSON ? file.writeJSON(to: &console) : file.write(to: &console)
    } catch  where error.reason == .notELF {
      console.complain("Not an ELF file - it has the wrong magic bytes at the start")
      return false
    } catch {
      console.complain("\(name): \(error)")
      return false
    }
  }

  private static func usage(_ console: inout Console) -> ExitStatus {
    console.out.flush()
    console.err.append("usage: koinspect readelf OPTIONS FILE…\n")
    console.err.append("Try 'koinspect readelf --help'.\n")
    return .findings
  }

  static var help: CommandHelp {
    CommandHelp(
      usage: "koinspect readelf OPTIONS FILE…",
      about: "Prints what GNU readelf 2.40 prints of any ELF file, byte for byte.",
      examples: [
        ("koinspect readelf -h hello.ko", "the ELF header"),
        ("koinspect readelf -SW hello.ko", "the sections, one line each"),
        ("koinspect readelf -sW hello.ko", "the symbols, names not cut"),
        ("koinspect readelf -rW hello.ko", "the relocations"),
        ("koinspect readelf -p .modinfo hello.ko", "a section as strings"),
        ("koinspect readelf -lW vmlinux", "the segments, and which sections are in them"),
      ],
      options: ReadelfOptions.table)
  }
}
