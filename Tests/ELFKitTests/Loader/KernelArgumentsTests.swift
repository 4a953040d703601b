import TestSupport
import Testing

@testable import ELFKit

@Suite("Arguments and command lines")
struct KernelArgumentsTests {
  private func slice(_ text: String) -> ByteSlice { ByteSlice(Array(text.utf8)) }

  @Test(
    "Arguments are taken apart as next_arg does",
    arguments: [
      ("", []), ("  \t", []), ("a", ["a"]), ("a=", ["a="]), ("  a=1   b ", ["a=1", "b"]),
      ("a=\"b c\" d", ["a=b c", "d"]), ("\"a=b c\"", ["a=b c"]), ("\"a b\"", ["a b"]),
      ("a=\"b", ["a=b"]), ("a=\"", ["a="]), ("=", ["="]), ("==x", ["==x"]), ("a=b=c", ["a=b=c"]),
      ("a=b\"c d\"e", ["a=b\"c d\"e"]), ("a -- b=1", ["a", "--"]), ("\"", [""]), ("a\u{0}b", ["a"]),
    ] as [(String, [String])])
  func parts(line: String, expected: [String]) {
    let found = KernelArguments(slice(line)).arguments.map { argument in
      argument.value.map { "\(argument.name.text)=\($0.text)" } ?? argument.name.text
    }
    expect(found, is: expected)
  }

  @Test("What is behind -- is kept as it is")
  func rest() {
    expect(KernelArguments(slice("a -- b=1  c ")).rest?.text, is: "b=1  c ")
    expect(KernelArguments(slice("a -- ")).rest?.text, is: "")
    expect(KernelArguments(slice("a")).rest, is: nil)
  }

  @Test(
    "Values are checked as the kernel's own types do",
    arguments: [
      ("int", "2147483647", nil), ("int", "2147483648", "ERANGE"), ("int", "-2147483648", nil),
      ("int", "-2147483649", "ERANGE"), ("int", "0x10", nil), ("int", "010", nil),
      ("int", "08", "EINVAL"), ("int", "0x", "EINVAL"), ("int", "", "EINVAL"),
      ("int", "-", "EINVAL"),
      ("int", "+5", nil), ("int", "-+5", "EINVAL"), ("int", "5\n", nil), ("int", "5 ", "EINVAL"),
      ("byte", "255", nil), ("byte", "256", "ERANGE"), ("byte", "-1", "EINVAL"),
      ("ullong", "18446744073709551615", nil), ("ullong", "18446744073709551616", "ERANGE"),
      ("long", "9223372036854775808", "ERANGE"), ("bool", "y", nil), ("bool", "oFF", nil),
      ("bool", "ox", "EINVAL"), ("bool", "t", nil), ("bool", "e", "EINVAL"), ("bool", "", "EINVAL"),
      ("invbool", "N", nil), ("bint", "2", "EINVAL"), ("hexint", "zz", "EINVAL"),
      ("charp", "", nil),
    ] as [(String, String, String?)])
  func values(type: String, text: String, errno: String?) throws {
    let type = try #require(StandardParameterType.all.first { $0.name == type })
    expect(
      KernelValue.check(slice(text), type, Kernel(KernelVersion(6, 1)), Encoding(.little))?
        .rawValue, is: errno)
  }

  @Test("Newer kernels know more words for yes and no")
  func words() {
    expect(KernelValue.bool(slice("t"), Kernel(KernelVersion(5, 10))), is: nil)
    expect(KernelValue.bool(slice("T"), Kernel(KernelVersion(6, 1))), is: true)
    expect(KernelValue.bool(slice("d"), Kernel(KernelVersion(6, 12))), is: nil)
    expect(KernelValue.bool(slice("D"), Kernel(KernelVersion(7, 2))), is: false)
  }

  @Test("A command line says what it forbids; of repeats the last counts, and -- ends it")
  func commandLine() {
    let line = KernelCommandLine(
      slice(
        "root=/dev/sda module_blacklist=a module_blacklist=b,,c-d module.sig_enforce lockdown=none "
          + "lockdown=confidentiality mitigations=off panic_on_taint=0x1001,nousertaint -- nomodule"
      ))
    expect(line.blacklist.map(\.text), is: ["b", "c-d"])
    expect(line.enforcesSignatures)
    expect(line.isLockedDown)
    expect(line.ignoresSpectre)
    expect(line.panicTaints.letters, is: "PO")
    expect(!line.forbidsModules)
  }
}
