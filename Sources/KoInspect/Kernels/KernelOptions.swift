// The options that describe a kernel: the same for every command that asks about one.

import ELFKit

/// A command's names for these options.
protocol KernelOptionName: InputOptionName {
  static var kernel: Self { get }
  static var modules: Self { get }
  static var kernelConfig: Self { get }
  static var symvers: Self { get }
  static var reference: Self { get }
  static var vermagic: Self { get }
  static var commandLine: Self { get }
  static var certificate: Self { get }
  static var loaded: Self { get }
  static var taint: Self { get }
  static var kabiList: Self { get }
  static var running: Self { get }
}

/// Their rows in the command's table.
extension Option where Name: KernelOptionName {
  /// All of them. `isDefault` tells whether the kernel that runs is meant when none is named; where
  /// `--config` is something else, the command has only the longer word.
  static func kernel(runningIsDefault isDefault: Bool, hasConfig: Bool = true) -> [Self] {
    [
      Self(
        .kernel, nil, "kernel", argument: .required("DIR|FILE"),
        help: "its build or headers directory, /lib/modules/RELEASE, or a saved target"),
      Self(
        .modules, nil, "modules", argument: .required("DIR"),
        help: "the kernel's own modules, such as /lib/modules/RELEASE"),
      Self(
        .running, nil, "running",
        help: "the kernel that runs here" + (isDefault ? " (the default)" : "")),
      hasConfig
        ? Self(
          .kernelConfig, nil, "config", "kernel-config", argument: .required("FILE"),
          help: "its .config")
        : Self(
          .kernelConfig, nil, "kernel-config", argument: .required("FILE"), help: "its .config"),
      Self(
        .symvers, nil, "symvers", argument: .required("FILE"),
        help: "its Module.symvers: what it and its modules offer"),
      Self(
        .reference, nil, "reference", argument: .required("FILE"),
        help: "a module of it: version magic, struct module, versions of symbols"),
      Self(.vermagic, nil, "vermagic", argument: .required("TEXT"), help: "its version magic"),
      Self(
        .commandLine, nil, "cmdline", argument: .required("TEXT"), help: "its command line"),
      Self(
        .certificate, nil, "cert", argument: .required("FILE|DIR"),
        help: "certificates of the keys that it trusts"),
      Self(
        .loaded, nil, "loaded", argument: .required("FILE"),
        help: "a module that is loaded before; may be given more than once, in order"),
      Self(
        .taint, nil, "taint", argument: .required("MASK"),
        help: "its taints before: 12288, OE"),
      Self(
        .kabiList, nil, "kabi-list", argument: .required("FILE"),
        help: "its list of stable symbols: RHEL's, Android's, SUSE's"),
    ]
  }
}

extension ParsedArguments where Name: KernelOptionName {
  /// Whether one of the options that say which kernel is meant was given.
  var namesKernel: Bool {
    let facts: [Name] = [
      .kernel, .modules, .kernelConfig, .symvers, .reference, .vermagic, .certificate,
    ]
    return has(.running) || facts.contains(where: has)
  }

  /// The kernel that the options describe, that which runs here when they name none; without what is
  /// loaded before, and without a look into its trees of modules.
  func kernelOrRunning() throws(SystemError) -> KernelDescription {
    var description = KernelDescription(
      maxSize: value(.maxSize).flatMap { Input.Limits($0)?.maxSize })
    if has(.running) || !namesKernel { try description.addRunning() }
    try addFacts(to: &description) { path, error throws(SystemError) in
      throw SystemError("\(String(decoding: path, as: UTF8.self)): \(error.message)")
    }
    return description
  }

  /// The kernel that the options describe, for commands that look at modules as they are: with what the
  /// modules of its trees and those that are loaded before offer. `nil` when no option describes one;
  /// and the modules and lists of symbols that cannot be read, which has been reported: what is known
  /// without them is shown all the same.
  func describedKernel(
    _ console: inout Console
  ) throws(SystemError) -> (description: KernelDescription?, unread: [Unread]) {
    let state: [Name] = [.commandLine, .loaded, .taint, .kabiList]
    guard namesKernel || state.contains(where: has) else { return (nil, []) }
    guard let limits else {
      // ModuleCommand says so, once the modules are opened.
      return (nil, [])
    }
    var description = KernelDescription(maxSize: has(.maxSize) ? limits.maxSize : nil)
    if has(.running) { try description.addRunning() }
    var unread: [Unread] = []
    try addFacts(to: &description) { path, error in
      console.report(path, error.message)
      unread.append(Unread(path: path, problem: error.message))
    }
    unread += description.scan(description.wantedParts, limits, &console)
    // Who names a module as loaded asks how others meet it: nobody knows when it is not.
    unread += try description.load(values(.loaded), limits, &console)
    for module in description.kernel.state.modules { description.kernel.symbols.add(module) }
    return (description, unread)
  }

  /// Adds what the options tell; `unlisted` is what is done about a `Module.symvers` that cannot be read.
  private func addFacts(
    to description: inout KernelDescription,
    unlisted: (_ path: [UInt8], _ error: SystemError) throws(SystemError) -> Void
  ) throws(SystemError) {
    // Before what lies beside the kernel: who names a list wants this one.
    var areListed = true
    for path in values(.symvers) {
      do throws(SystemError) { try description.addSymvers(path) } catch {
        areListed = false
        try unlisted(path, error)
      }
    }
    for path in values(.kernel) {
      try naming(path) { () throws(SystemError) in try description.addKernel(path) }
    }
    for path in values(.modules) {
      try naming(path) { () throws(SystemError) in try description.addModules(path) }
    }
    if let path = value(.kernelConfig) {
      try naming(path) { () throws(SystemError) in try description.addConfig(path) }
    }
    // One of several may be empty: a module that exports nothing has such a one.
    if areListed, let path = values(.symvers).last, description.kernel.symbols.count == 0 {
      try unlisted(path, SystemError(KernelDescription.noSymbols))
    }
    if let path = value(.reference) {
      try naming(path) { () throws(SystemError) in try description.addReference(path, isOwn: true) }
    }
    if let text = value(.vermagic) { description.setVermagic(ByteSlice(text)) }
    if let text = value(.commandLine) { description.setCommandLine(text) }
    for path in values(.certificate) {
      try naming(path) { () throws(SystemError) in try description.addCertificates(path) }
    }
    for path in values(.kabiList) {
      try naming(path) { () throws(SystemError) in try description.addStableSymbols(path) }
    }
    if let text = value(.taint) {
      guard let mask = TaintMask(ByteSlice(text)) else {
        throw SystemError(
          "'\(String(decoding: text, as: UTF8.self))' is no mask: 12288, 0x3000 and OE are")
      }
      description.kernel.state.taints = mask
    }
  }
}

/// What `body` does; an error of it names the file.
private func naming(
  _ path: [UInt8], _ body: () throws(SystemError) -> Void
) throws(SystemError) {
  do throws(SystemError) { try body() } catch {
    throw SystemError("\(String(decoding: path, as: UTF8.self)): \(error.message)")
  }
}
