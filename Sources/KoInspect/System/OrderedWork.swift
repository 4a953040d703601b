// Many files at once, their output in the order they were named.

import Glibc

/// Hands items out to threads and puts what they print back into order.
///
/// The item whose turn it is writes straight to the streams; the others keep what they print, up
/// to a limit, and then wait for their turn. So memory is bounded however large the output is.
@safe final class OrderedWork: @unchecked Sendable {
  /// How far a thread may be ahead of the item that is being written.
  private static let lookAhead = 64
  /// How many bytes an item may keep before it waits for its turn.
  private static let keptLimit = 256 * 1024

  private struct Piece {
    let isError: Bool
    let bytes: [UInt8]
  }

  private let count: Int
  private let out: any OutputSink
  private let err: any OutputSink
  // Everything below is touched only while `mutex` is locked.
  private var nextItem = 0
  private var turn = 0
  private var kept: [Int: [Piece]] = [:]
  private var keptSize: [Int: Int] = [:]
  private var finished: Set<Int> = []
  private var worst = ExitStatus.clean
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let turnChanged = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  private init(_ count: Int, _ out: any OutputSink, _ err: any OutputSink) {
    self.count = count
    self.out = out
    self.err = err
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(turnChanged, nil)
  }

  deinit {
    unsafe pthread_mutex_destroy(mutex)
    unsafe pthread_cond_destroy(turnChanged)
    unsafe mutex.deallocate()
    unsafe turnChanged.deallocate()
  }

  /// Runs `body` for the items 0 up to `count`, on as many threads as there are processors, and
  /// gives back the worst status. Few items, or one processor, are not worth a thread.
  static func run(
    _ count: Int, _ console: inout Console,
    _ body: @escaping @Sendable (Int, inout Console) -> ExitStatus
  ) -> ExitStatus {
    let threadCount = min(processorCount, count / 4)
    guard threadCount > 1, let out = console.out.sink, let err = console.err.sink else {
      return (0..<count).reduce(.clean) { max($0, body($1, &console)) }
    }
    console.out.flush()
    console.err.flush()
    let work = OrderedWork(count, out, err)
    let environment = console.environment
    let threads = (1..<threadCount).compactMap { _ in
      Thread { work.run(environment, body) }
    }
    work.run(environment, body)
    for thread in threads { thread.join() }
    return work.worst
  }

  /// The number of processors that are there.
  private static var processorCount: Int { sysconf(Int32(_SC_NPROCESSORS_ONLN)) }

  /// What one thread does until nothing is left.
  private func run(
    _ environment: Environment, _ body: (Int, inout Console) -> ExitStatus
  ) {
    let (ownOut, ownErr) = (TurnSink(self, isError: false), TurnSink(self, isError: true))
    var console = Console(
      out: TextBuffer(ownOut), err: TextBuffer(ownErr), environment: environment)
    while let item = take() {
      ownOut.item = item
      ownErr.item = item
      let status = body(item, &console)
      console.out.flush()
      console.err.flush()
      finish(item, status)
    }
  }

  private func take() -> Int? {
    lock()
    defer { unlock() }
    while nextItem < count, nextItem >= turn + Self.lookAhead { wait() }
    // Nobody reads what is written any more.
    guard nextItem < count, out.failure == nil else { return nil }
    nextItem += 1
    return nextItem - 1
  }

  fileprivate func write(_ bytes: [UInt8], for item: Int, isError: Bool) {
    lock()
    if turn != item {
      kept[item, default: []].append(Piece(isError: isError, bytes: bytes))
      keptSize[item, default: 0] += bytes.count
      guard keptSize[item, default: 0] > Self.keptLimit else { return unlock() }
      while turn != item { wait() }
      writeKept(item)
      return unlock()
    }
    writeKept(item)
    unlock()
    (isError ? err : out).write(bytes)
  }

  private func finish(_ item: Int, _ status: ExitStatus) {
    lock()
    worst = max(worst, status)
    finished.insert(item)
    // Whoever finishes the item whose turn it is writes what the next ones have kept.
    if turn == item {
      while finished.remove(turn) != nil {
        writeKept(turn)
        turn += 1
        unsafe pthread_cond_broadcast(turnChanged)
      }
    }
    unlock()
  }

  /// Writes what an item has kept, unlocked meanwhile: only the owner of the turn comes here.
  private func writeKept(_ item: Int) {
    guard let pieces = kept.removeValue(forKey: item) else { return }
    keptSize[item] = nil
    unlock()
    for piece in pieces { (piece.isError ? err : out).write(piece.bytes) }
    lock()
  }

  private func lock() { unsafe pthread_mutex_lock(mutex) }
  private func unlock() { unsafe pthread_mutex_unlock(mutex) }
  private func wait() { unsafe pthread_cond_wait(turnChanged, mutex) }
}

/// The stream that one thread writes to.
private final class TurnSink: OutputSink {
  private let work: OrderedWork
  private let isError: Bool
  /// The item that is being worked on.
  var item = 0
  let failure: String? = nil

  init(_ work: OrderedWork, isError: Bool) {
    self.work = work
    self.isError = isError
  }

  func write(_ bytes: [UInt8]) { work.write(bytes, for: item, isError: isError) }
}

/// A thread of the system's.
@safe private struct Thread {
  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  private let identifier: pthread_t

  /// Starts `body`; `nil` when the system has no thread to spare.
  init?(_ body: @escaping @Sendable () -> Void) {
    let context = unsafe Unmanaged.passRetained(Body(body))
    var identifier = pthread_t()
    let result = unsafe pthread_create(
      &identifier, nil,
      { context in
        guard let context = unsafe context else { return nil }
        unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, context.toOpaque())
    guard result == 0 else {
      unsafe context.release()
      return nil
    }
    self.identifier = identifier
  }

  func join() { pthread_join(identifier, nil) }
}
