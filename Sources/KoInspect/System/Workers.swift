// Work on all processors, results in order.

import Glibc

/// Pieces of work that are independent of each other, done by several threads, whose results are
/// delivered in the order of the pieces, as if one had done them one after the other.
@safe
final class Workers<Result: Sendable>: @unchecked Sendable {
  private let count: Int
  private let work: @Sendable (Int) -> Result
  /// How many results may wait for their turn, so that memory stays bounded.
  private let window: Int

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  /// Only used while ``mutex`` is held.
  private var next = 0
  private var delivered = 0
  private var finished: [Int: Result] = [:]

  private init(_ count: Int, threads: Int, _ work: @escaping @Sendable (Int) -> Result) {
    self.count = count
    self.work = work
    window = threads * 4
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(changed, nil)
  }

  deinit {
    unsafe pthread_cond_destroy(changed)
    unsafe pthread_mutex_destroy(mutex)
    unsafe changed.deallocate()
    unsafe mutex.deallocate()
  }

  /// Does `work` for every number below `count` and calls `deliver` with the results in order.
  ///
  /// As many threads work as the machine has processors, this one included, but no more than eight.
  static func run(
    _ count: Int, _ work: @escaping @Sendable (Int) -> Result, deliver: (Result) -> Void
  ) {
    let processors = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    let threads = Swift.min(Swift.max(processors, 1), 8, count)
    guard threads > 1 else {
      for number in 0..<count { deliver(work(number)) }
      return
    }
    let workers = Workers(count, threads: threads, work)
    let started = (1..<threads).compactMap { _ in Thread { workers.takePart() } }
    workers.deliverAll(deliver)
    for thread in started { thread.join() }
  }

  /// What the other threads do: piece after piece, never far ahead of what has been delivered.
  private func takePart() {
    unsafe pthread_mutex_lock(mutex)
    while next < count {
      if !doNext() { unsafe pthread_cond_wait(changed, mutex) }
    }
    unsafe pthread_mutex_unlock(mutex)
  }

  /// What this thread does: it delivers, and works while there is nothing to deliver.
  private func deliverAll(_ deliver: (Result) -> Void) {
    unsafe pthread_mutex_lock(mutex)
    while delivered < count {
      if let result = finished.removeValue(forKey: delivered) {
        delivered += 1
        unsafe pthread_cond_broadcast(changed)
        unsafe pthread_mutex_unlock(mutex)
        deliver(result)
        unsafe pthread_mutex_lock(mutex)
      } else if !doNext() {
        unsafe pthread_cond_wait(changed, mutex)
      }
    }
    unsafe pthread_mutex_unlock(mutex)
  }

  /// Does the next piece with the mutex released; false when there is none to do now.
  private func doNext() -> Bool {
    let number = next
    guard number < count, number < delivered + window else { return false }
    next += 1
    unsafe pthread_mutex_unlock(mutex)
    let result = work(number)
    unsafe pthread_mutex_lock(mutex)
    finished[number] = result
    unsafe pthread_cond_broadcast(changed)
    return true
  }
}

/// A thread of the system.
private struct Thread {
  private let thread: pthread_t

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Starts a thread, or gives `nil` when the system has none to spare.
  init?(_ run: @escaping @Sendable () -> Void) {
    let body = unsafe Unmanaged.passRetained(Body(run))
    var thread = pthread_t()
    let status = unsafe pthread_create(
      &thread, nil,
      { argument in
        if let argument = unsafe argument {
          unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
        }
        return nil
      }, body.toOpaque())
    guard status == 0 else {
      unsafe body.release()
      return nil
    }
    self.thread = thread
  }

  func join() { pthread_join(thread, nil) }
}
