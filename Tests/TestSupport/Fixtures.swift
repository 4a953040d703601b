// The folder of fixtures, found from where this file lies.

package import Foundation

package enum Fixtures {
  /// The folder `Fixtures`.
  package static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures")

  /// The paths of all modules below it, relative to it, sorted. Of the forty builds of one driver the first
  /// stands for all.
  package static let modules: [String] = names.filter {
    $0.hasSuffix(".ko") && (!$0.hasPrefix("pairs/") || $0 == "pairs/base.ko")
  }

  /// The paths of all files below it, relative to it, sorted.
  package static let names: [String] = {
    let found = FileManager.default.enumerator(atPath: folder.path)?.allObjects ?? []
    return found.compactMap { $0 as? String }.sorted()
  }()

  /// The path of one file. A module has a folder of its own, which needs no naming: `arm64/hello.ko` is
  /// `arm64/hello/hello.ko`, and `hello.x509.der` lies beside `hello/hello.ko`.
  package static func path(_ name: String) -> String {
    let file = folder.appending(path: name)
    guard !FileManager.default.fileExists(atPath: file.path) else { return file.path }
    let stem = [".ko", ".x509.der"].first(where: name.hasSuffix).map { name.dropLast($0.count) }
    guard let stem else { return file.path }
    return folder.appending(path: String(stem)).appending(path: file.lastPathComponent).path
  }

  /// The bytes of one file, named as for `path`.
  package static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: path(name))))
  }
}

/// What only the nightly script asks for: a clock says little on a machine that others use as well.
package enum Nightly {
  /// Whether the variable `NIGHTLY` is set (Scripts/nightly).
  package static let isOn = ProcessInfo.processInfo.environment["NIGHTLY"] != nil
}
