// Rules about MODULE_LICENSE. The loader looks at the first `license=` only; modpost, which links
// modules, looks at all of them (scripts/mod/modpost.c).

extension Rule {
  static let licenseRules = [
    Rule(
      "missing-license", .error, "the module declares no licence",
      reason: """
        The kernel takes the licence as 'unspecified': it is tainted (P), and GPL-only symbols are \
        hidden from the module. Since \(KernelChange.licenseRequired) the kernel's own build refuses such a module.
        """,
      remedy: "Add MODULE_LICENSE(\"GPL\") or another accepted licence."
    ) { facts in
      if let section = facts.infoSection, !section.isAllocated, !facts.allHave(.looseModinfo) {
        return [
          Observation(
            ".modinfo is not loaded: kernels up to \(KernelChange.looseModinfo.lastWithout) do not see "
              + "what it says and take the licence as 'unspecified', which taints them (P)",
            section, severity: facts.info.first("license") == nil ? .error : .warning)
        ]
      }
      guard facts.isInfoReadable, facts.info.first("license") == nil else { return [] }
      let cause = facts.infoSection == nil ? "there is no .modinfo section" : "no MODULE_LICENSE"
      return [
        Observation(
          "\(cause): the kernel takes the licence as 'unspecified', which taints it (P) and hides "
            + "GPL-only symbols; add MODULE_LICENSE(\"GPL\") or another accepted licence",
          section: facts.infoSection == nil ? nil : ".modinfo",
          offset: facts.infoSection?.header.offset)
      ]
    },
    Rule(
      "proprietary-license", .warning, "the module declares that it is proprietary",
      reason: "Loading it taints the kernel (P), and GPL-only symbols are hidden from it.",
      remedy: "Nothing, if that is meant; policies can allow it."
    ) { facts in
      guard let license = facts.info.first("license"), license.equals(License.proprietary),
        !facts.accepts(license)
      else { return [] }
      return [
        Observation(
          "license 'Proprietary' taints the kernel (P), and GPL-only symbols are hidden from the "
            + "module", info: license)
      ]
    },
    Rule(
      "unknown-license", .warning, "the licence is not one the kernel accepts",
      reason: """
        The kernel compares licences byte for byte with six texts; case, blanks and spelling count. \
        Any other taints it (P), and GPL-only symbols are hidden from the module.
        """,
      remedy: """
        Declare one of 'GPL', 'GPL v2', 'GPL and additional rights', 'Dual BSD/GPL', \
        'Dual MIT/GPL', 'Dual MPL/GPL'.
        """
    ) { facts in
      guard let license = facts.info.first("license"), !facts.accepts(license),
        !license.equals(License.proprietary)
      else { return [] }
      return [Observation(unknownMessage(license), info: license)]
    },
    Rule(
      "mixed-license", .warning, "several licences, and the kernel accepts only some of them",
      reason: """
        The loader looks at the first licence only; modpost, which links modules, wants all of them \
        to be compatible. What holds depends on the order in which objects were linked.
        """,
      remedy: "Declare one licence."
    ) { facts in
      let licenses = facts.info.all("license")
      guard licenses.contains(where: facts.accepts),
        let odd = licenses.first(where: { !facts.accepts($0) }),
        let first = licenses.first
      else { return [] }
      return [
        Observation(
          "\(licenses.count) licences, and '\(odd)' is not accepted: the loader looks only at "
            + "the first ('\(first)'), modpost wants all of them; declare one licence",
          info: odd)
      ]
    },
  ]

  private static func unknownMessage(_ license: ByteSlice) -> ByteText {
    let cause: ByteText = "license '\(license)' is not one the kernel accepts, so it taints (P)"
    if let meant = License.nearestAccepted(to: license) {
      return "\(cause); did you mean '\(meant)'?"
    }
    let accepted = License.gplCompatible.map { "'\($0)'" }.joined(separator: ", ")
    return "\(cause); accepted are \(accepted)"
  }
}
