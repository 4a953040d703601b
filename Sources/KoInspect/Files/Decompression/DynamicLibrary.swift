// Libraries of the system that are opened when they are needed, so that nothing has to be
// installed to read plain files.

import Glibc

/// A shared library that stays open until the process ends.
@safe
struct DynamicLibrary: @unchecked Sendable {
  private let handle: UnsafeMutableRawPointer

  /// Opens the library with this file name, or gives `nil` when the system has none.
  init?(_ name: String) {
    guard let handle = unsafe dlopen(name, RTLD_NOW | RTLD_LOCAL) else { return nil }
    unsafe self.handle = handle
  }

  /// The function called `name` as `type`, which must be its C type; `nil` when there is none.
  @unsafe
  func function<Function>(_ name: String, as type: Function.Type) -> Function? {
    guard let symbol = unsafe dlsym(handle, name) else { return nil }
    return unsafe unsafeBitCast(symbol, to: type)
  }

  /// The function called `name`, as the C type that is expected of it.
  @unsafe
  func needed<Function>(_ name: String) throws(MissingFunction) -> Function {
    guard let function = unsafe function(name, as: Function.self) else { throw MissingFunction() }
    return function
  }
}

/// A library that is too old, or not the one it seems.
struct MissingFunction: Error {}
