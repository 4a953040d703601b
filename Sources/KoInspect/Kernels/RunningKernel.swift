// The kernel that runs here, as /proc, /sys and uname tell.

import ELFKit

extension KernelDescription {
  /// Adds what is known of the running kernel. What is not there stays unknown.
  mutating func addRunning() throws(SystemError) {
    let release = runningRelease()
    kernel.release = ByteSlice(release)
    let tree = Array("/lib/modules/".utf8) + release
    if kind(of: tree) == .directory { try addInstalled(tree) }
    if kernel.config == nil, let text = try readIfThere(Array("/proc/config.gz".utf8)) {
      try addConfig(text: text)
    }
    if kind(of: tree) == .directory { try addModules(tree, isInstalled: true) }
    if let text = text("/proc/cmdline") { setCommandLine(text) }
    if let mask = text("/proc/sys/kernel/tainted").flatMap({ TaintMask(ByteSlice($0)) }) {
      kernel.state.taints = mask
    }
    // The file is there whether or not a module is loaded; where /proc itself is missing nothing tells.
    if kind(of: Array("/proc/version".utf8)) != .missing {
      kernel.runsWithModules = kind(of: Array("/proc/modules".utf8)) != .missing
    }
    kernel.isModulesDisabled = text("/proc/sys/kernel/modules_disabled")?.first == UInt8(ascii: "1")
    kernel.enforcesSignatures = text("/sys/module/module/parameters/sig_enforce").map {
      $0.first == UInt8(ascii: "Y")
    }
    // `none [integrity] confidentiality`: the brackets are around what holds.
    kernel.isLockedDown = text("/sys/kernel/security/lockdown").map {
      !ByteSlice($0).contains("[none]")
    }
    kernel.processorFlags = text("/proc/cpuinfo").flatMap(Self.processorFlags)
    for line in (text("/proc/modules") ?? []).split(separator: UInt8(ascii: "\n")) {
      kernel.state.modules.append(Self.module(ByteSlice(Array(line))))
    }
    let directories = (try? names(in: Array("/sys/module".utf8))) ?? []
    if !directories.isEmpty {
      let loaded = Set(kernel.state.modules.map { $0.name })
      kernel.builtIns.formUnion(directories.map { ByteSlice($0) }.filter { !loaded.contains($0) })
      kernel.hasBuiltIns = true
    }
  }

  /// `flags : fpu vme …` (x86) or `Features : fp asimd …` (AArch64): a feature that the command line
  /// switches off is not there. `nil` without such a line.
  static func processorFlags(_ text: [UInt8]) -> Set<ByteSlice>? {
    for line in text.split(separator: UInt8(ascii: "\n")) {
      let line = ByteSlice(Array(line))
      guard line.starts(with: "flags") || line.starts(with: "Features"),
        let colon = line.firstIndex(of: UInt8(ascii: ":"))
      else { continue }
      let words = line.suffix(from: colon + 1).split(separator: UInt8(ascii: " ")).map {
        ByteSlice($0)
      }
      return Set(words.filter { $0.equals("ibt") || $0.equals("bti") }.map { $0.copied() })
    }
    return nil
  }

  /// `name size users list state address (taints)`
  private static func module(_ line: ByteSlice) -> LoadedModule {
    let taints = line.firstIndex(of: UInt8(ascii: "(")).flatMap { TaintMask(line.suffix(from: $0)) }
    return LoadedModule(
      name: line.prefix(until: UInt8(ascii: " ")).copied(),
      taints: taints ?? TaintMask(rawValue: 0),
      exports: nil)
  }

  private func text(_ path: String) -> [UInt8]? {
    guard let file = try? FileDescriptor(opening: Array(path.utf8)) else { return nil }
    return try? file.readToEnd(Input.Limits(maxSize: 1 << 24))
  }
}
