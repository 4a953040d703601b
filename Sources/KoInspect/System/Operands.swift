// What was named on the command line, as a list of files to read.

enum Operands {
  /// The files that `operands` name, in their order: directories give the modules below them.
  /// What cannot be read is reported, and the rest still counts.
  static func expand(
    _ operands: [[UInt8]], _ console: inout Console
  ) -> (paths: [[UInt8]], status: ExitStatus) {
    var paths: [[UInt8]] = []
    var status = ExitStatus.clean
    for operand in operands {
      guard kind(of: operand) == .directory else {
        paths.append(operand)
        continue
      }
      let found = modules(below: operand) { path, error in
        console.report(path, error.message)
        status = .failure
      }
      if found.isEmpty, status == .clean {
        console.report(operand, "no modules (.ko, .ko.gz, .ko.xz, .ko.zst) in this directory")
        status = .failure
      }
      paths += found
    }
    return (paths, status)
  }
}
