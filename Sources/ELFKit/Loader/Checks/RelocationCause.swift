// Why a module has a relocation that no loader, or only a newer one, can do: the usual causes, by what
// the type's name says. Rows only.

/// What usually makes a kind of relocation.
struct RelocationCause {
  /// What the names of such types have in them.
  let marks: [String]
  /// The cause, and what to do about it.
  let text: ByteText

  private static let all = [
    Self(
      marks: ["TLS", "TPOFF", "DTPOFF", "DTPMOD", "DTPREL", "TPREL"],
      text:
        "it is of a thread-local variable (__thread), which kernels do not have: use per-CPU variables"
    ),
    Self(
      marks: ["COPY", "GLOB_DAT", "JUMP_SLOT", "JMP_SLOT", "RELATIVE", "IRELATIV"],
      text:
        "it is one of shared libraries: the file was linked with -shared or -pie instead of 'ld -r'"
    ),
    Self(
      marks: ["GOT", "PLTOFF"],
      text:
        "it is of position-independent code: some object was compiled with -fPIC or -fPIE (a compiler's default, or an object made for user space); compile all with -fno-pic -fno-pie, by the kernel's own build"
    ),
    Self(
      marks: ["PC8", "PC16", "_8", "_16"],
      text: "it is too short for an address: assembly code keeps a symbol in one or two bytes"),
  ]

  /// The usual cause of a type called `name` that the kernel does not know; `change` is the one that has
  /// brought it to newer kernels.
  static func text(_ name: String?, _ change: KernelChange?) -> ByteText {
    if let change {
      return
        "kernels since \(change) know it; it comes from binutils or a compiler that are newer than the kernel: use those that the kernel was built with"
    }
    let bytes = ByteSlice(Array((name ?? "").utf8))
    for cause in all where cause.marks.contains(where: { bytes.contains($0) }) { return cause.text }
    return
      "it comes from a compiler or binutils that are newer than the kernel, or from flags that are not the kernel's: use those that the kernel was built with"
  }
}
