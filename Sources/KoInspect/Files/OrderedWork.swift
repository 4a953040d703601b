// Many items at once, their output in the order they were named.

import Glibc

/// Hands items out to threads and puts what they print back into order.
///
/// The item whose turn it is writes straight to the streams; the others keep what they print, up
/// to a limit for all of them, and then wait for their turn. So memory is bounded however large the
/// output is.
@safe final class OrderedWork<Result: Sendable>: @unchecked Sendable {
  /// How far a thread may be ahead of the item that is being written.
  private static var lookAhead: Int { 64 }
  /// How many bytes may be kept before items wait for their turn: as much as the largest modules of a
  /// distribution print, so that a thread seldom waits for another.
  private static var keptLimit: Int { 16 << 20 }

  private struct Piece {
    let isError: Bool
    let bytes: [UInt8]
  }

  private let count: Int
  // Touched only by the thread whose item has the turn.
  private var streams: OrderedStreams
  // Everything below is touched only while `mutex` is locked.
  private var nextItem = 0
  private var turn = 0
  private var kept: [Int: [Piece]] = [:]
  private var keptSize = 0
  private var finished: [Int: Result] = [:]
  private var results: [Result] = []
  /// Whether nobody reads standard output any more.
  private var isOver = false
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let turnChanged = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  private init(_ count: Int, _ streams: OrderedStreams) {
    self.count = count
    self.streams = streams
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
  /// returns their results in order. Few items, or one processor, are not worth a thread.
  ///
  /// `separator` is printed between what two items print on standard output. When nobody reads
  /// that any more, what is left is not done and has no result.
  static func run(
    _ count: Int, separator: String = "", _ console: inout Console,
    _ body: @escaping @Sendable (Int, inout Console) -> Result
  ) -> [Result] {
    // One item needs no order, and every run that reads one file pays for what is made here.
    guard count > 1 else { return count == 1 ? [body(0, &console)] : [] }
    let work = OrderedWork(count, OrderedStreams(console, separator))
    console.out.flush()
    console.err.flush()
    console.out.sink?.expectMuch()
    let environment = console.environment
    let processors = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    let threads = (1..<max(min(processors, count / 4), 1)).compactMap { _ in
      Thread { work.run(environment, body) }
    }
    work.run(environment, body)
    for thread in threads { thread.join() }
    work.streams.finish(&console)
    return work.results
  }

  /// What one thread does until nothing is left.
  private func run(
    _ environment: Environment, _ body: (Int, inout Console) -> Result
  ) {
    let (out, err) = (TurnSink(self, isError: false), TurnSink(self, isError: true))
    var console = Console(out: TextBuffer(out), err: TextBuffer(err), environment: environment)
    while let item = take() {
      out.item = item
      err.item = item
      let result = body(item, &console)
      console.out.flush()
      console.err.flush()
      finish(item, result)
    }
  }

  private func take() -> Int? {
    lock()
    defer { unlock() }
    while nextItem < count, nextItem >= turn + Self.lookAhead { wait() }
    guard nextItem < count, !isOver else { return nil }
    nextItem += 1
    return nextItem - 1
  }

  fileprivate func write(_ bytes: [UInt8], for item: Int, isError: Bool) {
    lock()
    if turn != item {
      kept[item, default: []].append(Piece(isError: isError, bytes: bytes))
      keptSize += bytes.count
      guard keptSize > Self.keptLimit else { return unlock() }
      while turn != item { wait() }
      writeKept(item)
      return unlock()
    }
    writeKept(item)
    unlock()
    streams.write(bytes, for: item, isError: isError)
  }

  private func finish(_ item: Int, _ result: Result) {
    lock()
    finished[item] = result
    // Whoever finishes the item whose turn it is writes what the next ones have kept.
    if turn == item {
      while let result = finished.removeValue(forKey: turn) {
        writeKept(turn)
        results.append(result)
        isOver = streams.hasFailed
        turn += 1
        streams.showProgress(turn, of: count)
        unsafe pthread_cond_broadcast(turnChanged)
      }
    }
    unlock()
  }

  /// Writes what an item has kept, unlocked meanwhile: only the owner of the turn comes here.
  private func writeKept(_ item: Int) {
    guard let pieces = kept.removeValue(forKey: item) else { return }
    unlock()
    for piece in pieces { streams.write(piece.bytes, for: item, isError: piece.isError) }
    lock()
    keptSize -= pieces.reduce(0) { $0 + $1.bytes.count }
  }

  private func lock() { unsafe pthread_mutex_lock(mutex) }
  private func unlock() { unsafe pthread_mutex_unlock(mutex) }
  private func wait() { unsafe pthread_cond_wait(turnChanged, mutex) }
}

/// The two streams that all items share.
private struct OrderedStreams {
  /// Pieces of this size are handed on as they are; smaller ones are collected.
  private static let largePiece = 32 * 1024

  private let separator: [UInt8]
  private var out: TextBuffer
  private var err: TextBuffer
  /// The last item that printed something on standard output.
  private var lastItem: Int?
  /// For a person who waits and sees nothing else meanwhile.
  private var progress: ProgressLine?

  init(_ console: Console, _ separator: String) {
    self.separator = Array(separator.utf8)
    out = TextBuffer(console.out.sink)
    err = TextBuffer(console.err.sink)
    let environment = console.environment
    if environment.errorIsTerminal(), !environment.outputIsTerminal() {
      progress = ProgressLine(at: ProgressLine.now)
    }
  }

  mutating func showProgress(_ done: Int, of count: Int) {
    guard let text = progress?.text(done, of: count, at: ProgressLine.now) else { return }
    err.append(text)
    err.flush()
  }

  /// Whether nobody reads standard output any more.
  var hasFailed: Bool { out.sink?.failure != nil }

  mutating func write(_ bytes: [UInt8], for item: Int, isError: Bool) {
    guard !isError else {
      // What came before on standard output is to be read before.
      out.flush()
      if let erasure = progress?.erased() { err.append(erasure) }
      err.append(raw: bytes)
      return err.flush()
    }
    if lastItem != item {
      if lastItem != nil { out.append(raw: separator) }
      lastItem = item
    }
    guard bytes.count >= Self.largePiece, let sink = out.sink else {
      return out.append(raw: bytes)
    }
    out.flush()
    sink.write(bytes)
  }

  /// Hands everything on; what has no stream to go to becomes a part of `console`'s text.
  mutating func finish(_ console: inout Console) {
    out.flush()
    if let erasure = progress?.erased() { err.append(erasure) }
    err.flush()
    console.out.append(raw: out.pending)
    console.err.append(raw: err.pending)
  }
}

/// The stream that one thread writes to.
private final class TurnSink<Result: Sendable>: OutputSink {
  private let work: OrderedWork<Result>
  private let isError: Bool
  /// The item that is being worked on.
  var item = 0
  let failure: String? = nil

  init(_ work: OrderedWork<Result>, isError: Bool) {
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
