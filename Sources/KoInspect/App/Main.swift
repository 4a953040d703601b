// The edge: the only place that connects the program to the process it runs in.

import Glibc

@main
enum Main {
  static func main() {
    openStandardDescriptors()
    let out = FileDescriptorSink(STDOUT_FILENO)
    let err = FileDescriptorSink(STDERR_FILENO)
    let console = Console(
      out: TextBuffer(out), err: TextBuffer(err), environment: .process)
    var program = Program(console: console)
    let status = program.run(ProcessArguments.all())
    exit(status.rawValue)
  }
}
