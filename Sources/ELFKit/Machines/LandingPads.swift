// Where a processor lets indirect branches lead, and what is patched when a module is loaded.

/// The instructions at which a kernel's indirect calls may arrive: anything else stops the processor.
struct LandingPads: Sendable {
  /// The build option of kernels whose processors look.
  let option: KernelOption
  /// The change that brought it.
  let since: KernelChange
  /// The first four bytes of a function that may be called so.
  let instructions: [UInt32]
  /// How a person writes the instruction.
  let instruction: String
  /// What the property note of code says that has them everywhere.
  let property: String
  /// A section that only the kernel's own build of such code makes; `nil` when there is none.
  let seals: String?
  /// The relocation type of a pointer.
  let pointer: UInt32
  /// The compiler's flag.
  let flag: String
  /// What the kernel says when a call arrives elsewhere; `nil` when it names the function.
  let oops: String?
  /// The flag of the processor in /proc/cpuinfo.
  let processor: String
}

/// A table of places in code that the kernel patches, and the thunks that these refer to.
struct PatchTable: Sendable {
  /// The section; an entry is a distance of four bytes.
  let section: String
  /// How the names of the thunks begin.
  let thunks: String
  /// The rule that explains what is missing.
  let rule: String
  /// Since when the kernel's build makes the table.
  let since: KernelChange
}
