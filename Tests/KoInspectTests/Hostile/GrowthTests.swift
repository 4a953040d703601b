import TestSupport
import Testing

/// Memory and output grow no faster than the file, whatever it claims, and neither does time: that is
/// looked at by night, with the release binary and larger files (Scripts/nightly).
@Suite("Growth with hostile input", .enabled(if: BuiltBinary.canBeLimited))
struct GrowthTests {
  static let commands = [
    ["show"], ["show", "--json"], ["show", "--sensitive"], ["symbols"], ["sections"],
    ["sections", "--json"],
    ["check", "--no-config", "--all-rules", "--notes"],
    ["check", "--no-config", "--all-rules", "--format", "json"],
    ["check", "--no-config", "--all-rules", "--format", "sarif"],
    ["preflight", "--kernel", fixture("debian-6.1.0-56-amd64.json")],
    ["readelf", "-aW"], ["readelf", "-hSlsrngtVAu"], ["readelf", "--json", "-hSsrngl"],
    ["readelf", "-R", "3", "-p", ".x"], ["modinfo"],
  ]

  /// What may be allocated: as much as a run takes that reads a small file, and a multiple of the
  /// file. (Data of the process, in KiB, threads' stacks among them.)
  private static func memoryLimit(_ size: Int) -> Int { 64 << 10 + 64 * size >> 10 }

  private static func run(
    _ command: [String], _ bytes: [UInt8]
  ) throws -> BuiltBinary.Outcome {
    let file = try TemporaryFile(bytes)
    let line = "ulimit -d \(memoryLimit(bytes.count)) && exec \"$0\" \"$@\""
    return try BuiltBinary.run(line, command + [file.path])
  }

  @Test("Four times the file, about four times the work", arguments: HostileShape.allCases)
  func growth(shape: HostileShape) throws {
    let count = Nightly.isOn ? shape.usualCount : shape.usualCount / 12
    let (small, large) = (shape.module(count), shape.module(4 * count))
    for command in Self.commands {
      let first = try Self.run(command, small)
      let second = try Self.run(command, large)
      for run in [first, second] {
        expect((0...2).contains(run.status), "\(command): status \(run.status)")
      }
      if Nightly.isOn {
        // Sixteen times would be a square; what does not grow with the file is taken off.
        let seconds = second.seconds - 8 * first.seconds
        expect(seconds < 0.2, "\(command): \(first.seconds) s, then \(second.seconds) s")
      }
      // Rows of readelf may share a long name, up to a limit for all of them.
      let shared = command.first == "readelf" ? 1 << 20 + 64 * large.count : 0
      let output = second.outputSize - max(8 * first.outputSize, shared)
      expect(output < 1 << 16, "\(command): \(first.outputSize) bytes, then \(second.outputSize)")
      expect(first.outputSize > 0, "\(command)")
      expect(second.outputSize < 128 * large.count, "\(command): \(second.outputSize) bytes")
    }
  }

  @Test("A file whose every count and size is as large as can be", arguments: commands)
  func claims(command: [String]) throws {
    let bytes = try Fixtures.bytes("hello.ko")
    let table = Int(bytes[40...47].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    // e_shnum 0: the count is sh_size of section 0.
    for count in [UInt64.max, 1 << 58, 1 << 32, 1 << 20] {
      var claiming = bytes
      claiming[60] = 0
      claiming.replaceSubrange(
        table + 32..<table + 40, with: (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) })
      expect((0...2).contains(try Self.run(command, claiming).status))
    }
    for size in [UInt64.max, 1 << 63, 1 << 40] {
      var claiming = bytes
      for place in stride(from: table + 64 + 32, to: bytes.count - 8, by: 64) {
        claiming.replaceSubrange(
          place..<place + 8, with: (0..<8).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) })
      }
      expect((0...2).contains(try Self.run(command, claiming).status))
    }
  }
}
