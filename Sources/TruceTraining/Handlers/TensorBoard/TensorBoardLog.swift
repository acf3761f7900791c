public import Foundation
public import TruceRun

/// Writes the values of `metrics.jsonl`, under the same names, for TensorBoard: `tensorboard --logdir <run>/tensorboard`.
///
/// What is measured within epochs and at their ends are two curves of one name, so each has a folder of its own, which
/// TensorBoard shows as `steps` and `epochs`. Values that are not finite are left out, and so are the similarities of
/// single samples, which would be hundreds of curves.
public final class TensorBoardLog: TrainingHandler {
  private let steps: EventFile
  private let epochs: EventFile
  private let stepInterval: Int

  /// Starts a part of a log.
  ///
  /// What a killed run logged beyond its last checkpoint happens again; TensorBoard is told to forget it.
  ///
  /// - Parameters:
  ///   - folder: The folder for all parts, created where it is missing.
  ///   - position: Where training continues; the beginning for a new run.
  ///   - stepInterval: Steps between two values.
  ///   - now: The time of day.
  /// - Throws: `RunError` where a file cannot be written.
  public init(
    in folder: URL, from position: TrainingPosition, stepInterval: Int, now: @escaping () -> Date = Date.init
  ) throws(RunError) {
    self.stepInterval = max(stepInterval, 1)
    let isNew = position.step == 0
    steps = try EventFile(
      in: folder.appending(path: "steps", directoryHint: .isDirectory), from: isNew ? 0 : position.step + 1,
      now: now)
    // A checkpoint may lie between an epoch's last step and its end, which is then measured again.
    let afterLastEnd = position.step - position.batch + 1
    epochs = try EventFile(
      in: folder.appending(path: "epochs", directoryHint: .isDirectory), from: isNew ? 0 : afterLastEnd,
      now: now)
  }

  /// Writes the event's values where they are due.
  public func handle(_ event: TrainingEvent, at progress: TrainingProgress) throws {
    switch event {
    case .stepped(let step):
      guard step.isLogged(every: stepInterval, at: progress) else { return }
      try steps.append(step.finiteValues, at: progress.position.step)
    case .epochEnded(let epoch):
      try epochs.append(epoch.finiteValues, at: progress.position.step)
    case .began, .ended: break
    }
  }
}

extension HandlerEntry {
  /// The line of TensorBoard's event files, where `tensorboard` asks for them.
  static let tensorBoard = HandlerEntry(name: "tensorboard") { run in
    guard run.configuration.tensorBoard else { return nil }
    return try TensorBoardLog(
      in: run.directory.tensorBoard, from: run.position, stepInterval: run.configuration.logEvery,
      now: run.now)
  }
}
