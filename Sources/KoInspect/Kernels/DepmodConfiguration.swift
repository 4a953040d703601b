// Which files of depmod.d count, and what they say of a kernel (depmod.d(5)).

import ELFKit

extension KernelDescription {
  /// The order of the tree `folder` of modules: by the files `named`, or, where none is, by those of the system
  /// that the tree is a part of. What is not understood is reported.
  mutating func searchOrder(
    of folder: [UInt8], named: [[UInt8]], _ console: inout Console
  ) throws(SystemError) -> SearchOrder {
    let installed = InstalledPaths(folder)
    var order = SearchOrder()
    for path in named.isEmpty ? try configurations(installed.depmod) : named {
      let text: ByteSlice
      do throws(SystemError) { text = try read(path) } catch { throw error.named(path) }
      var unread: [ByteSlice] = []
      let mistakes = order.add(text) { pattern in
        let answer = matches(installed.release.bytes, pattern: pattern.bytes)
        if answer == nil { unread.append(pattern) }
        return answer ?? false
      }
      for number in mistakes {
        console.report(path, "line \(number) is none of search, override, external and exclude")
      }
      for pattern in unread {
        console.report(path, "a pattern for kernels that is not understood: \(pattern.text)")
      }
    }
    return order
  }

  /// Adds the modules of the folders outside of the tree that `order` names. One that cannot be read is
  /// reported.
  mutating func addExternals(of order: SearchOrder, _ console: inout Console) {
    for external in order.externals {
      do throws(SystemError) {
        try addModules(external.bytes, isExternal: true)
      } catch {
        console.report(external.bytes, error.message)
      }
    }
  }

  /// The files `*.conf` of `folders` by their names; one of an earlier folder hides those of the same name.
  private func configurations(_ folders: [[UInt8]]) throws(SystemError) -> [[UInt8]] {
    var files: [(name: [UInt8], path: [UInt8])] = []
    for folder in folders where kind(of: folder) == .directory {
      for path in try regularFiles(in: folder) where path.suffix(5).elementsEqual(".conf".utf8) {
        let name = Array(path.dropFirst(folder.count))
        if !files.contains(where: { $0.name == name }) { files.append((name, path)) }
      }
    }
    return files.sorted { $0.name.lexicographicallyPrecedes($1.name) }.map { $0.path }
  }
}
