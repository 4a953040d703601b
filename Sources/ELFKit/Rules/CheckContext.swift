// What rules may know besides the module itself.

/// What is known besides the module. Every fact may be missing; rules that need it then say nothing.
public struct CheckContext: Sendable {
  /// The kernels that count; `nil` for the one that is given, or else the one that the module was built
  /// for.
  public var kernels: ClosedRange<KernelVersion>?
  /// The kernel that is given; `nil` when none is.
  public var target: TargetKernel?
  /// What certificates say about the signature; `nil` when nobody has tried it.
  public var signatureEvidence: SignatureEvidence?
  /// Whether a signature is asked for, as certificates do: a module without one fails then.
  public var wantsSignature = false
  /// Licences that are accepted beside those of the kernel.
  public var acceptedLicenses: Set<ByteSlice> = []
  /// The first bytes of the compressed file that the module was in; `nil` when it was in none.
  public var packedHead: ByteSlice?
  /// The name of the module's file without its suffixes.
  public var fileStem: ByteSlice?
  /// What the project asks for.
  public var policy: ModulePolicy?

  /// Nothing is known.
  public init() {}
}
