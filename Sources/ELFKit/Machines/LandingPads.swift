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

/// What instructions of a machine look like that tell something without a disassembler.
struct CodePatterns: Sendable {
  /// For each argument of a call, the first being 0, the bytes before a relocation that loads the address of
  /// something into its register.
  let loads: [[[UInt8]]]
  /// The bytes before a relocation of a call or a jump.
  let branches: [UInt8]
  /// The relocation type of a distance, which counts from the end of its four bytes.
  let distance: UInt32
  /// All relocation types of distances: those of data, and those of calls.
  let distances: [UInt32]
  /// A write to the register that protects memory from the kernel itself: its first bytes, and the last.
  let unprotect: (first: [UInt8], last: ClosedRange<UInt8>, words: String)
}

/// A table of places in code that the kernel patches, and the thunks that these refer to.
struct PatchTable: Sendable {
  /// The section; an entry is a distance of four bytes.
  let section: String
  /// How the names of the thunks begin.
  let thunks: String
  /// The rule that explains what is missing.
  let rule: String
}
