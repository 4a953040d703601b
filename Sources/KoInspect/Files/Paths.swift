// What paths mean: links followed, owners, places relative to each other.

import Glibc

/// What is at `path`, symbolic links followed; `nil` when nothing is.
func status(of path: [UInt8]) -> stat? {
  var result = stat()
  return unsafe withCString(path) { unsafe stat($0, &result) } == 0 ? result : nil
}

/// The same, where something that cannot be looked at is an error and not taken for nothing: only a
/// missing name is nothing, and a link that leads to one, or to itself.
func statusOrNothing(of path: [UInt8]) throws(SystemError) -> stat? {
  var result = stat()
  if unsafe withCString(path, { unsafe stat($0, &result) }) == 0 { return result }
  guard [ENOENT, ENOTDIR, ELOOP].contains(errno) else { throw SystemError(errno) }
  return nil
}

/// Whether a file, a folder or a link has this name; an error when that cannot be known.
func isNamed(_ path: [UInt8]) throws(SystemError) -> Bool {
  var result = stat()
  if unsafe withCString(path, { unsafe lstat($0, &result) }) == 0 { return true }
  guard [ENOENT, ENOTDIR].contains(errno) else { throw SystemError(errno) }
  return false
}

/// Whether a file, a folder or a link has this name.
func isThere(_ path: [UInt8]) -> Bool {
  var result = stat()
  return unsafe withCString(path) { unsafe lstat($0, &result) } == 0
}

/// The folder that holds what `path` names.
func folder(of path: [UInt8]) -> [UInt8] {
  guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return [UInt8(ascii: ".")] }
  return slash == 0 ? [UInt8(ascii: "/")] : Array(path[..<slash])
}

/// The name of what `path` leads to: what is behind its last slash.
func fileName(of path: [UInt8]) -> ArraySlice<UInt8> {
  path[((path.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)...]
}

/// The path without links, or `nil` when there is nothing.
func realPath(_ path: [UInt8]) -> [UInt8]? {
  guard let text = unsafe withCString(path, { unsafe realpath($0, nil) }) else { return nil }
  defer { unsafe free(text) }
  let length = unsafe strlen(text)
  return (0..<length).map { unsafe UInt8(bitPattern: text[$0]) }
}

/// The path of a file, its folder's links followed but not its own: what the file is called there.
func absolutePath(_ path: [UInt8]) -> [UInt8] {
  let name = fileName(of: path)
  guard var folder = realPath(folder(of: path)) else { return path }
  if folder != [UInt8(ascii: "/")] { folder.append(UInt8(ascii: "/")) }
  return folder + name
}

/// `path` as it is called from `folder`; both are absolute.
func relativePath(_ path: [UInt8], to folder: [UInt8]) -> [UInt8] {
  let names = path.split(separator: UInt8(ascii: "/"))
  let parents = folder.split(separator: UInt8(ascii: "/"))
  let common = zip(names, parents).prefix { $0 == $1 }.count
  let ups = [ArraySlice<UInt8>](
    repeating: [UInt8(ascii: "."), UInt8(ascii: ".")], count: parents.count - common)
  return Array((ups + names[common...]).joined(separator: [UInt8(ascii: "/")]))
}

/// What the link at `path` says where it leads; `nil` when there is no link.
func linkTarget(_ path: [UInt8]) -> [UInt8]? {
  var buffer = [CChar](repeating: 0, count: 4096)
  let count = unsafe withCString(path) { unsafe readlink($0, &buffer, 4096) }
  guard count >= 0 else { return nil }
  return buffer[..<count].map { UInt8(bitPattern: $0) }
}

/// The file that would be written at `path`: links are followed, also one that leads to nothing yet.
func resolved(_ path: [UInt8]) throws(SystemError) -> [UInt8] {
  var path = path
  // As many as the kernel follows (MAXSYMLINKS, linux/namei.h).
  for _ in 0..<40 {
    guard let target = linkTarget(path) else { return path }
    let start = path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
    path = target.first == UInt8(ascii: "/") ? target : path[..<start] + target
  }
  throw SystemError(ELOOP)
}

/// The number of the open file that a path such as `/dev/stdout` means, or `nil`.
func openFile(named path: [UInt8]) -> Int32? {
  let text = String(decoding: path, as: UTF8.self)
  switch text {
  case "/dev/stdout": return STDOUT_FILENO
  case "/dev/stderr": return STDERR_FILENO
  default:
    for prefix in ["/dev/fd/", "/proc/self/fd/"] where text.hasPrefix(prefix) {
      return Int32(text.dropFirst(prefix.count))
    }
    return nil
  }
}

/// Whether who runs this, or the system's administrator, owns what is at `path`; and, when that is a
/// symbolic link, the link as well: who made it chose the file. Under sudo who called it counts, too.
func isOwnedByUs(_ path: [UInt8]) -> Bool {
  var link = stat()
  guard unsafe withCString(path, { unsafe lstat($0, &link) }) == 0,
    let file = status(of: path)
  else { return false }
  return isOurs(link.st_uid) && isOurs(file.st_uid)
}

private func isOurs(_ owner: uid_t) -> Bool {
  if owner == 0 || owner == geteuid() { return true }
  guard geteuid() == 0, let caller = Environment.process.variable("SUDO_UID") else { return false }
  return UInt32(caller) == owner
}

/// Opens 0, 1 and 2 when who started the process closed them: else the first file that is opened,
/// a report perhaps, would get what is meant for people. They cannot be used the way they are meant,
/// so that nobody takes what is lost for what was written.
func openStandardDescriptors() {
  let modes = [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)]
  for (number, mode) in modes where fcntl(number, F_GETFD) < 0 {
    // The lowest free number is the one that is missing.
    if unsafe open("/dev/null", mode) < 0 { _ = unsafe open("/", O_RDONLY | O_DIRECTORY) }
  }
}
