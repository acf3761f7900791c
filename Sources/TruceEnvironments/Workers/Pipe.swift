import Foundation

/// One end of a pipe, closed with the value.
///
/// No program that this process starts inherits it.
final class PipeEnd: Sendable {
  /// The system's number of the end.
  let descriptor: Int32

  private init(_ descriptor: Int32) {
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Makes a pipe.
  ///
  /// The numbers of its ends are above those that a worker expects, so that handing one over cannot overwrite another.
  static func pair() throws(WorkerFault) -> (reading: PipeEnd, writing: PipeEnd) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .lastFailure }
    defer { for end in ends { close(end) } }
    let moved = ends.map { fcntl($0, F_DUPFD_CLOEXEC, 10) }
    guard !moved.contains(-1) else {
      let fault = WorkerFault.lastFailure
      for end in moved where end >= 0 { close(end) }
      throw fault
    }
    return (PipeEnd(moved[0]), PipeEnd(moved[1]))
  }

  /// Lets reading and writing return at once where they would wait.
  func neverWait() {
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
  }

  /// What one call to the system did.
  enum Outcome: Equatable {
    /// It moved so many bytes.
    case moved(Int)
    /// There is nothing to do now.
    case wouldWait
    /// The other end is closed.
    case ended
  }

  /// Reads what is there, at most as much as there is room for.
  func read(into room: UnsafeMutableRawBufferPointer) -> Outcome {
    outcome(of: systemRead(descriptor, room), atNothing: .ended)
  }

  /// Writes what there is room for.
  ///
  /// The signal of a pipe without a reader must be blocked.
  func write(_ bytes: UnsafeRawBufferPointer) -> Outcome {
    outcome(of: systemWrite(descriptor, bytes), atNothing: .wouldWait)
  }

  private func outcome(of count: Int, atNothing: Outcome) -> Outcome {
    if count > 0 { return .moved(count) }
    if count == 0 { return atNothing }
    return [EAGAIN, EWOULDBLOCK, EINTR].contains(errno) ? .wouldWait : .ended
  }
}

private func systemRead(_ descriptor: Int32, _ room: UnsafeMutableRawBufferPointer) -> Int {
  read(descriptor, room.baseAddress, room.count)
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  write(descriptor, bytes.baseAddress, bytes.count)
}

extension WorkerFault {
  /// What the system said when it last refused something.
  static var lastFailure: WorkerFault { .systemRefusal(errno) }

  /// What the system says with a number.
  static func systemRefusal(_ number: Int32) -> WorkerFault {
    .notStarted(reason: String(cString: strerror(number)).lowercased())
  }
}
