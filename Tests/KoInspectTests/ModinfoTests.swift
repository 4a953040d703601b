import ELFKit
import Foundation
import TestSupport
import Testing

@testable import KoInspect

/// The corners of kmod's modinfo, each as kmod 34.2 answered.
@Suite("koinspect modinfo")
struct ModinfoTests {
  /// A module with these strings, raw.
  private static func module(_ strings: String, tail: [UInt8] = []) throws -> TemporaryFile {
    var builder = ELFBuilder()
    builder.section(".modinfo", Array(strings.utf8))
    return try TemporaryFile(builder.build() + tail)
  }

  /// What modinfo prints about `strings` without the line of the file's name.
  private static func listing(_ strings: String, _ options: String...) throws -> String {
    let file = try module(strings)
    let output = Run(["modinfo"] + options + [file.path]).output
    return output.replacingOccurrences(of: "filename:       \(file.path)\n", with: "")
  }

  @Test("Fields in file order, runs of NUL skipped, no last NUL, no =, no key")
  func order() throws {
    let text = try Self.listing("\0\0b=2\0\0\0a=1\0noeq\0=v\0e=\0x=y=z\0last=nonul")
    expect(
      text,
      is: """
        b:              2
        a:              1
        noeq:           \("")
        :               v
        e:              \("")
        x:              y=z
        last:           nonul

        """)
  }

  @Test("Values start in column 16; longer keys have no blank before theirs")
  func longKeys() throws {
    for count in [1, 14, 15, 16, 33, 34, 60] {
      let key = String(repeating: "k", count: count)
      let blanks = String(repeating: " ", count: max(0, 15 - count))
      try expect(Self.listing("\(key)=v"), is: "\(key):\(blanks)v\n")
    }
  }

  @Test("Parameters: merged by name, the last of repeats, in reverse order, at the end")
  func parameters() throws {
    let strings =
      "parm=a:desc a\0parmtype=a:int\0license=GPL\0parm=b:only desc\0parmtype=c:only type\0"
      + "parm=a:second\0parmtype=d:uint\0parm=d:after: colon\0parm=:nameless\0"
    try expect(
      Self.listing(strings),
      is: """
        license:        GPL
        parm:           :nameless
        parm:           d:after: colon (uint)
        parm:           c:only type
        parm:           b:only desc
        parm:           a:second (int)

        """)
    let alone = ":nameless\nd:after: colon (uint)\nc: (only type)\nb:only desc\na:second (int)\n"
    try expect(Self.listing(strings, "-p"), is: alone)
    try expect(Self.listing(strings, "-F", "parm"), is: alone)
    try expect(Self.listing(strings, "-F", "parmtype"), is: "a:int\nc:only type\nd:uint\n")
  }

  @Test("A parameter without a colon is reported on standard error, and no failure")
  func namelessParameters() throws {
    let file = try Self.module("parm=x\0parmtype=y\0parm\0parm=e:d\0")
    let run = Run(["modinfo", "-p", file.path])
    expect(run.status, is: 0)
    expect(run.output, is: "e:d\n")
    expect(
      run.errors,
      is: """
        modinfo: ERROR: Found invalid "parm=x": missing ':'
        modinfo: ERROR: Found invalid "parmtype=y": missing ':'
        modinfo: ERROR: Found invalid "parm=": missing ':'

        """)
    expect(Run(["modinfo", "-F", "parmtype", file.path]).err.isEmpty)
  }

  @Test("-0: KEY=VALUE for fields, columns for the file's name and parameters")
  func nul() throws {
    let file = try Self.module("license=GPL\0parm=a:b\0")
    expect(
      Run(["modinfo", "-0", file.path]).output,
      is: "filename:       \(file.path)\0license=GPL\0parm:           a:b\0")
    expect(Run(["modinfo", "-0", "-F", "license", file.path]).output, is: "GPL\0")
    expect(Run(["modinfo", "-0", "-p", file.path]).output, is: "a:b\0")
    expect(Run(["modinfo", "--null", "-n", file.path]).output, is: "\(file.path)\0")
  }

