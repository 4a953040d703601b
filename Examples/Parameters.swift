// Examples/Parameters.swift MODULE: lists its parameters with their types and defaults.
import ELFKit
import Foundation

let bytes = try [UInt8](Data(contentsOf: URL(filePath: CommandLine.arguments[1])))
let module = KernelModule(try ELFImage(bytes))
for parameter in try module.parameters() {
  let value =
    switch parameter.defaultValue {
    case .signed(let number): "\(number)"
    case .unsigned(let number): "\(number)"
    case .bool(let flag): flag ? "Y" : "N"
    case .string(let text): text.text.debugDescription
    case .nullString: "(null)"
    case .array(let elements): "\(elements.count) elements"
    case nil: "only its code knows"
    }
  // Names of a file may hold anything; `debugDescription` escapes what a terminal would act on.
  print(parameter.name.text.debugDescription, parameter.typeName ?? "unknown", "=", value)
}
