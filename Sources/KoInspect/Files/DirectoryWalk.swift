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
/// name, or leads to a folder, and is not looked at; but not the two links of `/lib/modules/RELEASE`,
/// which everybody has. A link that leads nowhere `failed` when it has a module's name, or when
/// nobody knows what lies behind it.
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
    var entries: [FolderReader.Entry] = []
    do throws(SystemError) {
      let folder = try FolderReader(current)
      // What was read before an error counts: the folder fails, and no module is hidden by it.
      while let entry = try folder.next() { entries.append(entry) }
    } catch {
      failed(current, error)
    }
    for entry in entries {
      let name = entry.name
      let path =
        current.last == UInt8(ascii: "/") ? current + name : current + [UInt8(ascii: "/")] + name
      let isBuild = name.elementsEqual("build".utf8) || name.elementsEqual("source".utf8)
      let kind: Int
      do throws(SystemError) { kind = try entryKind(entry.type, at: path) } catch {
        failed(path, error)
        continue
      }
      switch kind {
      case DT_DIR where isBuild && leavesBuildOut: break
      case DT_DIR:
        // Without links every folder is met once.
        if !followsLinks || identity(of: path).map({ met.insert($0).inserted }) ?? true {
          waiting.append(path)
        }
      case DT_REG where hasModuleName(name): found.append(path)
      case DT_LNK where isBuild && isTreeOfModules(current): break
      case DT_LNK:
        do throws(SystemError) {
          if KoInspect.kind(of: path) == .directory {
            guard followsLinks, !isBuild else {
              leftOut(path)
              continue
            }
            if let place = identity(of: path), met.insert(place).inserted { waiting.append(path) }
          } else if hasModuleName(name) {
            guard status(of: path) != nil else { throw SystemError(errno, at: path) }
            if followsLinks, isRegularFile(path) { found.append(path) } else { leftOut(path) }
          } else {
            _ = try statusOrNothing(of: path)
          }
        } catch {
          failed(path, error)
        }
      default:
        if hasModuleName(name) { leftOut(path) }
      }
    }
  }
  return found.sorted { $0.lexicographicallyPrecedes($1) }
}

/// Whether `folder` is one that `make modules_install` or depmod made: that has the links `build` and
/// `source` to where its kernel was built (scripts/Makefile.modinst), which are not its modules.
private func isTreeOfModules(_ folder: [UInt8]) -> Bool {
  ["kernel", "modules.order", "modules.dep"].contains { isThere(folder + Array("/\($0)".utf8)) }
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
  let folder = try FolderReader(directory)
  var found: [[UInt8]] = []
  while let entry = try folder.next() {
    let path = directory + [UInt8(ascii: "/")] + entry.name
    if isRegularFile(path) { found.append(path) }
  }
  return found.sorted { $0.lexicographicallyPrecedes($1) }
}

/// The names in `directory`, in no order.
func names(in directory: [UInt8]) throws(SystemError) -> [[UInt8]] {
  let folder = try FolderReader(directory)
  var found: [[UInt8]] = []
  while let entry = try folder.next() { found.append(entry.name) }
  return found
}

/// The names a module may have on disk.
func hasModuleName(_ name: [UInt8]) -> Bool {
  [".ko", ".ko.gz", ".ko.xz", ".ko.zst"].contains { suffix in
    name.count > suffix.utf8.count && name.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
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
