// Regular expressions of configuration files, as the C library understands them.

import Glibc

/// Whether the extended POSIX regular expression `pattern` matches some part of `text`; `nil` when it is none, or
/// one that may cost more than its length: repetitions by number take memory, references to groups take time.
func matches(_ text: [UInt8], pattern: [UInt8]) -> Bool? {
  guard pattern.count <= 256, !pattern.contains(UInt8(ascii: "{")) else { return nil }
  for (first, second) in zip(pattern, pattern.dropFirst()) where first == UInt8(ascii: "\\") {
    if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(second) { return nil }
  }
  var compiled = unsafe regex_t()
  let options = REG_EXTENDED | REG_NOSUB
  guard unsafe withCString(pattern, { unsafe regcomp(&compiled, $0, options) }) == 0 else {
    return nil
  }
  defer { unsafe regfree(&compiled) }
  return unsafe withCString(text) { unsafe regexec(&compiled, $0, 0, nil, 0) } == 0
}
