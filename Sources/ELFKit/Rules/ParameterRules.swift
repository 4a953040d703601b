// Rules about parameters (include/linux/moduleparam.h; modes: `VERIFY_OCTAL_PERMISSIONS` of
// include/linux/kernel.h, which breaks the build of what these rules find).

extension Rule {
  static let parameterRules = [
    Rule(
      "param-world-writable", .warning, "everybody may write a parameter",
      reason: """
        The compiler refuses such a mode; who wrote it into the file has gone round it. sysfs takes \
        the bit away and warns (taint W).
        """,
      remedy: "Use 0644 or less."
    ) { facts in
      facts.parameters.filter { $0.permissions & 0o002 != 0 }.map {
        Observation(
          "parameter '\($0.name)' has mode 0\(String($0.permissions, radix: 8)): writable for all",
          subject: $0.name, section: "__param")
      }
    },
    Rule(
      "param-bad-perm", .warning, "a parameter has an odd mode",
      reason: """
        Modes are at most 0777; the owner may do what the group may, the group what others may. The \
        compiler refuses others.
        """,
      remedy: "Use 0444, 0644, 0400 or 0600."
    ) { facts in
      facts.parameters.filter { isOdd($0.permissions) }.map {
        Observation(
          "parameter '\($0.name)' has the odd mode 0\(String($0.permissions, radix: 8))",
          subject: $0.name, section: "__param")
      }
    },
    Rule(
      "param-undocumented", .note, "a parameter has no description",
      reason: "modinfo shows its name and nothing else.",
      remedy: "Add MODULE_PARM_DESC."
    ) { facts in
      facts.parameters.filter { $0.description == nil }.map {
        Observation(
          "parameter '\($0.name)' has no MODULE_PARM_DESC", subject: $0.name,
          section: "__param")
      }
    },
    Rule(
      "parm-without-param", .note, "a description of a parameter that is not there",
      reason: "It was renamed or removed; modinfo still shows it.",
      remedy: "Remove MODULE_PARM_DESC."
    ) { facts in
      let names = Set(facts.parameters.map { $0.name })
      var reported: Set<ByteSlice> = []
      return (facts.info.all("parm") + facts.info.all("parmtype")).compactMap { text in
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let name = text[within: 0..<colon]
        guard !names.contains(name), reported.insert(name).inserted else { return nil }
        return Observation("there is no parameter '\(name)'", info: name)
      }
    },
    Rule(
      "param-type-mismatch", .warning, "parmtype= does not say what a parameter is",
      reason: "modinfo shows another type than the kernel parses.",
      remedy: "Use module_param, which writes both."
    ) { facts in
      facts.parameters.compactMap { parameter in
        guard case .standard(let type) = parameter.type, let declared = parameter.declaredType,
          StandardParameterType.all.contains(where: { declared.equals($0.name) }),
          !declared.equals(type.name)
        else { return nil }
        return Observation(
          "parameter '\(parameter.name)' is declared as '\(declared)' and is \(type.name)",
          subject: parameter.name, section: "__param")
      }
    },
    Rule(
      "param-unsafe", .note, isDefault: false, "setting a parameter taints the kernel",
      reason: "module_param_unsafe: 'Setting dangerous option' (taint U).",
      remedy: "Nothing, if that is meant."
    ) { facts in
      facts.parameters.filter { $0.flags.contains(.dangerous) }.map {
        Observation(
          "setting '\($0.name)' taints the kernel (U)", subject: $0.name, section: "__param")
      }
    },
    Rule(
      "param-hw", .note, isDefault: false, "a parameter describes hardware",
      reason: "module_param_hw: refused under lockdown (EPERM).",
      remedy: "Nothing, if that is meant."
    ) { facts in
      facts.parameters.filter { $0.flags.contains(.hardware) }.map {
        Observation(
          "'\($0.name)' is refused under lockdown", subject: $0.name, section: "__param")
      }
    },
    Rule(
      problem: "param-duplicate", .error, "two parameters have one name",
      reason: "Both want the same file in sysfs: loading fails (EEXIST).",
      remedy: "Rename one."
    ),
    Rule(
      "param-size", .error, "__param is no whole number of parameters",
      reason: "The kernel ignores what is left over: one parameter less than meant.",
      remedy: "The section is damaged: build the module again."
    ) { facts in
      facts.sections.all(named: "__param").compactMap { section in
        // Whole records of a layout, as many as were read: nothing is left over.
        let count = UInt64(facts.parameters.count)
        guard section.isAllocated, section.header.size > 0,
          !ParameterLayout.all(facts.module.image.encoding).contains(where: {
            section.header.size == count * UInt64($0.size)
          }),
          var resolver = try? PointerResolver(facts.module.image),
          let layout = try? facts.module.parameterLayout(of: section, &resolver),
          section.header.size % UInt64(layout.size) != 0
        else { return nil }
        return Observation(
          "\(section.header.size) bytes are no whole number of parameters of \(layout.size) bytes",
          section)
      }
    },
  ]

  /// Modes that `VERIFY_OCTAL_PERMISSIONS` refuses, but for writing by others.
  private static func isOdd(_ mode: UInt16) -> Bool {
    let (owner, group, others) = (mode >> 6 & 7, mode >> 3 & 7, mode & 7)
    return mode > 0o777 || owner & 4 < group & 4 || group & 4 < others & 4 || owner & 2 < group & 2
  }
}