  @Test("Of the options that choose a field the last counts; names are case-sensitive")
  func fields() throws {
    let strings = "author=A\0license=GPL\0description=D\0license=MIT\0"
    try expect(Self.listing(strings, "-a", "-l"), is: "GPL\nMIT\n")
    try expect(Self.listing(strings, "-ld"), is: "D\n")
    try expect(Self.listing(strings, "-n", "--field=author"), is: "A\n")
    try expect(Self.listing(strings, "--descr"), is: "D\n")
    try expect(Self.listing(strings, "-F", "LICENSE"), is: "")
    try expect(Self.listing(strings, "-F", "license=GPL"), is: "")
    try expect(Self.listing("=nokey\0", "-F", ""), is: "nokey\n")
  }

  @Test("Options may follow the file; --safe does not make abbreviations ambiguous")
  func permutation() throws {
    let file = try Self.module("license=GPL\0")
    expect(Run(["modinfo", file.path, "-l"]).output, is: "GPL\n")
    expect(Run(["modinfo", "--s", "6.1", "-l", file.path]).output, is: "GPL\n")
  }

  @Test(
    "What getopt_long refuses is refused in its words, status 1, without usage",
    arguments: [
      (["-Z"], "modinfo: invalid option -- 'Z'"),
      (
        ["--fi", "x"], "modinfo: option '--fi' is ambiguous; possibilities: '--filename' '--field'"
      ),
      (["-F"], "modinfo: option requires an argument -- 'F'"),
      (["--null=3"], "modinfo: option '--null' doesn't allow an argument"),
      ([], "modinfo: ERROR: missing module or filename."),
      (["-l"], "modinfo: ERROR: missing module or filename."),
    ])
  func usage(arguments: [String], message: String) {
    let run = Run(["modinfo"] + arguments)
    expect(run.status, is: 1)
    expect(run.out.isEmpty)
    expect(run.errors, is: message + "\n")
  }

  @Test(
    "What cannot be read has kmod's error; the file's name is still printed",
    arguments: [
      (Array("just some text".utf8), "Exec format error"), ([], "Invalid argument"),
      (Array("text".utf8), "Invalid argument"),
      (Array(ELFBuilder.module().build()[..<16]), "Exec format error"),
      (Array(ELFBuilder.module().build()[..<100]), "Invalid argument"),
      (ELFBuilder().build(), "No data available"),
    ])
  func unreadable(bytes: [UInt8], problem: String) throws {
    let file = try TemporaryFile(bytes, name: "odd-name.x.ko")
    let run = Run(["modinfo", file.path])
    expect(run.status, is: 1)
    expect(run.output, is: "filename:       \(file.path)\n")
    expect(run.errors, is: "modinfo: ERROR: could not get modinfo from 'odd_name': \(problem)\n")
    expect(Run(["modinfo", "-n", file.path]).status, is: 0)
    expect(Run(["modinfo", "-l", file.path]).out.isEmpty)
  }

  @Test("An empty .modinfo is no error; one that lies outside the file is")
  func emptySection() throws {
    try expect(Self.listing(""), is: "")
    var builder = ELFBuilder()
    builder.section(".modinfo", [1], size: 1 << 40)
    let file = try TemporaryFile(builder.build())
    expect(Run(["modinfo", file.path]).errors.hasSuffix("'module': No data available\n"))
  }

  @Test("One bad file among several: the others are printed, status 1")
  func several() throws {
    let good = try Self.module("license=GPL\0")
    let bad = try TemporaryFile(Array("no module at all".utf8))
    let run = Run(["modinfo", "-l", good.path, bad.path, "/nowhere/x.ko", good.path])
    expect(run.status, is: 1)
    expect(run.output, is: "GPL\nGPL\n")
    expect(run.errors.split(separator: "\n").count, is: 2)
  }

  @Test("Names that are no files: by ending, by being a directory, by brackets")
  func notFound() throws {
    let file = try TemporaryFile(ELFBuilder.module().build(), name: "module.elf")
    for name in [file.path, file.folder, "/nowhere/x.ko", ".ko", "", "a[b]c"] {
      let run = Run(["modinfo", "-b", "/nowhere", name])
      expect(run.status, is: 1)
      expect(run.errors, is: "modinfo: ERROR: Module \(name) not found.\n")
    }
    for name in ["a[b", "a]b", "a[b]]"] {
      let errors = Run(["modinfo", "-b", "/nowhere", name]).errors
      expect(errors, is: "modinfo: ERROR: Module alias \(name) not found.\n")
    }
    let named = Run(["modinfo", "-b", "/nowhere", "-m", "a[b"]).errors
    expect(named, is: "modinfo: ERROR: Module name a[b not found.\n")
  }

