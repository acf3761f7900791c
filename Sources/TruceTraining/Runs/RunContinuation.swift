import Foundation
import TruceRun

/// What must hold of a run's folder before it is continued, so that nothing is lost in silence.
struct RunContinuation {
  let directory: RunDirectory
  let configuration: RunConfiguration
  let choice: CheckpointChoice

  private var store: CheckpointStore { CheckpointStore(directory.checkpoints) }

  // MARK: Configuration

  /// Compares what is asked for with what the run was told when it began.
  ///
  /// - Returns: What is observed in another way than before, in words; nil where nothing is.
  /// - Throws: ``TrainingError/otherRun(path:differences:)`` where anything differs that results depend on, or
  ///   `RunError` where the old configuration cannot be read.
  func checkConfiguration() throws -> String? {
    let before = try directory.configuration()
    var differences = configuration.differences(from: before, in: .computes)
    let observed = configuration.differences(from: before, in: .observes)
    // A record of updates has one interval from its first row to its last.
    if before.updatesEvery != configuration.updatesEvery {
      differences += observed.filter { $0.field == "updates_every" }
    }
    guard differences.isEmpty else {
      throw TrainingError.otherRun(path: directory.url.relativePath, differences: differences)
    }
    guard !observed.isEmpty else { return nil }
    let words = observed.map { "\($0.field) \($0.own ?? "none") instead of \($0.other ?? "none")" }
    return "from here on with " + words.joined(separator: ", ")
  }

  // MARK: Checkpoint

  /// Puts the run's checkpoint into a loop.
  ///
  /// - Returns: What the reader should know of it; nothing where it is simply the last one.
  /// - Throws: ``TrainingError`` where the checkpoint is damaged or lost, or `RunError` where the record of what came
  ///   before it is.
  func restore(_ loop: TrainingLoop) throws -> [String] {
    if try loop.restore(choice, from: store) {
      try checkRecord(upTo: loop.progress.position)
      let notes = [
        choice == .last ? nil : "continues from \(choice.word), step \(loop.progress.position.step)",
        try lostBest(loop),
      ]
      return notes.compactMap(\.self)
    }
    guard choice == .last else {
      throw TrainingError.noCheckpoint(
        path: directory.checkpoints.relativePath, reason: "has no checkpoint '\(choice.word)'",
        intact: store.names)
    }
    if let name = store.newestIntact {
      try loop.restore(.named(name), from: store)
      try checkRecord(upTo: loop.progress.position)
      return ["last.txt is missing, so the run continues from \(name)"]
    }
    try checkNothingIsLost()
    return ["there is no checkpoint yet, so the run begins again"]
  }

  /// What to say where the best epoch's checkpoint is not there any more.
  private func lostBest(_ loop: TrainingLoop) throws -> String? {
    guard loop.progress.best?.score != nil, try store.checkpoint(.best) == nil else { return nil }
    return "best.txt is missing: the next best epoch will have a checkpoint again"
  }

  /// Makes sure that the record has everything that lies behind the checkpoint.
  private func checkRecord(upTo position: TrainingPosition) throws(RunError) {
    var epochs: [Int] = []
    var hasBegun = false
    for event in try MetricLog.events(in: directory) {
      switch event {
      case .begin: hasBegun = true
      case .epoch(let epoch) where epoch.epoch <= position.epoch: epochs.append(epoch.epoch)
      case .epoch, .step, .end: break
      }
    }
    let firstMissing = zip(epochs, 1...).first { $0 != $1 }?.1 ?? epochs.count + 1
    guard hasBegun, firstMissing > position.epoch else {
      let what = hasBegun ? "epoch \(firstMissing)" : "the beginning"
      throw .damaged(
        path: directory.metricsFile.relativePath, line: nil,
        reason: "lacks \(what), which the checkpoint at step \(position.step) has behind it")
    }
  }

  /// Makes sure that the run was killed before its first checkpoint, where it has none.
  private func checkNothingIsLost() throws {
    let events = try MetricLog.events(in: directory)
    let ended = try directory.summary().flatMap { summary in
      [.finished, .interrupted].contains(summary.status) ? summary.steps : nil
    }
    guard let steps = ended ?? events.stepBehindACheckpoint(configuration), steps > 0 else { return }
    throw TrainingError.noCheckpoint(
      path: directory.checkpoints.relativePath,
      reason: "has no checkpoint, though the run has come to step \(steps)")
  }
}

extension [RunEvent] {
  /// The last step of a run whose record goes on after a checkpoint was due; nil where it does not.
  ///
  /// What is recorded first of a moment is not proof: the process may have been killed between the two.
  fileprivate func stepBehindACheckpoint(_ configuration: RunConfiguration) -> Int? {
    let due = firstIndex { event in
      switch event {
      case .epoch(let progress): progress.epoch % configuration.checkpointEvery == 0
      case .step(let progress): progress.step >= configuration.checkpointEverySteps ?? .max
      case .begin, .end: false
      }
    }
    return due.flatMap { $0 < endIndex - 1 ? last?.step : nil }
  }
}
