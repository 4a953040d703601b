// Examples/UndefinedSymbols.swift MODULE: lists what it needs of others, with the versions that it wants.
import ELFKit
import Foundation

let bytes = try [UInt8](Data(contentsOf: URL(filePath: CommandLine.arguments[1])))
let module = KernelModule(try ELFImage(bytes))
for symbol in try module.imports() {
  let crc = symbol.crc.map { "0x" + String($0, radix: 16) } ?? "no version"
  print(symbol.name.text.debugDescription, symbol.isWeak ? "weak" : "needed", crc)
}
