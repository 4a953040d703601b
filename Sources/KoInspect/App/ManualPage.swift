// The manual page koinspect(1), made from what the commands say of themselves: man(7), groff_man(7).

enum ManualPage {
  static var text: String {
    var page = """
      .\\" Made by 'koinspect help --man'.
      .TH KOINSPECT 1 "" "koinspect \(Version.number)" "User Commands"
      .SH NAME
      koinspect \\- what a Linux kernel module is before anybody loads it
      .SH SYNOPSIS
      .B koinspect
      .RI [ COMMAND ]
      .RI [ OPTIONS ]
      .IR FILE \\&...
      .SH DESCRIPTION

      """
    page += paragraphs(
      """
      koinspect reads Linux kernel modules (.ko, also compressed) of any machine and kernel: their \
      tables, what they say about themselves, whether a kernel would load them, what a trace of them \
      means. It loads nothing and needs no rights. 'koinspect FILE' is 'koinspect show FILE'.
      """)
    page += ".SH COMMANDS\n"
    for command in CommandTable.all { page += section(command) }
    page += ".SH EXIT STATUS\n"
    page += paragraphs(
      """
      0 when all is well, 1 for findings or a negative verdict, 2 for wrong usage or input that cannot \
      be read. readelf and modinfo end as their models do, diff as diff(1).
      """)
    page += """
      .SH ENVIRONMENT
      .TP
      .B NO_COLOR
      No colours, if it is set.
      .SH SEE ALSO
      .BR readelf (1),
      .BR modinfo (8),
      .BR modprobe (8),
      .BR depmod (8),
      .BR dmesg (1)

      """
    return page
  }

  private static func section(_ command: Command) -> String {
    let help = command.help()
    var text = ".SS \(escaped(command.name)) \\- \(escaped(command.summary))\n"
    for line in help.usage.split(separator: "\n") {
      let line = line.drop { $0 == " " }
      text += ".nf\n.B \(escaped(String(line)))\n.fi\n"
    }
    text += ".PP\n" + paragraphs(help.about)
    for option in help.options {
      text += ".TP\n.B \(escaped(option.synopsis))\n\(sentence(option.help))\n"
    }
    if !help.examples.isEmpty {
      text += ".PP\nExamples:\n"
      for (example, meaning) in help.examples {
        text += ".TP\n.B \(escaped(example))\n\(sentence(meaning))\n"
      }
    }
    return text
  }

  /// Lines that begin with a blank stay as they are; an empty one ends a paragraph.
  private static func paragraphs(_ about: String) -> String {
    var text = ""
    var isFixed = false
    for line in about.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.isEmpty {
        text += isFixed ? ".fi\n.PP\n" : ".PP\n"
        isFixed = false
        continue
      }
      if line.first == " ", !isFixed { text += ".nf\n" }
      if line.first != " ", isFixed { text += ".fi\n" }
      isFixed = line.first == " "
      text += sentence(String(line)) + "\n"
    }
    return isFixed ? text + ".fi\n" : text
  }

  /// A line of text: one that begins with the dot of a request is none.
  private static func sentence(_ text: String) -> String {
    let line = escaped(text)
    return line.first == "." ? "\\&" + line : line
  }

  /// groff takes `-` for a hyphen, and `\` for the beginning of an escape.
  private static func escaped(_ text: String) -> String {
    var line = ""
    for letter in text {
      switch letter {
      case "\\": line += "\\e"
      case "-": line += "\\-"
      case "'": line += "\\(aq"
      case "`": line += "\\(ga"
      case "^": line += "\\(ha"
      case "~": line += "\\(ti"
      default: line.append(letter)
      }
    }
    return line
  }
}
