// The modules of a kernel by name, and the order in which modprobe would load one.

import ELFKit

/// Where the modules of a tree are.
struct ModuleTree: Sendable {
  /// Paths by name, dashes as the kernel has them.
  private var paths: [[UInt8]: [UInt8]] = [:]

  /// Adds files; of one name the first counts.
  mutating func add(_ files: [[UInt8]]) {
    for file in files {
      let name = ModuleName.ofFile(at: file)
      if paths[name] == nil { paths[name] = file }
    }
  }

  /// Adds those of another tree; of one name the first counts.
  mutating func add(_ other: ModuleTree) { paths.merge(other.paths) { first, _ in first } }

  /// The file of the module that `depends=` calls `name`.
  func path(_ name: ByteSlice) -> [UInt8]? { paths[ModuleName.normalized(name: name.bytes)] }

  var isEmpty: Bool { paths.isEmpty }
}
