import Foundation
public import TruceRun

/// How far a run has come, read from the ends of its event log.
public struct RunPosition: Equatable, Sendable {
  /// Epochs completed.
  public let epoch: Int
  /// Steps taken.
  public let step: Int
  /// Seconds of training.
  public let seconds: Double
  /// The steps that are planned, where they are known.
  public let plannedSteps: Int?

  /// The share of the planned steps that is done.
  public var fraction: Double? {
    plannedSteps.map { $0 > 0 ? min(1, Double(step) / Double($0)) : 0 }
  }

  /// Creates a position.
  init(epoch: Int, step: Int, seconds: Double, plannedSteps: Int?) {
    self.epoch = epoch
    self.step = step
    self.seconds = seconds
    self.plannedSteps = plannedSteps
  }

  /// Reads the position; nil before training began.
  ///
  /// - Parameters:
  ///   - directory: The run's folder.
  ///   - maxSteps: Where the run stops before its last epoch.
  /// - Complexity: O(1): only the file's first and last lines are read.
  public init?(of directory: RunDirectory, maxSteps: Int?) {
    guard let file = try? FileHandle(forReadingFrom: directory.metricsFile) else { return nil }
    defer { try? file.close() }
    guard let head = try? file.read(upToCount: 1 << 16),
      case .begin(let begin)? = Self.lines(of: head).first.flatMap(Self.event)
    else { return nil }
    plannedSteps = begin.plannedSteps(atMost: maxSteps)
    switch Self.lastEvent(in: file) ?? .begin(begin) {
    case .begin: (epoch, step, seconds) = (0, 0, 0)
    case .step(let progress), .epoch(let progress):
      (epoch, step, seconds) = (progress.epoch, progress.step, progress.seconds)
    case .end(let ending): (epoch, step, seconds) = (ending.epoch, ending.step, ending.seconds)
    }
  }

  /// The last whole event; a torn last line is passed over.
  private static func lastEvent(in file: FileHandle) -> RunEvent? {
    // A line of gradient similarities may hold thousands of values; most lines are short, and this is asked often.
    lastEvent(in: file, among: 1 << 14) ?? lastEvent(in: file, among: 1 << 20)
  }

  private static func lastEvent(in file: FileHandle, among bytes: UInt64) -> RunEvent? {
    let size = (try? file.seekToEnd()) ?? 0
    let tail = min(size, bytes)
    guard (try? file.seek(toOffset: size - tail)) != nil, let data = try? file.readToEnd() else { return nil }
    return lines(of: data).reversed().lazy.compactMap(event).first
  }

  private static func lines(of data: Data) -> [Data] { data.split(separator: UInt8(ascii: "\n")) }

  private static func event(_ line: Data) -> RunEvent? { RecordCoding.decode(RunEvent.self, from: line) }
}
