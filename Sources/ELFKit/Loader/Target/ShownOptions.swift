// What a kernel's own modules show of the options that it was built with: often there is no .config, and
// its modules are there.

extension TargetKernel {
  /// Whether the kernel was built with `option`: by its configuration, or else by what its modules
  /// show; `nil` when neither tells.
  public func has(_ option: KernelOption) -> Bool? {
    config.map { $0[option] } ?? shownOptions[option]
  }

  /// Adds what `module` shows, one of the kernel's own; what is known already stays. Looks at names of
  /// sections and at `.modinfo`.
  public mutating func addOptions(shownBy module: KernelModule) throws(ELFError) {
    guard let machine = module.image.header.machine.description, let kernel else { return }
    var shown: [KernelOption: Bool] = [:]
    // Whoever does not sign modules may look at signatures all the same.
    if try module.signature() != nil { shown[.moduleSignature] = true }
    if machine.kernel.saysRetpoline, kernel.has(.retpolineTag) {
      // modpost tags each module where the option is set, and no other.
      shown[kernel.retpolineOption] = try module.info().contains("retpoline")
    }
    for need in machine.loader?.sections ?? [] {
      guard let option = need.option, need.besides == nil, need.concerns(kernel) else { continue }
      // module.lds makes all of an option's sections, or none.
      shown[option] =
        shown[option] != false && module.image.sections.first(named: need.name) != nil
    }
    for (option, isSet) in shown where shownOptions[option] == nil { shownOptions[option] = isSet }
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
