// What a kernel's own modules, and what else is known of it, show of the options that it was built with:
// often there is no .config, and its modules are there.

extension TargetKernel {
  /// Whether the kernel was built with `option`: by its configuration, or else by what is known of it
  /// besides; `nil` when nothing tells.
  public func has(_ option: KernelOption) -> Bool? {
    if let config { return config[option] }
    if let known = shownOptions[option] { return known }
    // Only such a kernel has its key, its switch, and its taint.
    let isSigning =
      moduleKeyID != nil || enforcesSignatures != nil || state.taints.contains(.unsigned)
    return option == .moduleSignature && isSigning ? true : nil
  }

  /// Whether its indirect jumps are guarded against Spectre V2, by whatever name its configuration has for
  /// that; `nil` when nothing tells.
  public var hasRetpolines: Bool? {
    if let config { return config[.retpoline] || config[.mitigationRetpoline] }
    return shownOptions[.retpoline] ?? shownOptions[.mitigationRetpoline]
  }

  /// Adds what `module` shows, one that was built for the kernel. What one module has, the kernel was built
  /// with; what it lacks tells only of the kernel's own modules, which were built with it. Looks at names
  /// of sections and at `.modinfo`.
  public mutating func addOptions(shownBy module: KernelModule) throws(ELFError) {
    guard let machine = module.image.header.machine.description, let kernel else { return }
    let info = try module.info()
    var shown: [KernelOption: Bool] = [:]
    if machine.kernel.saysRetpoline, kernel.has(.retpolineTag) {
      // modpost tags each module where the option is set.
      shown[kernel.retpolineOption] = info.contains("retpoline")
    }
    for need in machine.loader?.sections ?? [] {
      guard let option = need.option, need.besides == nil, need.concerns(kernel) else { continue }
      // module.lds makes all of an option's sections, or none.
      shown[option] =
        shown[option] != false && module.image.sections.first(named: need.name) != nil
    }
    for (option, isSet) in shown where isSet || info.contains("intree") {
      shownOptions[option] = isSet || shownOptions[option] == true
    }
    // Who does not sign modules may look at signatures all the same.
    if (try? module.signature()) != nil { shownOptions[.moduleSignature] = true }
  }
}

extension Kernel {
  /// The option that guards indirect jumps of x86 against Spectre V2.
  var retpolineOption: KernelOption {
    has(.mitigationOptions) ? .mitigationRetpoline : .retpoline
  }
}

extension NeededSection {
  /// Whether the loader of `kernel` looks for the section at all.
  func concerns(_ kernel: Kernel) -> Bool {
    (since.map { kernel.has($0) } ?? true) && !(until.map { kernel.has($0) } ?? false)
  }
}
