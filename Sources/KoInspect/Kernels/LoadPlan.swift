// Loading modules as modprobe would: what one depends on comes first. What has been found out about
// a module that many depend on is kept.

import ELFKit

/// Loads modules into a kernel, without one.
final class LoadPlan: Sendable {
  let target: KernelDescription
  private let verifier: SignatureVerifier?
  private let arguments: ByteSlice
  /// `finit_module`'s flags, when files are to be handed over as they are.
  private let flags: LoadRequest.Flags?
  private let limits: Input.Limits
  private let loadsDependencies: Bool
  /// What is known of modules that others depend on, by path.
  private let known = Shared<[[UInt8]: Result<Dependency, SystemError>]>([:])

  init(
    _ target: KernelDescription, arguments: [UInt8], flags: LoadRequest.Flags?,
    limits: Input.Limits,
    loadsDependencies: Bool
  ) throws(SystemError) {
    self.target = target
    verifier = try target.verifier()
    self.arguments = ByteSlice(arguments)
    self.flags = flags
    self.limits = limits
    self.loadsDependencies = loadsDependencies
  }

  /// What came of a module: the answer, and the dependency for which it was never asked.
  struct Outcome {
    let prediction: LoadPrediction
    /// The dependencies that were loaded before, in order.
    let dependencies: [ByteSlice]
    /// The dependency that does not load, and what happens to it.
    let obstacle: (name: ByteSlice, prediction: LoadPrediction)?
    /// The name for people: that of the file when the module has none.
    let path: [UInt8]
  }

  /// A module that others depend on: what happens when it is loaded after what it needs itself. The
  /// module's bytes are not kept.
  private struct Dependency: Sendable {
    let needs: [ByteSlice]
    /// What is there when it has been loaded; `nil` when it does not load.
    let module: LoadedModule?
    let taints: TaintMask
    /// Why it does not load.
    let obstacle: (name: ByteSlice, prediction: LoadPrediction)?
  }

  /// What happens to the module in `file`.
  func outcome(_ file: Operand, _ state: KernelState? = nil) throws(SystemError) -> Outcome {
    var kernel = target.kernel
    if let state { kernel.state = state }
    var request = try request(file)
    request.arguments = arguments
    guard loadsDependencies else {
      return Outcome(
        prediction: kernel.prediction(request), dependencies: [], obstacle: nil, path: file.path)
    }
    let attempt = try attempt(
      request, in: &kernel, for: [ByteSlice(ModuleName.ofFile(at: file.path))])
    return Outcome(
      prediction: attempt.prediction, dependencies: attempt.dependencies,
      obstacle: attempt.obstacle, path: file.path)
  }

  /// What happens to a module when what it needs is loaded first: what `depends=` names, then what only
  /// its symbols show to be missing.
  private struct Attempt {
    let prediction: LoadPrediction
    /// What it needs.
    let needs: [ByteSlice]
    /// What was loaded for it, in order.
    let dependencies: [ByteSlice]
    /// What does not load, and why; the module is then tried without it.
    let obstacle: Obstacle?
  }

  private typealias Obstacle = (name: ByteSlice, prediction: LoadPrediction)

  /// `users` is the chain of those that need the module, and the module itself.
  private func attempt(
    _ request: LoadRequest, in kernel: inout TargetKernel, for users: [ByteSlice]
  ) throws(SystemError) -> Attempt {
    var needs = Self.needs(request)
    var order: [ByteSlice] = []
    var obstacle = try load(needs, into: &kernel, &order, for: users)
    var prediction = kernel.prediction(request)
    if obstacle == nil, !prediction.missingProviders.isEmpty {
      let count = order.count
      needs += prediction.missingProviders
      obstacle = try load(prediction.missingProviders, into: &kernel, &order, for: users)
      if order.count > count { prediction = kernel.prediction(request) }
    }
    return Attempt(
      prediction: prediction, needs: needs, dependencies: order, obstacle: obstacle)
  }

  /// No chain of dependencies is longer; Debian's longest has a dozen.
  private static let longestChain = 64

  /// Loads the modules called `names` and what they need; returns the one that does not load.
  /// `users` is the chain of those that need them: where it becomes a circle, it ends, and the kernel
  /// finds symbols missing.
  private func load(
    _ names: [ByteSlice], into kernel: inout TargetKernel, _ order: inout [ByteSlice],
    for users: [ByteSlice]
  ) throws(SystemError) -> Obstacle? {
    for name in names {
      let folded = ByteSlice(ModuleName.normalized(name: name.bytes))
      guard !kernel.state.modules.contains(where: { $0.name == folded }),
        !users.contains(folded), let path = target.files.path(name)
      else { continue }
      guard users.count < Self.longestChain else {
        throw Self.unread(path, "no more than \(Self.longestChain) in a row are")
      }
      let dependency = try dependency(path, folded, for: users)
      if let obstacle = try load(dependency.needs, into: &kernel, &order, for: users + [folded]) {
        return obstacle
      }
      guard let module = dependency.module else { return dependency.obstacle }
      kernel.state.modules.append(module)
      kernel.state.taints.formUnion(dependency.taints)
      order.append(folded)
    }
    return nil
  }

