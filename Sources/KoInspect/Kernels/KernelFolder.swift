// Folders that describe a kernel: where it was built, the headers that a package installs, and
// `/lib/modules/RELEASE`, which leads to them or stands alone.

import ELFKit

extension KernelDescription {
  /// A build or headers directory, a folder such as `/lib/modules/RELEASE`, or a saved target.
  mutating func addKernel(_ path: [UInt8]) throws(SystemError) {
    guard kind(of: path) == .directory else { return try addSaved(try read(path).bytes) }
    if try addBuild(path) { return }
    guard isInstalled(path) else {
      throw SystemError(
        "neither a kernel's build or headers directory (.config, Module.symvers), nor its modules "
          + "(/lib/modules/RELEASE), nor a saved target")
    }
    try addInstalled(path)
    try addModules(path, isInstalled: true)
    // The folder is called so; a module that tells it, or the headers, are surer.
    let name = InstalledPaths(path).release
    if kernel.release == nil, KernelVersion(release: name) != nil { kernel.release = name }
  }

  /// What a build or headers directory tells; `false` when it is none.
  private mutating func addBuild(_ folder: [UInt8]) throws(SystemError) -> Bool {
    var found = false
    if let release = try release(of: folder) {
      kernel.release = release
      found = true
    }
    if let text = try readIfThere(folder + Array("/.config".utf8)) {
      try addConfig(text: text)
      found = true
    }
    if let text = try readIfThere(folder + Array("/Module.symvers".utf8)) {
      guard try addOwnSymvers(text: text) else {
        throw SystemError("Module.symvers: \(Self.noSymbols)")
      }
      found = true
    }
    return found
  }

  /// What is said of a list that an interrupted build has left: with it no symbol would be looked for.
  static let noSymbols = "no symbol in this list: the build that wrote it was interrupted"

  /// The release that modules get. Debian's packages have another one, without the ABI's number, in
  /// `kernel.release`.
  private mutating func release(of folder: [UInt8]) throws(SystemError) -> ByteSlice? {
    if let text = try readIfThere(folder + Array("/include/generated/utsrelease.h".utf8)) {
      let words = text.bytes.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
      if words.count >= 3, words[1].elementsEqual("UTS_RELEASE".utf8), words[2].count > 2 {
        return ByteSlice(Array(words[2].dropFirst().dropLast()))
      }
    }
    let text = try readIfThere(folder + Array("/include/config/kernel.release".utf8))
    return text.map { ByteSlice($0.prefix(until: 0x0a).bytes) }
  }

  /// Whether `folder` is one that `make modules_install` or depmod made.
  private func isInstalled(_ folder: [UInt8]) -> Bool {
    ["build", "kernel", "modules.builtin", "modules.order", "modules.dep"].contains { name in
      kind(of: folder + Array("/\(name)".utf8)) != .missing
    }
  }

  /// What lies in `/lib/modules/RELEASE` and beside it but the modules: what the kernel was built
  /// from, its configuration, its symbols. Any of it may be missing.
  mutating func addInstalled(_ folder: [UInt8]) throws(SystemError) {
    let paths = InstalledPaths(folder)
    // Without the headers' package the link leads nowhere, and nothing is named below it.
    _ = try addBuild(paths.build)
    for path in paths.configs where kernel.config == nil {
      if let text = try readIfThere(path) { try addConfig(text: text) }
    }
    for path in paths.symvers where !kernel.symbols.isComplete {
      if let text = try readIfThere(path) { try addSymvers(text: text) }
    }
  }
}

/// Where distributions put what belongs to `/lib/modules/RELEASE`: Debian and SUSE into `/boot`,
/// Fedora and RHEL into the folder itself.
struct InstalledPaths {
  let release: ByteSlice
  let build: [UInt8]
  let configs: [[UInt8]]
  let symvers: [[UInt8]]
  /// The folders with the configuration of its system's depmod (depmod.d(5)).
  let depmod: [[UInt8]]

  init(_ folder: [UInt8]) {
    var folder = folder
    while folder.count > 1, folder.last == UInt8(ascii: "/") { folder.removeLast() }
    let name = fileName(of: folder)
    release = ByteSlice(Array(name))
    build = folder + Array("/build".utf8)
    var configs = [folder + Array("/config".utf8)]
    let suffixes = [".gz", ".xz", ".zst", ""].map { Array($0.utf8) }
    var symvers = suffixes.map { folder + Array("/symvers".utf8) + $0 }
    // A system that is mounted elsewhere has its own /boot.
    let above = folder.dropLast(name.count)
    if let middle = ["/usr/lib/modules/", "/lib/modules/"].first(where: { above.hasSuffix($0) }) {
      let root = Array(above.dropLast(middle.utf8.count))
      let boot = root + Array("/boot/".utf8)
      configs.append(boot + Array("config-".utf8) + name)
      symvers += suffixes.map { boot + Array("symvers-".utf8) + name + $0 }
      depmod = ["run", "etc", "usr/local/lib", "usr/lib", "lib"].map {
        root + Array("/\($0)/depmod.d".utf8)
      }
    } else {
      depmod = []
    }
    self.configs = configs
    self.symvers = symvers
  }
}

extension ArraySlice<UInt8> {
  fileprivate func hasSuffix(_ text: String) -> Bool {
    suffix(text.utf8.count).elementsEqual(text.utf8)
  }
}
