// Finding modules in directories.

import Glibc

enum PathKind {
  case directory
  case other
  case missing
}

/// What is at `path`, symbolic links followed.
func kind(of path: [UInt8]) -> PathKind {
  var status = stat()
  let result = unsafe withCString(path) { unsafe stat($0, &status) }
  guard result == 0 else { return .missing }
  return status.st_mode & S_IFMT == S_IFDIR ? .directory : .other
}

/// Whether `path` is a regular file, symbolic links followed.
func isRegularFile(_ path: [UInt8]) -> Bool {
  var status = stat()
  let result = unsafe withCString(path) { unsafe stat($0, &status) }
  return result == 0 && status.st_mode & S_IFMT == S_IFREG
}

/// The modules below `directory`, sorted by bytes.
///
/// Symbolic links are not followed, so that `build` and `source` below `/lib/modules` do not lead into
/// a kernel tree; with `followsLinks` they are, as depmod does, but for links of these two names. With
/// `leavesBuildOut` folders that are called so are left out, too. `leftOut` gets what has a module's
/// name, or leads to a folder, and is neither a file nor a folder itself.
func modules(
  below directory: [UInt8], followsLinks: Bool = false, leavesBuildOut: Bool = false,
  failed: (_ path: [UInt8], _ error: SystemError) -> Void,
  leftOut: (_ path: [UInt8]) -> Void = { _ in }
) -> [[UInt8]] {
  var found: [[UInt8]] = []
  var waiting = [directory]
  // Links may lead back to where they are.
  var met: Set<FileIdentity> = []
  if let place = identity(of: directory) { met.insert(place) }
  while let current = waiting.popLast() {
    guard let stream = unsafe withCString(current, { unsafe opendir($0) }) else {
      failed(current, SystemError(errno))
      continue
    }
    defer { unsafe closedir(stream) }
    while let entry = unsafe readdir(stream) {
      let name = unsafe nameBytes(of: entry)
      if name == [0x2e] || name == [0x2e, 0x2e] { continue }
      let path = current.last == 0x2f ? current + name : current + [0x2f] + name
      let isBuild = name.elementsEqual("build".utf8) || name.elementsEqual("source".utf8)
      switch unsafe kind(of: entry.pointee.d_type, at: path) {
      case DT_DIR where isBuild && leavesBuildOut: break
      case DT_DIR:
        // Without links every folder is met once.
        if !followsLinks || identity(of: path).map({ met.insert($0).inserted }) ?? true {
          waiting.append(path)
        }
      case DT_REG where hasModuleName(name): found.append(path)
      case DT_LNK where followsLinks && !isBuild:
        if kind(of: path) == .directory {
          if let place = identity(of: path), met.insert(place).inserted { waiting.append(path) }
        } else if hasModuleName(name), isRegularFile(path) {
          found.append(path)
        }
      case DT_LNK where kind(of: path) == .directory:
        if !isBuild { leftOut(path) }
      default:
        if hasModuleName(name) { leftOut(path) }
      }
    }
  }
  return found.sorted { $0.lexicographicallyPrecedes($1) }
}

/// What tells a file from all others, links to it followed.
private struct FileIdentity: Hashable {
  let device: UInt64
  let number: UInt64
}

private func identity(of path: [UInt8]) -> FileIdentity? {
  var status = stat()
  guard unsafe withCString(path, { unsafe stat($0, &status) }) == 0 else { return nil }
  return FileIdentity(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
}

/// The regular files in `directory` itself, symbolic links to such among them, sorted by bytes.
func regularFiles(in directory: [UInt8]) throws(SystemError) -> [[UInt8]] {
  guard let stream = unsafe withCString(directory, { unsafe opendir($0) }) else {
    throw SystemError(errno)
  }
  defer { unsafe closedir(stream) }
  var found: [[UInt8]] = []
  while let entry = unsafe readdir(stream) {
    let path = unsafe directory + [0x2f] + nameBytes(of: entry)
    if isRegularFile(path) { found.append(path) }
  }
  return found.sorted { $0.lexicographicallyPrecedes($1) }
}

/// The names in `directory`, but `.` and `..`, in no order.
func names(in directory: [UInt8]) -> [[UInt8]] {
  guard let stream = unsafe withCString(directory, { unsafe opendir($0) }) else { return [] }
  defer { unsafe closedir(stream) }
  var found: [[UInt8]] = []
  while let entry = unsafe readdir(stream) {
    let name = unsafe nameBytes(of: entry)
    if name != [0x2e], name != [0x2e, 0x2e] { found.append(name) }
  }
  return found
}

/// The names a module may have on disk.
func hasModuleName(_ name: [UInt8]) -> Bool {
  [".ko", ".ko.gz", ".ko.xz", ".ko.zst"].contains { suffix in
    name.count > suffix.utf8.count && name.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
  }
}

/// Some file systems do not say what an entry is; then it is asked for.
private func kind(of type: UInt8, at path: [UInt8]) -> Int {
  guard type == DT_UNKNOWN else { return Int(type) }
  var status = stat()
  guard unsafe withCString(path, { unsafe lstat($0, &status) }) == 0 else { return DT_UNKNOWN }
  switch status.st_mode & S_IFMT {
  case S_IFDIR: return DT_DIR
  case S_IFREG: return DT_REG
  case S_IFLNK: return DT_LNK
  default: return DT_UNKNOWN
  }
}

@unsafe
private func nameBytes(of entry: UnsafeMutablePointer<dirent>) -> [UInt8] {
  unsafe withUnsafeBytes(of: &entry.pointee.d_name) { buffer in
    unsafe Array(buffer.prefix { $0 != 0 })
  }
}

/// Lends `path` to a C function, ended by a NUL.
@unsafe
func withCString<Result>(
  _ path: [UInt8], _ body: (UnsafePointer<CChar>) -> Result
) -> Result {
  unsafe (path + [0]).withUnsafeBytes { buffer in
    guard let start = buffer.baseAddress else { preconditionFailure("an empty array") }
    return unsafe body(start.assumingMemoryBound(to: CChar.self))
  }
}
