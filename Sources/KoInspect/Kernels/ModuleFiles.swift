// The modules of a kernel by name, as files.

import ELFKit

/// Where modules are.
struct ModuleFiles: Sendable {
  /// Paths by name, dashes as the kernel has them.
  private var paths: [[UInt8]: [UInt8]] = [:]

  /// Adds files; of one name the first counts.
  mutating func add(_ files: [[UInt8]]) {
    for file in files {
      let name = ModuleName.ofFile(at: file)
      if paths[name] == nil { paths[name] = file }
    }
  }

  /// Adds those of another list; of one name the first counts.
  mutating func add(_ other: ModuleFiles) {
    for (name, path) in other.paths where paths[name] == nil { paths[name] = path }
  }

  /// The file of the module that `depends=` calls `name`.
  func path(_ name: ByteSlice) -> [UInt8]? { paths[ModuleName.normalized(name: name.bytes)] }
}
