import TestSupport
import Testing

@testable import KoInspect

/// What shells complete and what man shows come out of the tables of options: whatever a command takes is there.
@Suite("Completions and the manual page")
struct CompletionsTests {
  @Test(
    "Every option of every command is in each shell's script", arguments: ["bash", "zsh", "fish"])
  func options(shell: String) {
    let run = Run(["completions", shell])
    expect(run.status, is: 0)
    for command in CommandTable.all {
      expect(run.output.contains(command.name), "\(command.name)")
      for option in command.help().options {
        for word in option.long {
          let text = shell == "fish" ? "-l \(word)" : "--\(word)"
          expect(run.output.contains(text), "\(command.name) --\(word)")
        }
        for value in option.values { expect(run.output.contains(value), "\(value)") }
      }
    }
  }

  @Test("What has few values completes them: formats, levels, vendors, colours")
  func values() {
    let run = Run(["completions", "bash"])
    expect(run.output.contains("'check --format') words='human json sarif gitlab junit github'"))
    expect(run.output.contains("'show --color') words='auto always never'"))
    expect(run.output.contains("words='suse rhel") || run.output.contains("--vendor') words='"))
  }

  @Test("A shell that it does not know is refused with those that it does")
  func unknown() {
    for arguments in [["completions", "csh"], ["completions"], ["completions", "zsh", "bash"]] {
      let run = Run(arguments)
      expect(run.status, is: 2)
      expect(run.errors.contains("bash, zsh, fish"))
      expect(run.output.isEmpty)
    }
  }

  @Test("The manual page has every command and option, and no line is taken for a request")
  func manual() {
    let run = Run(["help", "--man"])
    expect(run.status, is: 0)
    let requests: Set<Substring> = [
      ".TH", ".SH", ".SS", ".B", ".BR", ".RI", ".IR", ".PP", ".TP", ".nf", ".fi", ".\\\"",
    ]
    for line in run.output.split(separator: "\n") where line.first == "." || line.first == "'" {
      expect(requests.contains(line.prefix { $0 != " " }), "\(line)")
    }
    for command in CommandTable.all {
      expect(run.output.contains(".SS \(command.name) \\- "), "\(command.name)")
      for option in command.help().options {
        let word = (option.long.first ?? "").split(separator: "-").joined(separator: "\\-")
        expect(run.output.contains(word), "\(command.name) \(word)")
      }
    }
  }
}
