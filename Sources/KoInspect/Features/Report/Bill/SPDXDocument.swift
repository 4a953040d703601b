// A bill of materials as SPDX 2.3 has it (ISO/IEC 5962 and its successor).

import ELFKit

struct SPDXDocument {
  let bill: Bill
  /// When it is made, as `YYYY-MM-DDThh:mm:ssZ`: the format wants to know.
  let created: String

  func write(to out: inout TextBuffer) {
    let sources = Set(bill.entries.flatMap { $0.sources }).sorted {
      $0.lexicographicallyPrecedes($1)
    }
    var places: [[UInt8]: Int] = [:]
    for (place, source) in sources.enumerated() { places[source] = place }
    var json = JSONWriter()
    json.object { json in
      json.field("spdxVersion", "SPDX-2.3")
      json.field("dataLicense", "CC0-1.0")
      json.field("SPDXID", "SPDXRef-DOCUMENT")
      json.field("name", name)
      json.field("documentNamespace", "https://spdx.org/spdxdocs/koinspect-\(bill.uuid)")
      if bill.isPartial {
        json.field("comment", "Not all that was named could be read: modules are missing.")
      }
      json.key("creationInfo")
      json.object { json in
        json.field("created", created)
        json.key("creators")
        json.array(["Tool: koinspect-\(Version.number)"]) { $0.string($1) }
      }
      json.key("packages")
      json.array { json in
        for place in bill.entries.indices { package(place, &json) }
        for (place, source) in sources.enumerated() { self.source(source, place, &json) }
      }
      if !bill.licenses.all.isEmpty {
        json.key("hasExtractedLicensingInfos")
        json.array(bill.licenses.all) { json, entry in
          license(entry.license, entry.reference, &json)
        }
      }
      json.key("relationships")
      json.array { relationships(places, &$0) }
    }
    out.append(json.out)
    out.newline()
  }

  private var name: String {
    guard bill.entries.count == 1, let only = bill.entries.first else {
      return Quantity.count(bill.entries.count, "kernel module")
    }
    var text = TextBuffer()
    text.escaped(only.name)
    return text.text
  }

  private func package(_ place: Int, _ json: inout JSONWriter) {
    let entry = bill.entries[place]
    json.object { json in
      json.field("SPDXID", Self.reference(place))
      json.field("name", harmless: entry.name)
      json.field("versionInfo", harmless: entry.version)
      json.field("packageFileName", harmless: entry.path)
      json.field("description", harmless: entry.description)
      json.field("primaryPackagePurpose", "FILE")
      json.field("supplier", "NOASSERTION")
      json.field("originator", "NOASSERTION")
      json.field("downloadLocation", "NOASSERTION")
      json.key("filesAnalyzed")
      json.bool(false)
      if let digest = entry.digest {
        json.key("checksums")
        json.array([digest]) { json, digest in
          json.object { json in
            json.field("algorithm", "SHA256")
            json.field("checksumValue", digest)
          }
        }
      }
      licenses(of: entry, &json)
      json.field("copyrightText", "NOASSERTION")
      if !entry.evidence.isEmpty {
        let sections = entry.evidence.joined(separator: ", ")
        json.field(
          "sourceInfo",
          "\(Quantity.count(entry.sources.count, "source file")) named by \(sections); others may be compiled in."
        )
      }
      json.field("comment", harmless: comment(entry))
    }
  }

  /// Who wrote it stands here: whether that is a person or an organization, the file does not tell, and the
  /// format's own field asks for one of the two.
  private func comment(_ entry: BillEntry) -> [UInt8] {
    let authors = entry.authors.map { Array("MODULE_AUTHOR: ".utf8) + $0 }
    let properties = entry.properties.map { Array("\($0.name): ".utf8) + $0.value }
    return Array((authors + properties).joined(separator: Array("; ".utf8)))
  }

  /// What is declared; what is true, nobody has looked at.
  private func licenses(of entry: BillEntry, _ json: inout JSONWriter) {
    json.field("licenseConcluded", "NOASSERTION")
    guard let first = entry.licenses.first, let reference = bill.licenses.reference(of: first)
    else {
      json.field("licenseDeclared", "NONE")
      return json.field("licenseComments", "The file has no MODULE_LICENSE.")
    }
    json.field("licenseDeclared", reference)
    let others = entry.licenses.dropFirst().compactMap { bill.licenses.reference(of: $0) }
    let more =
      others.isEmpty
      ? "" : " Also declared, and not looked at by the kernel: \(others.joined(separator: ", "))."
    json.field("licenseComments", BillLicense(text: first).certainty + more)
  }

  private func source(_ path: [UInt8], _ place: Int, _ json: inout JSONWriter) {
    json.object { json in
      json.field("SPDXID", "SPDXRef-source-\(place)")
      json.field("name", harmless: path)
      json.field("primaryPackagePurpose", "SOURCE")
      json.field("downloadLocation", "NOASSERTION")
      json.key("filesAnalyzed")
      json.bool(false)
      json.field("licenseConcluded", "NOASSERTION")
      json.field("licenseDeclared", "NOASSERTION")
      json.field("copyrightText", "NOASSERTION")
    }
  }

  private func license(_ license: BillLicense, _ reference: String, _ json: inout JSONWriter) {
    json.object { json in
      json.field("licenseId", reference)
      json.field("name", harmless: license.text.isEmpty ? Array("(empty)".utf8) : license.text)
      json.field(
        "extractedText",
        harmless: Array("MODULE_LICENSE(\"".utf8) + license.text + Array("\")".utf8))
      json.field("comment", license.certainty)
    }
  }

  private func relationships(_ places: [[UInt8]: Int], _ json: inout JSONWriter) {
    func relation(_ type: String, from: String, to: String, _ json: inout JSONWriter) {
      json.object { json in
        json.field("spdxElementId", from)
        json.field("relationshipType", type)
        json.field("relatedSpdxElement", to)
      }
    }
    for place in bill.entries.indices {
      relation("DESCRIBES", from: "SPDXRef-DOCUMENT", to: Self.reference(place), &json)
    }
    for (place, entry) in bill.entries.enumerated() {
      for need in bill.graph.needs[place] {
        relation("DEPENDS_ON", from: Self.reference(place), to: Self.reference(need), &json)
      }
      for source in entry.sources {
        guard let number = places[source] else { continue }
        relation(
          "GENERATED_FROM", from: Self.reference(place), to: "SPDXRef-source-\(number)", &json)
      }
    }
  }

  private static func reference(_ place: Int) -> String { "SPDXRef-module-\(place)" }
}
