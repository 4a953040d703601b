// What an image needs for some modules: their files, those of all that they need or may load, and firmware.

import ELFKit

struct DependencyClosure {
  private let subject: DependencySubject

  init(_ subject: DependencySubject) { self.subject = subject }

  func write(_ console: inout Console) -> ExitStatus {
    let graph = subject.tree.graph
    let loaded = graph.probeOrder(of: subject.modules)
    // What modules may ask for later, and what that needs in turn.
    var all = loaded
    var seen = Set(loaded)
    var position = 0
    while position < all.count {
      if case .file(let file) = all[position] {
        let weak = graph.needs(of: file).filter { $0.reason == .weak || $0.reason == .requested }
          .flatMap { $0.meanings }
        for module in graph.probeOrder(of: weak) where seen.insert(module).inserted {
          all.append(module)
        }
      }
      position += 1
    }
    var status = ExitStatus.clean
    var (files, bytes): (Int, UInt64) = (0, 0)
    var firmware: [ByteSlice] = []
    var known: Set<ByteSlice> = []
    for (number, module) in all.enumerated() {
      guard case .file(let position) = module else { continue }
      let path = subject.tree.path(of: position)
      do throws(SystemError) {
        let size = try FileDescriptor(opening: path, mustBeRegular: true).regularSize() ?? 0
        var line = TextBuffer()
        line.decimal(size, width: 10)
        line.append("  ")
        line.escaped(path)
        if number >= loaded.count { line.append("  (weak)") }
        console.out.append(line)
        console.out.newline()
        files += 1
        bytes = bytes.addingReportingOverflow(size).partialValue
      } catch {
        console.report(path, error.message)
        status = .failure
      }
      for need in graph.members[position].firmware(in: nil) where known.insert(need.name).inserted {
        firmware.append(need.name)
      }
    }
    console.out.decimal(bytes, width: 10)
    console.out.append("  bytes in \(Quantity.count(files, "file"))\n")
    if !firmware.isEmpty {
      console.out.append("firmware, \(Quantity.count(firmware.count, "file")):\n")
      for name in firmware {
        console.out.append("  ")
        console.out.escaped(name)
        console.out.newline()
      }
    }
    return status
  }
}
