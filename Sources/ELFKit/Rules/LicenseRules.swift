// Rules about MODULE_LICENSE. The loader looks at the first `license=` only; modpost, which links
// modules, looks at all of them (scripts/mod/modpost.c).

extension Rule {
  static let licenseRules = [
    Rule(
      "missing-license", .error, "the module declares no licence",
      evaluate: { facts in
        guard facts.info.first("license") == nil else { return [] }
        let cause = facts.infoOffset == nil ? "there is no .modinfo section" : "no MODULE_LICENSE"
        return [
          Observation(
            message: "\(cause): the kernel takes the licence as 'unspecified', which taints it "
              + "(P) and hides GPL-only symbols; add MODULE_LICENSE(\"GPL\") or another accepted "
              + "licence",
            section: facts.infoOffset == nil ? nil : ".modinfo", offset: facts.infoOffset)
        ]
      }),
    Rule(
      "proprietary-license", .warning, "the module declares that it is proprietary",
      evaluate: { facts in
        guard let license = facts.info.first("license"), license.equals(License.proprietary)
        else { return [] }
        return [
          observation(
            license,
            "license 'Proprietary' taints the kernel (P), and GPL-only symbols are hidden from "
              + "the module")
        ]
      }),
    Rule(
      "unknown-license", .warning, "the licence is not one the kernel accepts",
      evaluate: { facts in
        guard let license = facts.info.first("license"), !License.isGPLCompatible(license),
          !license.equals(License.proprietary)
        else { return [] }
        return [observation(license, unknownMessage(license))]
      }),
    Rule(
      "mixed-license", .warning, "several licences, and the kernel accepts only some of them",
      evaluate: { facts in
        let licenses = facts.info.all("license")
        guard licenses.contains(where: License.isGPLCompatible),
          let odd = licenses.first(where: { !License.isGPLCompatible($0) }),
          let first = licenses.first
        else { return [] }
        return [
          observation(
            odd,
            "\(licenses.count) licences, and '\(odd.text)' is not accepted: the loader looks only "
              + "at the first ('\(first.text)'), modpost wants all of them; declare one licence")
        ]
      }),
  ]

  private static func observation(_ license: ByteSlice, _ message: String) -> Observation {
    Observation(
      message: message, subject: license, section: ".modinfo", offset: license.fileOffset)
  }

  private static func unknownMessage(_ license: ByteSlice) -> String {
    let cause = "license '\(license.text)' is not one the kernel accepts, so it taints (P)"
    if let meant = License.nearestAccepted(to: license) {
      return "\(cause); did you mean '\(meant)'?"
    }
    let accepted = License.gplCompatible.map { "'\($0)'" }.joined(separator: ", ")
    return "\(cause); accepted are \(accepted)"
  }
}
