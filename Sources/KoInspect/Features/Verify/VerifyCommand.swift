// `koinspect verify`: does the signature fit the module, and is it by somebody we know?

import ELFKit

enum VerifyCommand {
  private enum Name: InputOptionName {
    case certificate
    case json
    case filesFrom
    case maxSize
    case help
  }

  private static let options: [Option<Name>] = [
    Option(
      .certificate, nil, "cert", argument: .required("FILE|DIR"),
      help: "X.509 certificates, DER or PEM; may be given more than once"),
    Option(.json, nil, "json", help: "one JSON object a module, one line each"),
    .filesFrom,
    .maxSize,
    Option(.help, "h", "help", help: "this text"),
  ]

  static func run(_ console: inout Console, _ arguments: [[UInt8]]) -> ExitStatus {
    ModuleCommand.perform("verify", arguments, options, help: .help, help, &console) {
      parsed, console throws(SystemError) in
      guard let verifier = verifier(parsed.values(.certificate), &console) else { return .failure }
      let isJSON = parsed.has(.json)
      return ModuleCommand.forEach("verify", parsed, .everything, &console) { inspection, console in
        guard let answer = answer(&inspection, verifier) else { return .failure }
        if isJSON {
          var json = JSONWriter()
          answer.write(to: &json, inspection.path)
          console.out.append(json.out)
          console.out.newline()
        } else {
          answer.write(to: &console.out, inspection.path)
        }
        return answer.isGood ? .clean : .findings
      }
    }
  }

  /// A verifier with all certificates; `nil` when something is wrong with them, which has been reported.
  private static func verifier(
    _ paths: [[UInt8]], _ console: inout Console
  ) -> SignatureVerifier? {
    guard !paths.isEmpty else {
      console.message { $0.append("verify: no certificates given (--cert FILE or DIR)") }
      return nil
    }
    do throws(SystemError) {
      return try SignatureVerifier(certificates: paths)
    } catch {
      console.message { $0.escaped(error.message) }
      return nil
    }
  }

  private static func answer(
    _ inspection: inout Inspection, _ verifier: SignatureVerifier
  ) -> VerificationReport? {
    let facts = inspection.attempt { module throws(ELFError) in
      (try? module.signature(), try module.signatureOddities(), try content(of: module))
    }
    guard let (signature, oddities, content) = facts else { return nil }
    let message = try? signature?.message()
    let verdict = signature.flatMap { signature -> SignatureVerdict? in
      guard message != nil else { return nil }
      return verifier.verdict(on: content, signature.bytes)
    }
    return VerificationReport(verdict: verdict, signer: message?.firstSigner, oddities: oddities)
  }

  /// What the signature is about: everything before it.
  private static func content(of module: KernelModule) throws(ELFError) -> ByteSlice {
    let source = module.image.source
    let size = (try? module.signature()?.signedSize) ?? source.size
    return try source.slice(0, size, in: .file)
  }

  private static var help: String {
    CommandHelp.text(
      usage: "koinspect verify --cert FILE|DIR [OPTIONS] PATH…",
      about: """
        Checks the signature of each module against certificates, as a kernel that has them among
        its keys would: offline, and without a look at dates and chains, which the kernel ignores
        too. Exit status: 0 when all are good, 1 when one is bad, unsigned or by an unknown key,
        2 when something cannot be checked. Uses the system's libcrypto.
        """,
      examples: [
        ("koinspect verify --cert certs/signing_key.x509 hello.ko", "one certificate"),
        ("koinspect verify --cert /etc/keys /lib/modules/6.1.0", "all of a directory, a tree"),
      ],
      options: options)
  }
}
