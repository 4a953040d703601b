// Error numbers of the module system calls, by name (errno(3)), with what they mean here.

/// Why `finit_module` or `init_module` has failed.
public enum Errno: String, Sendable, CaseIterable {
  /// Not permitted.
  case notPermitted = "EPERM"
  /// No such entry: a symbol that nothing exports.
  case noEntry = "ENOENT"
  /// Too much: `.BTF` has a header that this kernel does not know.
  case tooBig = "E2BIG"
  /// The file is no module that this kernel takes.
  case notExecutable = "ENOEXEC"
  /// The descriptor is not open for reading.
  case badDescriptor = "EBADF"
  /// Not enough memory.
  case noMemory = "ENOMEM"
  /// Not allowed: Android keeps a symbol from modules that it has not signed.
  case accessDenied = "EACCES"
  /// Busy.
  case busy = "EBUSY"
  /// It exists already.
  case exists = "EEXIST"
  /// An argument is wrong.
  case invalid = "EINVAL"
  /// No room: a parameter's text is too long.
  case noSpace = "ENOSPC"
  /// A number is too large or too small.
  case outOfRange = "ERANGE"
  /// There is no signature.
  case noData = "ENODATA"
  /// The signature's algorithm is not supported.
  case noPackage = "ENOPKG"
  /// The kernel has no such system call: it was built without modules.
  case noSystemCall = "ENOSYS"
  /// The signature is longer than the kernel reads.
  case messageSize = "EMSGSIZE"
  /// The signature is no message that can be read.
  case badMessage = "EBADMSG"
  /// The kernel was built without it.
  case notSupported = "EOPNOTSUPP"
  /// `.BTF` is of a version that this kernel does not know: an error that programs have no name for.
  case notSupportedInside = "ENOTSUPP"
  /// The kernel has no such key.
  case noKey = "ENOKEY"
  /// The key, or the signature made with it, was rejected.
  case keyRejected = "EKEYREJECTED"

  /// The number, which is the same on all machines but MIPS, PA-RISC, SPARC and Alpha.
  public var number: Int {
    switch self {
    case .notPermitted: 1
    case .noEntry: 2
    case .tooBig: 7
    case .notExecutable: 8
    case .badDescriptor: 9
    case .noMemory: 12
    case .accessDenied: 13
    case .busy: 16
    case .exists: 17
    case .invalid: 22
    case .noSpace: 28
    case .outOfRange: 34
    case .noData: 61
    case .noPackage: 65
    case .noSystemCall: 38
    case .messageSize: 90
    case .badMessage: 74
    case .notSupported: 95
    case .notSupportedInside: 524
    case .noKey: 126
    case .keyRejected: 129
    }
  }

  /// What other programs that load modules say of it: Busybox, module-init-tools, and modprobe where it
  /// has no words of its own (strerror(3)).
  public var otherTexts: [String] {
    switch self {
    case .noEntry:
      ["Unknown symbol in module, or unknown parameter (see dmesg)", "No such file or directory"]
    case .notExecutable: ["Exec format error"]
    case .invalid: ["Invalid argument"]
    default: []
    }
  }

  /// What insmod and modprobe say of it.
  public var text: String {
    switch self {
    case .notPermitted: "Operation not permitted"
    case .noEntry: "Unknown symbol in module"
    case .tooBig: "Argument list too long"
    case .notExecutable: "Invalid module format"
    case .badDescriptor: "Bad file descriptor"
    case .noMemory: "Cannot allocate memory"
    case .accessDenied: "Permission denied"
    case .busy: "Device or resource busy"
    case .exists: "File exists"
    case .invalid: "Invalid parameters"
    case .noSpace: "No space left on device"
    case .outOfRange: "Numerical result out of range"
    case .noData: "No data available"
    case .noPackage: "Package not installed"
    case .noSystemCall: "Function not implemented"
    case .messageSize: "Message too long"
    case .badMessage: "Bad message"
    case .notSupported: "Operation not supported"
    case .notSupportedInside: "Unknown error 524"
    case .noKey: "Required key not available"
    case .keyRejected: "Key was rejected by service"
    }
  }
}
