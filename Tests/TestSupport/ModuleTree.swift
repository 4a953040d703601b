// Modules that need each other, made in memory, and folders of them.

import Foundation

extension ELFBuilder {
  /// A module that offers and needs these symbols.
  package static func linked(
    _ name: String, offers: [String] = [], needs: [String] = [], weakly: [String] = [],
    _ modinfo: [String] = []
  ) -> ELFBuilder {
    var builder = ELFBuilder.module(name, modinfo: ["license=GPL", "intree=Y"] + modinfo)
    if !offers.isEmpty {
      let table = builder.section(
        "__ksymtab", [UInt8](repeating: 0, count: 12 * offers.count), alignment: 4)
      var texts: [UInt8] = [0]
      var places: [Int64] = []
      for offer in offers {
        places.append(Int64(texts.count))
        texts += Array(offer.utf8) + [0]
      }
      let strings = builder.section("__ksymtab_strings", texts)
      let text = builder.section(".text", flags: 6, [0xc3])
      let base = builder.symbol("", section: UInt16(strings), binding: 0, type: 3)
      var relocations: [NewRelocation] = []
      for (number, offer) in offers.enumerated() {
        let symbol = builder.symbol(offer, section: UInt16(text), type: 2)
        let start = UInt64(12 * number)
        // struct kernel_symbol of distances: value, name, namespace.
        relocations += [
          (start, symbol, 2, 0), (start + 4, base, 2, places[number]), (start + 8, base, 2, 0),
        ]
      }
      builder.relocations(of: table, relocations)
    }
    for symbol in needs { builder.symbol(symbol) }
    for symbol in weakly { builder.symbol(symbol, binding: 2) }
    return builder
  }
}

/// A folder such as `/lib/modules/RELEASE`, which exists as long as the test needs it.
package final class ModuleTree {
  package let path: String

  package init() throws {
    let base = FileManager.default.temporaryDirectory.appending(
      path: "koinspect-\(UUID().uuidString)")
    path = base.appending(path: "6.1.0-test").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  /// Puts a module there; its name is that of the file.
  package func add(
    _ place: String, offers: [String] = [], needs: [String] = [], weakly: [String] = [],
    _ modinfo: [String] = []
  ) throws {
    let name = place.split(separator: "/").last?.split(separator: ".").first.map(String.init) ?? ""
    try write(
      place, ELFBuilder.linked(name, offers: offers, needs: needs, weakly: weakly, modinfo).build())
  }

  package func write(_ place: String, _ text: String) throws { try write(place, Array(text.utf8)) }

  package func write(_ place: String, _ bytes: [UInt8]) throws {
    let file = URL(filePath: path).appending(path: place)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  deinit {
    try? FileManager.default.removeItem(at: URL(filePath: path).deletingLastPathComponent())
  }
}
