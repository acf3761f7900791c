public import Foundation
import Torch
import Truce
public import TruceRun

/// One run from its configuration to its summary, in a folder of its own.
///
/// The configuration is saved first. Whatever happens then - the end, divergence, an interruption, an error -
/// the summary says so.
public struct TrainingRun {
  private let configuration: RunConfiguration
  private let directory: RunDirectory
  private let console: Console
  private let isInterrupted: () -> Bool
  private let now: () -> Date

  /// Prepares a run; nothing is written yet.
  ///
  /// - Parameters:
  ///   - configuration: What to do.
  ///   - directory: Where to leave it.
  ///   - console: Where progress is shown.
  ///   - isInterrupted: Asked after every step; true ends the run with a checkpoint.
  ///   - now: The time, for the record.
  public init(
    configuration: RunConfiguration, directory: RunDirectory, console: Console,
    isInterrupted: @escaping () -> Bool = { false }, now: @escaping () -> Date = Date.init
  ) {
    self.configuration = configuration
    self.directory = directory
    self.console = console
    self.isInterrupted = isInterrupted
    self.now = now
  }

  /// Trains.
  ///
  /// - Parameter opening: What to do about a run that is already in the folder.
  /// - Returns: The summary, which is also written into the folder.
  /// - Throws: `RunError`, `DataError`, ``TrainingError`` or `MethodError` where the run cannot even begin, and
  ///   what ended it otherwise; in the latter case the summary is written first.
  public func run(_ opening: RunDirectory.Opening) throws -> RunSummary {
    let assembly = try TrainingAssembly(configuration)
    let trainer = try assembly.makeTrainer()
    let claim = try directory.claim()
    defer { withExtendedLifetime(claim) {} }
    try checkContinuation(opening)
    try directory.open(opening)
    try directory.write(configuration)
    try directory.write(
      RunEnvironment(
        device: "\(assembly.device)", threads: Engine.threadCount, libtorchVersion: Engine.version,
        repository: GitState(of: URL(filePath: FileManager.default.currentDirectoryPath)), startedAt: now()))
    let times = StepTimes()
    try prepare(trainer, assembly, times: times, resumes: isResuming(opening))
    return try train(trainer, times)
  }

  private func isResuming(_ opening: RunDirectory.Opening) -> Bool {
    if case .resume = opening { true } else { false }
  }

  /// Refuses to continue a run under another configuration.
  private func checkContinuation(_ opening: RunDirectory.Opening) throws {
    guard isResuming(opening), directory.hasBegun else { return }
    let before = try directory.configuration()
    guard before.withoutSchedulingDetails != configuration.withoutSchedulingDetails else { return }
    throw TrainingError.incompatible(
      reason: "\(directory.url.relativePath) holds a run with another configuration",
      help: "resume with --config \(directory.configurationFile.relativePath), or choose another folder")
  }

  /// Puts the trainer where the run stands and gives it its handlers.
  private func prepare(
    _ trainer: Trainer, _ assembly: TrainingAssembly, times: StepTimes, resumes: Bool
  ) throws {
    let store = CheckpointStore(directory.checkpoints)
    let hasResumed = resumes ? try store.restoreLast(trainer) : false
    let position = trainer.progress.position
    let log = try MetricLog(
      in: directory, resumingAt: hasResumed ? position.step : nil, epochs: position.epoch)
    let updates = configuration.updatesEvery.map {
      UpdateRecorder(in: directory, interval: $0, resumingAt: hasResumed ? position.step : nil)
    }
    trainer.handlers = [
      times,
      MetricRecorder(log: log, stepInterval: configuration.logEvery, isResumed: hasResumed),
    ]
    if let updates { trainer.handlers.append(updates) }
    trainer.handlers += [
      ProgressReporter(console: console),
      StopOnSkippedSteps(),
    ]
    if configuration.tensorBoard { trainer.handlers.append(try tensorBoardLog(from: position)) }
    if configuration.similarityEvery > 0 { trainer.handlers.append(similarityMonitor(log)) }
    trainer.handlers += [
      Checkpointing(
        store: store, epochInterval: configuration.checkpointEvery,
        stepInterval: configuration.checkpointEverySteps, score: assembly.score),
      InterruptionWatch(isRequested: isInterrupted) { try store.saveLast($0) },
    ]
  }

  private func tensorBoardLog(from position: TrainingPosition) throws(RunError) -> TensorBoardLog {
    try TensorBoardLog(
      in: directory.tensorBoard, from: position, stepInterval: configuration.logEvery, now: now)
  }

  private func similarityMonitor(_ log: MetricLog) -> SimilarityMonitor {
    SimilarityMonitor(
      log: log, stepInterval: configuration.similarityEvery, sampleCount: configuration.similaritySamples,
      layers: configuration.similarityLayers, seed: UInt64(configuration.seed))
  }

  private func train(_ trainer: Trainer, _ times: StepTimes) throws -> RunSummary {
    defer { console.finishLine() }
    do {
      _ = try trainer.run()
      return try finish(trainer, times, .finished)
    } catch is TrainingInterruption {
      return try finish(trainer, times, .interrupted, reason: "asked to stop")
    } catch let error as MethodError where error.isAboutFiniteness {
      let reason = TrainingError.diverged(
        step: trainer.progress.position.step + 1, reason: trainer.words(for: error))
      _ = try finish(trainer, times, .diverged, reason: "\(reason)")
      throw reason
    } catch let error as TrainingError {
      _ = try? finish(trainer, times, error.status, reason: "\(error)")
      throw error
    } catch {
      _ = try? finish(trainer, times, .failed, reason: "\(error)")
      throw error
    }
  }

  private func finish(
    _ trainer: Trainer, _ times: StepTimes, _ status: RunStatus, reason: String? = nil
  ) throws -> RunSummary {
    let progress = trainer.progress
    let summary = RunSummary(
      status: status, reason: reason, epochs: progress.position.epoch, steps: progress.position.step,
      seconds: progress.seconds, secondsPerStep: times.median, metrics: trainer.lastMetrics,
      conflictShare: progress.lastValues[MetricKey.conflictShare],
      values: progress.lastValues.filter { $0.value.isFinite })
    if status == .finished, let predictions = try trainer.predictions() { try directory.write(predictions) }
    try directory.write(summary)
    return summary
  }
}

extension Trainer {
  /// The metrics of the last measurement.
  var lastMetrics: [MetricValue] {
    problem.evaluationLoaders.flatMap { part in
      problem.tasks.flatMap { task in
        task.metricRecords.compactMap { record in
          progress.lastValues[MetricKey.metric(record.name, of: task.name, split: part.split)].map {
            MetricValue(
              task: task.name, name: record.name, split: part.split, value: $0,
              higherIsBetter: record.higherIsBetter)
          }
        }
      }
    }
  }
}

extension TrainingError {
  fileprivate var status: RunStatus {
    if case .diverged = self { .diverged } else { .failed }
  }
}

extension RunConfiguration {
  /// What must not change between the parts of a run: all but how often things are written and how many
  /// threads compute.
  fileprivate var withoutSchedulingDetails: RunConfiguration {
    var other = self
    (other.logEvery, other.checkpointEvery, other.checkpointEverySteps, other.threads) = (1, 1, nil, 0)
    (other.epochs, other.maxSteps, other.tensorBoard) = (0, nil, false)
    return other
  }
}
