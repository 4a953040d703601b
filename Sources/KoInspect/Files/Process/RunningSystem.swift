// What the system says about the kernel that runs.

import Glibc

/// `uname -r`
func runningRelease() -> [UInt8] {
  var name = utsname()
  guard unsafe uname(&name) == 0 else { return [] }
  return unsafe withUnsafeBytes(of: &name.release) { unsafe Array($0.prefix { $0 != 0 }) }
}
