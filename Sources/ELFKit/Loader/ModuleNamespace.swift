// Namespaces that name the modules which may use a symbol (kernel/module/main.c,
// `verify_module_namespace`; EXPORT_SYMBOL_FOR_MODULES; `KernelChange.moduleNamespaces`).

enum ModuleNamespace {
  static let prefix = "module:"

  /// Whether `namespace`, a list such as `module:kvm,kvm-*`, names the module `name`: `-` and `_`
  /// are the same, a `*` at the end stands for any rest.
  static func allows(_ name: ByteSlice, _ namespace: ByteSlice) -> Bool {
    let name = ModuleName.folded(name.bytes)
    let list = namespace.suffix(from: prefix.utf8.count).bytes
    return list.split(separator: UInt8(ascii: ",")).contains { item in
      let pattern = ModuleName.folded(item)
      guard pattern.last == UInt8(ascii: "*") else { return pattern == name }
      return name.starts(with: pattern.dropLast())
    }
  }
}
