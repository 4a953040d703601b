// A bill of materials as CycloneDX 1.6 has it (ECMA-424).

import ELFKit

struct CycloneDX {
  let bill: Bill

  func write(to out: inout TextBuffer) {
    var json = JSONWriter()
    json.object { json in
      json.field("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json")
      json.field("bomFormat", "CycloneDX")
      json.field("specVersion", "1.6")
      json.field("serialNumber", "urn:uuid:\(bill.uuid)")
      json.key("version")
      json.number(UInt64(1))
      json.key("metadata")
      json.object { metadata(&$0) }
      json.key("components")
      json.array(bill.entries.indices) { json, place in component(place, &json) }
      json.key("dependencies")
      json.array(bill.entries.indices) { json, place in dependency(place, &json) }
      json.key("compositions")
      json.array { compositions(&$0) }
    }
    out.append(json.out)
    out.newline()
  }

  private func metadata(_ json: inout JSONWriter) {
    json.key("tools")
    json.object { json in
      json.key("components")
      json.array([0]) { json, _ in
        json.object { json in
          json.field("type", "application")
          json.field("name", "koinspect")
          json.field("version", Version.number)
        }
      }
    }
  }

  private func component(_ place: Int, _ json: inout JSONWriter) {
    let entry = bill.entries[place]
    json.object { json in
      json.field("type", "device-driver")
      json.field("bom-ref", Self.reference(place))
      json.field("name", harmless: entry.name)
      json.field("version", harmless: entry.version)
      json.field("description", harmless: entry.description)
      if !entry.authors.isEmpty {
        json.key("authors")
        json.array(entry.authors) { json, author in
          json.object { $0.field("name", harmless: author) }
        }
      }
      if let digest = entry.digest {
        json.key("hashes")
        json.array([digest]) { json, digest in
          json.object { json in
            json.field("alg", "SHA-256")
            json.field("content", digest)
          }
        }
      }
      if !entry.licenses.isEmpty {
        json.key("licenses")
        json.array(entry.licenses) { json, text in license(text, &json) }
      }
      let evidence = entry.evidence.joined(separator: ", ")
      let properties =
        entry.properties
        + (evidence.isEmpty ? [] : [("koinspect:sourcesNamedBy", Array(evidence.utf8))])
      json.key("properties")
      json.array(properties) { json, property in
        json.object { json in
          json.field("name", property.name)
          json.field("value", harmless: property.value)
        }
      }
      if !entry.sources.isEmpty {
        json.key("components")
        json.array(entry.sources) { json, source in
          json.object { json in
            json.field("type", "file")
            json.field("name", harmless: source)
          }
        }
      }
    }
  }

  /// By its name: an identifier would say more than the file does.
  private func license(_ text: [UInt8], _ json: inout JSONWriter) {
    let license = BillLicense(text: text)
    json.object { json in
      json.key("license")
      json.object { json in
        json.field("name", harmless: text.isEmpty ? Array("(empty)".utf8) : text)
        json.field("acknowledgement", "declared")
        json.key("properties")
        json.array(
          [("koinspect:certainty", license.certainty)]
            + license.candidates.map { ("koinspect:candidate", $0) }
        ) { json, property in
          json.object { json in
            json.field("name", property.0)
            json.field("value", property.1)
          }
        }
      }
    }
  }

  private func dependency(_ place: Int, _ json: inout JSONWriter) {
    json.object { json in
      json.field("ref", Self.reference(place))
      let needs = bill.graph.needs[place]
      guard !needs.isEmpty else { return }
      json.key("dependsOn")
      json.array(needs) { json, need in json.string(Self.reference(need)) }
    }
  }

  /// How complete it is: the sources are those that the files happen to name.
  private func compositions(_ json: inout JSONWriter) {
    if !bill.entries.isEmpty {
      json.object { json in
        json.field("aggregate", "incomplete")
        json.key("assemblies")
        json.array(bill.entries.indices) { json, place in json.string(Self.reference(place)) }
      }
    }
    if bill.isPartial {
      json.object { json in json.field("aggregate", "incomplete") }
    }
  }

  private static func reference(_ place: Int) -> String { "module-\(place)" }
}
