import Foundation
import TruceRun

/// Frames to and from a process, each within a deadline.
///
/// What the process prints is read along the way, so that it never waits for room, and its end is kept.
final class WorkerChannel {
  private let process: ChildProcess
  private var tail = TextTail()

  /// Speaks with a process.
  init(_ process: ChildProcess) {
    self.process = process
  }

  /// The system's number of the process.
  var processIdentifier: Int32 { process.identifier }

  /// The last lines that the process printed.
  var lastWords: [String] {
    drain()
    return tail.lines
  }

  /// Kills the process.
  func kill() { process.kill() }

  /// Sends bytes.
  ///
  /// - Throws: ``WorkerFault`` where the process has ended, or takes nothing until the deadline.
  func send(_ bytes: [UInt8], by deadline: Deadline) throws(WorkerFault) {
    guard let requests = process.requests else { throw process.fault() }
    var sent = 0
    while sent < bytes.count {
      let outcome = StandardStreams.withoutPipeSignal {
        bytes.withUnsafeBytes { requests.write(UnsafeRawBufferPointer(rebasing: $0[sent...])) }
      }
      switch outcome {
      case .moved(let count): sent += count
      case .wouldWait: try wait(for: requests, Int16(POLLOUT), by: deadline)
      case .ended: throw process.fault()
      }
    }
  }

  /// Waits for the answer to a request.
  ///
  /// - Parameters:
  ///   - sequence: The request's number.
  ///   - deadline: Until when.
  /// - Returns: What the answer is about and its content.
  /// - Throws: ``WorkerFault``.
  func answer(
    to sequence: UInt32, by deadline: Deadline
  ) throws(WorkerFault) -> (kind: FrameKind, content: [UInt8]) {
    let header = try FrameHeader(bytes(FrameHeader.size, by: deadline))
    guard header.sequence == sequence else {
      throw .lied("it answers request \(header.sequence), asked was \(sequence)")
    }
    return (header.kind, try bytes(header.length, by: deadline))
  }

  private func bytes(_ count: Int, by deadline: Deadline) throws(WorkerFault) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var read = 0
    while read < count {
      let outcome = bytes.withUnsafeMutableBytes {
        process.answers.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[read...]))
      }
      switch outcome {
      case .moved(let count): read += count
      case .wouldWait: try wait(for: process.answers, Int16(POLLIN), by: deadline)
      case .ended: throw process.fault()
      }
    }
    return bytes
  }

  /// Waits until a pipe is ready, and reads meanwhile what the process prints.
  private func wait(for end: PipeEnd, _ events: Int16, by deadline: Deadline) throws(WorkerFault) {
    while true {
      var places = [
        pollfd(fd: end.descriptor, events: events, revents: 0),
        pollfd(fd: tail.hasEnded ? -1 : process.printed.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      let ready = poll(&places, nfds_t(places.count), deadline.remainingMilliseconds)
      if ready > 0, places[1].revents != 0 { drain() }
      if ready > 0, places[0].revents != 0 { return }
      // What has arrived is taken even where the time is over.
      if ready == 0, deadline.isOver { throw deadline.fault }
    }
  }

  private func drain() { tail.read(from: process.printed) }
}

/// Until when something must have happened.
struct Deadline {
  private let limit: Duration
  private let activity: String
  private let end: ContinuousClock.Instant

  /// A time from now on.
  init(_ limit: Duration, for kind: FrameKind) {
    self.limit = limit
    activity = kind.activity
    end = ContinuousClock.now + limit
  }

  /// Whether it has passed.
  var isOver: Bool { ContinuousClock.now >= end }

  /// How long it is until then, rounded up.
  var remainingMilliseconds: Int32 {
    let remaining = ContinuousClock.now.duration(to: end) / .milliseconds(1)
    return Int32(min(max(remaining.rounded(.up), 0), 1e9))
  }

  /// What is wrong where it has passed.
  var fault: WorkerFault { .silent(limit: limit, during: activity) }
}

/// The end of a text that grows.
private struct TextTail {
  private static let byteLimit = 4096
  private static let lineLimit = 5
  private var bytes: [UInt8] = []
  private(set) var hasEnded = false

  /// The last lines that say something.
  var lines: [String] {
    let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
    return lines.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }.suffix(Self.lineLimit)
  }

  /// Reads all that is there.
  mutating func read(from end: PipeEnd) {
    var room = [UInt8](repeating: 0, count: Self.byteLimit)
    while true {
      switch room.withUnsafeMutableBytes({ end.read(into: $0) }) {
      case .moved(let count): bytes = (bytes + room.prefix(count)).suffix(Self.byteLimit)
      case .wouldWait: return
      case .ended:
        hasEnded = true
        return
      }
    }
  }
}
