// What the toolchain's `Glibc` adds to the headers, for Embedded Swift, which comes without it.

@_exported public import CGlibc

/// The error number of this thread.
public var errno: Int32 {
  @inline(__always) get { unsafe __errno_location().pointee }
  @inline(__always) set { unsafe __errno_location().pointee = newValue }
}

public var S_IFMT: mode_t { 0o170000 }
public var S_IFLNK: mode_t { 0o120000 }
public var S_IFREG: mode_t { 0o100000 }
public var S_IFDIR: mode_t { 0o040000 }

public func open(_ path: UnsafePointer<CChar>, _ flags: Int32, _ mode: mode_t = 0) -> Int32 {
  unsafe koinspect_open(path, flags, mode)
}

public func fcntl(_ descriptor: Int32, _ command: Int32, _ value: Int32 = 0) -> Int32 {
  koinspect_fcntl(descriptor, command, value)
}

public func ioctl(_ descriptor: Int32, _ request: UInt, _ value: UnsafeMutableRawPointer) -> Int32 {
  unsafe koinspect_ioctl(descriptor, request, value)
}
