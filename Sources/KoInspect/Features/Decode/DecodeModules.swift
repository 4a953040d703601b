// The modules that a log may be about. Of one name there may be several files: the build that fits the
// log is found among them.

import ELFKit

/// A file that may be the module of a log.
struct DecodedFile {
  let path: [UInt8]
  var traced: TracedModule
  /// The file that lines of the source come from; `nil` when there are none.
  var debug: [UInt8]?
}

/// The files by the names of their modules.
struct DecodeModules {
  private let limits: Input.Limits
  /// Folders that debug files are below.
  private let debug: [[UInt8]]
  /// Files that were named themselves.
  private var given: [(name: ByteSlice, path: [UInt8], module: KernelModule)] = []
  /// Files below folders, by the names that they have there.
  private var trees: [[UInt8]: [[UInt8]]] = [:]
  /// Whether everything that was named could be read.
  var isComplete = true
  /// Whether files or folders were named.
  private(set) var isGiven = false
  /// The kernel that ran, when the log tells.
  var kernel: Kernel?

  init(_ limits: Input.Limits, debug: [[UInt8]]) {
    self.limits = limits
    self.debug = debug + [Array("/usr/lib/debug".utf8)]
  }

  /// The names of the files that were named themselves.
  var givenNames: [ByteSlice] {
    var names: [ByteSlice] = []
    for (name, _, _) in given where !names.contains(name) { names.append(name) }
    return names
  }

  static func isELF(_ source: AnyByteSource) -> Bool {
    guard let magic = try? source.slice(0, 4, in: .fileHeader) else { return false }
    return magic.starts(with: "\u{7f}ELF")
  }

  /// Adds all modules below `folder`. Those in `updates` come before others of their name, as depmod has
  /// it.
  mutating func add(folder: [UInt8], _ console: inout Console) throws(SystemError) {
    isGiven = true
    var problem: SystemError?
    let found = modules(below: folder, followsLinks: true, leavesBuildOut: true) { path, error in
      problem = problem ?? error.named(path)
    }
    if let problem {
      guard !found.isEmpty else { throw problem }
      console.message { $0.escaped(problem.message) }
      isComplete = false
    }
    let isUpdate = { (path: [UInt8]) in
      ByteSlice(Array(path.dropFirst(folder.count))).contains("/updates/")
    }
    for path in found.filter(isUpdate) + found.filter({ !isUpdate($0) }) {
      trees[ModuleName.ofFile(at: path), default: []].append(path)
    }
  }

  /// Adds a file that was named.
  mutating func add(file path: [UInt8], _ console: inout Console) {
    isGiven = true
    do throws(SystemError) {
      add(try Input(path, .ranges, limits: limits), path, &console)
    } catch {
      console.report(path, error.message)
      isComplete = false
    }
  }

  /// Adds a file that has been opened.
  mutating func add(_ input: Input, _ path: [UInt8], _ console: inout Console) {
    isGiven = true
    do throws(ELFError) {
      let module = KernelModule(try ELFImage(input.source))
      guard module.isModule else {
        console.report(path, "not a kernel module")
        isComplete = false
        return
      }
      let name = try module.name().map { ModuleName.folded($0) }
      given.append((name ?? ByteSlice(ModuleName.ofFile(at: path)), path, module))
    } catch {
      console.report(path, error.description)
      isComplete = false
    }
  }

  /// The files that may be the module `name`, best first: those that were named, or else those of
  /// folders.
  mutating func files(named name: ByteSlice, _ console: inout Console) -> [DecodedFile] {
    let wanted = ModuleName.folded(name)
    var files: [DecodedFile] = []
    for (own, path, module) in given where own == wanted {
      trace(module, path, &files, &console)
    }
    guard files.isEmpty else { return files }
    for path in trees[wanted.bytes] ?? [] {
      if let module = open(path, &console) { trace(module, path, &files, &console) }
    }
    return files
  }

  /// A module of a folder; `nil` when it cannot be read, which has been reported.
  private mutating func open(_ path: [UInt8], _ console: inout Console) -> KernelModule? {
    do throws(SystemError) {
      let input = try Input(path, .ranges, mustBeRegular: true, limits: limits)
      do throws(ELFError) { return KernelModule(try ELFImage(input.source)) } catch {
        throw SystemError(error.description)
      }
    } catch {
      console.report(path, error.message)
      isComplete = false
      return nil
    }
  }

  private mutating func trace(
    _ module: KernelModule, _ path: [UInt8], _ files: inout [DecodedFile],
    _ console: inout Console
  ) {
    do throws(ELFError) {
      let traced = try TracedModule(module, in: kernel, Compression.sectionUnpacker(limits))
      var file = DecodedFile(path: path, traced: traced)
      if traced.hasLines { file.debug = path } else { addDebug(path, &file) }
      files.append(file)
    } catch {
      console.report(path, error.description)
      isComplete = false
    }
  }

  /// Looks for the debug information of a module where distributions put it. A file that is not of this
  /// build is passed over; so is one that cannot be read.
  private func addDebug(_ path: [UInt8], _ file: inout DecodedFile) {
    let link = DebugLink(file.traced.module.image)
    for place in DebugPlaces(path, file.traced.buildID, link, below: debug).paths
    where place != path && isRegularFile(place) {
      guard let input = try? Input(place, .ranges, mustBeRegular: true, limits: limits),
        let image = try? ELFImage(input.source)
      else { continue }
      // Without a build id the sum of the link is the only proof, and costs reading the whole file.
      let isProven =
        file.traced.buildID == nil
        && link.map {
          place.suffix($0.name.count).elementsEqual($0.name) && $0.leads(to: input.source)
        }
          ?? false
      if (try? file.traced.addDebug(image, isProven: isProven)) == true {
        file.debug = place
        return
      }
    }
  }

  /// Prints the sites of all modules.
  mutating func writeSites(
    isJSON: Bool, _ console: inout Console
  ) throws(SystemError) -> ExitStatus {
    var files = given.map { (path: $0.path, module: $0.module) }
    for path in trees.values.flatMap({ $0 }).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      if let module = open(path, &console) { files.append((path, module)) }
    }
    for file in files {
      do throws(ELFError) {
        try SitesReport.write(file.module, file.path, isJSON: isJSON, &console.out)
      } catch {
        console.report(file.path, error.description)
        isComplete = false
      }
    }
    return .clean
  }
}