  @Test("The file's name is made absolute and nothing more")
  func absolutePath() throws {
    let file = try Self.module("license=GPL\0")
    let odd = file.folder + "/./" + "module.ko"
    expect(Run(["modinfo", "-n", odd]).output, is: odd + "\n")
  }

  @Test("Values are raw in a pipe, escaped on a terminal and with --safe")
  func untrusted() throws {
    let file = try Self.module("author=\u{1b}[31m\nnl\0")
    expect(Run(["modinfo", "-a", file.path]).output, is: "\u{1b}[31m\nnl\n")
    expect(Run(["modinfo", "-a", file.path], isTerminal: true).output, is: "\\x1b[31m\\x0anl\n")
    expect(Run(["modinfo", "-a", "--safe", file.path]).output, is: "\\x1b[31m\\x0anl\n")
  }

  @Test("Errors are escaped when standard error is a terminal")
  func untrustedErrors() throws {
    let file = try Self.module("parm=\u{1b}x\0")
    let raw = "modinfo: ERROR: Found invalid \"parm=\u{1b}x\": missing ':'\n"
    expect(Run(["modinfo", "-p", file.path]).errors, is: raw)
    let escaped = raw.replacingOccurrences(of: "\u{1b}", with: "\\x1b")
    expect(Run(["modinfo", "-p", file.path], isTerminal: true).errors, is: escaped)
  }

  @Test("Signature fields come after the strings and before the parameters")
  func signature() throws {
    let tail = TrailerBuilder(MessageBuilder().build()).build()
    let file = try Self.module("license=GPL\0parm=a:b\0", tail: tail)
    let bytes = Array(repeating: "AA", count: 20).joined(separator: ":")
    expect(
      Run(["modinfo", file.path]).output,
      is: """
        filename:       \(file.path)
        license:        GPL
        sig_id:         PKCS#7
        signer:         Test key
        sig_key:        01:02:03
        sig_hashalgo:   sha256
        signature:      \(bytes):
        \t\tAA:AA:AA:AA:AA
        parm:           a:b

        """)
    expect(Run(["modinfo", "-F", "sig_key", file.path]).output, is: "01:02:03\n")
    expect(Run(["modinfo", "-F", "sig_id", file.path]).output, is: "PKCS#7\n")
  }

  @Test("What kmod does not call a signature is none: no field, no error")
  func noSignature() throws {
    let message = MessageBuilder().build()
    var byKeyID = MessageBuilder()
    byKeyID.subjectKeyIdentifier = [1]
    var trailers = [TrailerBuilder([0x30]), TrailerBuilder([]), TrailerBuilder(byKeyID.build())]
    for change in [
      { $0.algorithm = 2 }, { $0.hash = 9 }, { $0.idType = 3 }, { $0.length = 1 << 30 },
    ] as [(inout TrailerBuilder) -> Void] {
      var trailer = TrailerBuilder(message)
      change(&trailer)
      trailers.append(trailer)
    }
    for tail in trailers.map({ $0.build() }) + [TrailerBuilder(message).build() + [0x0a]] {
      let file = try Self.module("license=GPL\0", tail: tail)
      let run = Run(["modinfo", file.path])
      expect(run.output, is: "filename:       \(file.path)\nlicense:        GPL\n")
      expect(run.status == 0 && run.err.isEmpty)
    }
  }

  @Test("The layout before kernel 4.3 has names from the trailer")
  func oldSignature() throws {
    var trailer = TrailerBuilder(Array("me".utf8) + [8, 9] + [1, 2])
    (trailer.idType, trailer.signerLength, trailer.keyIDLength) = (1, 2, 2)
    (trailer.length, trailer.hash) = (2, 4)
    let file = try Self.module("", tail: trailer.build())
    let output = Run(["modinfo", file.path]).output
    expect(output.contains("sig_id:         X509\nsigner:         me\nsig_key:        08:09\n"))
    expect(output.hasSuffix("sig_hashalgo:   sha256\nsignature:      01:02\n"))
  }
}
