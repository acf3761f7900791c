import Foundation

/// The growing file of a run's events.
///
/// Each event reaches the operating system before ``append(_:)`` returns, so a killed process loses none;
/// the ends of epochs also reach the disk.
public final class MetricLog: Sendable {
  private let file: DurableFile

  /// Starts a log, or continues one from the given step and epoch.
  ///
  /// What a killed run logged beyond its last checkpoint happens again, so those lines are dropped.
  ///
  /// - Parameters:
  ///   - directory: The run's folder.
  ///   - step: The step of the checkpoint from which the run continues; nil to start anew.
  ///   - epochs: The epochs completed by then: a checkpoint may lie between an epoch's last step and its end.
  /// - Throws: ``RunError``.
  public init(
    in directory: RunDirectory, resumingAt step: Int? = nil, epochs: Int = .max
  ) throws(RunError) {
    let url = directory.metricsFile
    guard let step else {
      file = try DurableFile(creating: url)
      return
    }
    let kept = try Self.lines(of: url).filter { Self.isKept($0.event, at: step, epochs) }
    try AtomicFile.write(Data(kept.map(\.text).joined()), to: url)
    file = try DurableFile(appendingTo: url)
  }

  private static func isKept(_ event: RunEvent, at step: Int, _ epochs: Int) -> Bool {
    switch event {
    case .begin, .step: event.step <= step
    case .epoch(let progress): progress.step <= step && progress.epoch <= epochs
    case .end: false
    }
  }

  /// Adds an event.
  ///
  /// - Throws: ``RunError/diskFull(path:)``, ``RunError/unwritable(path:reason:)``, or ``RunError/removed(path:)`` where
  ///   what is written would be lost because the log is no longer where it was.
  public func append(_ event: RunEvent) throws(RunError) {
    try file.appendInPlace(RecordCoding.line(event))
    if case .step = event { return }
    try file.synchronize()
  }

  /// Reads the events of a run, in order; none where it has not begun.
  ///
  /// A torn last line, left by a killed process, is passed over.
  ///
  /// - Throws: ``RunError/damaged(path:line:reason:)`` where any other line is not an event.
  public static func events(in directory: RunDirectory) throws(RunError) -> [RunEvent] {
    try lines(of: directory.metricsFile).map(\.event)
  }

  private static func lines(of url: URL) throws(RunError) -> [(text: Data, event: RunEvent)] {
    guard FileManager.default.fileExists(atPath: url.path) else { return [] }
    guard let data = FileManager.default.contents(atPath: url.path) else {
      throw .unreadable(path: url.relativePath, reason: "not a readable file")
    }
    let newline = UInt8(ascii: "\n")
    let whole = data[..<(data.lastIndex(of: newline).map { $0 + 1 } ?? data.startIndex)]
    var lines: [(text: Data, event: RunEvent)] = []
    for (index, text) in whole.split(separator: newline).enumerated() {
      guard let event = RecordCoding.decode(RunEvent.self, from: text) else {
        throw .damaged(path: url.relativePath, line: index + 1, reason: "not an event of a run")
      }
      lines.append((text + [newline], event))
    }
    return lines
  }
}
