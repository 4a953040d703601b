// What is known of a machine. The values are in Descriptions/, one file a machine; MachineList.swift
// finds them. Nothing else switches on a machine.

/// All that is known of one machine: what its ABI says, what Linux is like on it, and what its part of
/// the module loader takes.
///
/// It never changes, and it is shared: one fact is asked for at a time, and a copy of all of them for
/// each question would cost more than most answers.
public final class MachineDescription: Sendable {
  /// Its number (`e_machine`).
  public let machine: Machine
  /// Its usual short name, such as `x86-64`.
  public let name: String
  /// What its ABI says about object files.
  public let format: MachineFormat
  /// What Linux is like on it.
  public let kernel: MachineKernel
  /// What its part of the module loader takes and says; `nil` when that is not known. Made when it is
  /// asked for: who reads a file does not load it.
  public var loader: MachineLoader? { makeLoader?() }
  /// What traces need to know of its code, made when it is asked for.
  public var code: MachineCode { makeCode?() ?? MachineCode() }

  private let makeCode: (@Sendable () -> MachineCode)?
  private let makeLoader: (@Sendable () -> MachineLoader)?

  init(
    _ machine: Machine, _ name: String, _ format: MachineFormat,
    _ kernel: MachineKernel = MachineKernel(), loader: (@Sendable () -> MachineLoader)? = nil,
    code: (@Sendable () -> MachineCode)? = nil
  ) {
    self.machine = machine
    self.name = name
    self.format = format
    self.kernel = kernel
    makeLoader = loader
    makeCode = code
  }
}
