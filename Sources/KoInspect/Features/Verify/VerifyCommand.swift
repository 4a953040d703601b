// `koinspect verify`: does the signature fit the module, and is it by somebody we know?

import ELFKit

enum VerifyCommand {
  private enum Name: InputOptionName {
    case certificate
    case kernel
    case kernelVersion
    case json
    case filesFrom
    case maxSize
    case help
  }

  private static let options: [Option<Name>] = [
    Option(
      .certificate, nil, "cert", argument: .required("FILE|DIR"),
      help: "X.509 certificates, DER or PEM; may be given more than once"),
    Option(
      .kernel, nil, "kernel", argument: .required("DIR|FILE"),
      help: "the kernel that is to take it: as for preflight (the module's own)"),
    Option(
      .kernelVersion, nil, "kernel-version", argument: .required("V"),
      help: "the version of that kernel: 6.1"),
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
      let target = try target(parsed)
      return ModuleCommand.forEach("verify", parsed, .everything, &console) { inspection, console in
        guard let answer = answer(&inspection, verifier, target) else { return .failure }
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

  /// The kernel that is to take the modules; nothing is known of it when the modules' own is meant.
  private static func target(
    _ parsed: ParsedArguments<Name>
  ) throws(SystemError) -> TargetKernel {
    var description = KernelDescription()
    for path in parsed.values(.kernel) {
      do throws(SystemError) { try description.addKernel(path) } catch {
        throw SystemError("\(String(decoding: path, as: UTF8.self)): \(error.message)")
      }
    }
    if let text = parsed.value(.kernelVersion) {
      guard let version = KernelVersion(release: ByteSlice(text)) else {
        throw SystemError("'\(String(decoding: text, as: UTF8.self))' is no version: 6.1 is")
      }
      description.kernel.release = ByteSlice(Array(version.description.utf8))
    }
    return description.kernel
  }

  private static func answer(
    _ inspection: inout Inspection, _ verifier: SignatureVerifier, _ target: TargetKernel
  ) -> VerificationReport? {
    let facts = inspection.attempt { module throws(ELFError) in
      (try? module.signature(), try module.signatureOddities())
    }
    guard let (signature, oddities) = facts else { return nil }
    let module = inspection.module
    let release = try? module.info().release
    let kernel = target.kernel ?? release.flatMap { Kernel(release: $0) } ?? Kernel.newest
    let judgement = signature.flatMap { signature -> SignatureJudgement? in
      guard signature.idType == .pkcs7 else { return nil }
      let evidence = verifier.evidence(on: module.image.source)
      return SignatureJudgement(signature.bytes, kernel, target.config, evidence)
    }
    let message = try? signature?.message()
    // Of several signers the one that counts.
    var signer = message?.firstSigner
    if case .good(let certificate)? = judgement?.outcome {
      signer = message?.signers.first { certificate.isNamed(by: $0) }
    }
    return VerificationReport(
      judgement: judgement, kernel: kernel.version, signer: signer, oddities: oddities)
  }

  static var help: CommandHelp {
    CommandHelp(
      usage: "koinspect verify --cert FILE|DIR [OPTIONS] PATH…",
      about: """
        Checks the signature of each module against certificates, as a kernel that has them among
        its keys would: with the algorithms, curves and forms that its version and its configuration
        have; offline, and without a look at dates and chains, which the kernel ignores too. Exit status: 0 when all are good, 1 when one is bad, unsigned or by an unknown key,
        2 when something cannot be checked. Uses the system's libcrypto.
        """,
      examples: [
        ("koinspect verify --cert certs/signing_key.x509 hello.ko", "one certificate"),
        ("koinspect verify --cert /etc/keys /lib/modules/6.1.0", "all of a directory, a tree"),
      ],
      options: options)
  }
}
