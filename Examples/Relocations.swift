// Examples/Relocations.swift MODULE: lists what the loader will change in code and data.
import ELFKit
import Foundation

let bytes = try [UInt8](Data(contentsOf: URL(filePath: CommandLine.arguments[1])))
let image = try ELFImage(bytes)
let symbols = try image.symbols()
for section in image.sections where section.isAllocated {
  for relocation in try image.relocations(of: section, with: symbols) {
    let place = "\(section.name.text.debugDescription) + \(relocation.offset):"
    let type = relocation.type.name ?? "type \(relocation.type.number)"
    let symbol = relocation.symbolName?.text.debugDescription
    print(
      place, type, symbol ?? "no symbol \(relocation.record.symbol.rawValue)",
      relocation.addend ?? 0)
  }
}
