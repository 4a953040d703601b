// damage SEED COUNT FOLDER FILE…: writes COUNT damaged copies of the files, chosen at random, into FOLDER as
// 0.ko, 1.ko and so on. Scripts/mutate builds it with the tests' own Mutation.swift.
import Foundation

@main
enum Damage {
  static func main() throws {
    let words = CommandLine.arguments
    guard words.count > 4, let seed = UInt64(words[1]), let count = Int(words[2]) else { exit(2) }
    let files = try words[4...].map { [UInt8](try Data(contentsOf: URL(filePath: $0))) }
    var random = SeededGenerator(seed)
    for number in 0..<count {
      let file = files[Int.random(in: 0..<files.count, using: &random)]
      try Data(Mutation.damaged(file, using: &random))
        .write(to: URL(filePath: words[3]).appending(path: "\(number).ko"))
    }
  }
}