  /// What is known of a dependency. One that cannot be read is an error, which is kept as well: no
  /// mention costs more than the first.
  private func dependency(
    _ path: [UInt8], _ name: ByteSlice, for users: [ByteSlice]
  ) throws(SystemError) -> Dependency {
    if let found = known.withLock({ $0[path] }) { return try found.get() }
    let found: Result<Dependency, SystemError>
    do throws(SystemError) { found = .success(try read(path, name, for: users)) } catch {
      found = .failure(error)
    }
    known.withLock { $0[path] = found }
    return try found.get()
  }

  private func read(
    _ path: [UInt8], _ name: ByteSlice, for users: [ByteSlice]
  ) throws(SystemError) -> Dependency {
    let request: LoadRequest
    do throws(SystemError) { request = try self.request(Operand(path: path)) } catch {
      throw Self.unread(path, error.message)
    }
    var kernel = target.kernel
    let attempt = try attempt(request, in: &kernel, for: users + [name])
    let prediction = attempt.prediction
    let isLoaded = attempt.obstacle == nil && prediction.verdict != .fails
    return Dependency(
      needs: attempt.needs, module: isLoaded ? prediction.state.modules.last : nil,
      taints: isLoaded ? prediction.state.taints : TaintMask(rawValue: 0),
      obstacle: isLoaded ? nil : attempt.obstacle ?? (name, prediction))
  }

  /// The error of a module that depends on the one at `path`, directly or through others: that is the
  /// one to look at.
  private static func unread(_ path: [UInt8], _ reason: String) -> SystemError {
    SystemError(
      "it depends on \(String(decoding: path, as: UTF8.self)), which cannot be read: \(reason)")
  }

  /// What `depends=` names, which depmod does not look at: a module that was built without the list of
  /// another one's symbols names it not, and needs it all the same (``LoadPrediction/missingProviders``).
  private static func needs(_ request: LoadRequest) -> [ByteSlice] {
    let source = request.unpacked ?? request.file
    guard let image = try? ELFImage(asLoaded: source), let info = try? image.moduleInfo(),
      let list = info.first("depends")
    else { return [] }
    // Copies, which do not keep the file in memory.
    return list.split(separator: UInt8(ascii: ",")).map { ByteSlice($0) }
  }

  /// The file as the kernel gets it: decompressed, unless flags say how it is handed over.
  private func request(_ file: Operand) throws(SystemError) -> LoadRequest {
    var request: LoadRequest
    if let flags {
      let bytes =
        file.isStandardInput
        ? try FileDescriptor.standardInput.readToEnd(limits)
        : try FileDescriptor(opening: file.path).readToEnd(limits)
      request = LoadRequest(ByteSlice(bytes))
      request.flags = flags
      if flags.contains(.compressedFile), let format = Compression(magic: ByteSlice(bytes)) {
        request.unpacked = (try? format.decompress(ByteSlice(bytes), limits)).map {
          ByteSlice($0).erased
        }
      }
    } else {
      let input = try file.open(.everything, limits)
      request = LoadRequest(input.source)
      request.packedHead = input.packedHead
    }
    try Self.refuseMistake(request.unpacked ?? request.file, isForced: flags != nil)
    request.evidence = verifier?.evidence(on: request.unpacked ?? request.file)
    return request
  }

  /// Throws when the file is none that anybody means to load. With flags (`isForced`) it is handed over as
  /// it is.
  private static func refuseMistake(
    _ source: AnyByteSource, isForced: Bool
  ) throws(SystemError) {
    let mistake: MistakenFile?
    do throws(ELFError) {
      mistake = MistakenFile(KernelModule(try ELFImage(asLoaded: source)))
    } catch {
      mistake = MistakenFile(unreadable: source)
    }
    guard let mistake else { return }
    if !isForced { throw SystemError(mistake.description) }
  }

  /// Loads the modules in `files` one after the other, as they are named; tells what does not load, and
  /// gives it back.
  func loading(
    _ files: [[UInt8]], _ console: inout Console
  ) throws(SystemError) -> (state: KernelState, unloaded: [Unread]) {
    var state = target.kernel.state
    var unloaded: [Unread] = []
    for path in files {
      let outcome: Outcome
      do throws(SystemError) { outcome = try self.outcome(Operand(path: path), state) } catch {
        throw SystemError("\(String(decoding: path, as: UTF8.self)): \(error.message)")
      }
      let prediction = outcome.prediction
      if outcome.obstacle != nil || prediction.verdict == .fails {
        let problem = "does not load itself (\(prediction.errno?.rawValue ?? "the kernel stops"))"
        console.report(path, problem)
        unloaded.append(Unread(path: path, problem: problem))
      }
      state = prediction.state
    }
    return (state, unloaded)
  }
}
