public import Foundation
import Torch
public import Truce
import TruceEnvironments
public import TruceRun
import TruceTasks
import TruceTorch

/// One run from its configuration to its summary, in a folder of its own.
///
/// The configuration is saved first. Whatever happens then - the end, divergence, an interruption, an error -
/// the summary says so.
public struct TrainingRun {
  private let choices: TrainingChoices
  private let directory: RunDirectory
  private let checkpoint: CheckpointChoice
  private let console: Console
  private let isInterrupted: () -> Bool
  private let now: () -> Date

  /// Prepares a run; nothing is read or written yet.
  ///
  /// - Parameters:
  ///   - configuration: What to do.
  ///   - catalogues: What the configuration can name.
  ///   - directory: Where to leave it.
  ///   - checkpoint: The checkpoint from which a run is continued.
  ///   - memory: The memory that task gradients may count on; by default this process's share of the device's.
  ///   - console: Where progress is shown.
  ///   - isInterrupted: Asked after every step; true ends the run with a checkpoint.
  ///   - now: The time, for the record.
  /// - Throws: `OptionError`, `MethodError`, `TorchError` or ``TrainingError`` where the configuration chooses what is
  ///   not there or does not go together, as far as that can be said without data.
  public init(
    configuration: RunConfiguration, catalogues: Catalogues, directory: RunDirectory,
    checkpoint: CheckpointChoice = .last, memory: MemoryShare = MemoryShare(processes: WorkerCommand.jobs()),
    console: Console, isInterrupted: @escaping () -> Bool = { false },
    now: @escaping () -> Date = Date.init
  ) throws {
    choices = try TrainingChoices(configuration, catalogues, memoryShare: memory)
    self.directory = directory
    self.checkpoint = checkpoint
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
  public func run(_ opening: RunDirectory.Opening) throws -> RunSummary { try timedRun(opening).summary }

  /// Trains as ``run(_:)`` does, and tells where the time of the loop went.
  public func timedRun(
    _ opening: RunDirectory.Opening
  ) throws -> (summary: RunSummary, times: LoopTimes) {
    let isContinued = isContinued(opening)
    let subject = try RunSubject(choices, in: directory, isContinued: isContinued)
    let loop = makeLoop(subject)
    // A new run that cannot begin leaves nothing behind, so what it begins with is read before the folder is claimed.
    var notes = isContinued ? [] : try adopt(subject)
    let claim = try directory.claim()
    defer { withExtendedLifetime(claim) {} }
    if isContinued { notes += try continueRun(loop, subject) }
    try directory.open(opening)
    try directory.write(configuration)
    try writeSurroundings(of: subject)
    for note in notes + (subject.supervised?.multiTaskStep.memoryNotes ?? []) + precisionNotes {
      console.line(note)
    }
    let times = StepTimes()
    loop.handlers = try handlers(subject, loop, times)
    return (try train(loop, times), loop.times)
  }

  /// Saves where and with what the run takes place.
  private func writeSurroundings(of subject: RunSubject) throws {
    if let encoding = subject.encoding { try directory.write(encoding: encoding) }
    let environments = subject.learner.environments
    if !environments.isEmpty { try directory.write(environments: environments) }
    var surroundings = RunEnvironment(
      device: "\(choices.device)", threads: Engine.threadCount, libtorchVersion: Engine.version,
      repository: GitState(of: URL(filePath: FileManager.default.currentDirectoryPath)),
      gradientMemory: subject.supervised?.multiTaskStep.gradientMemory?.rawValue, startedAt: now())
    let versions = environments.values.reduce(into: [:]) { $0.merge($1.versions) { first, _ in first } }
    surroundings.packages = versions.isEmpty ? nil : versions
    try directory.write(surroundings)
  }

  /// Puts the learner under a loop.
  private func makeLoop(_ subject: RunSubject) -> TrainingLoop {
    let plan = TrainingPlan(
      epochs: configuration.epochs, maximumSteps: configuration.maxSteps,
      evaluateEvery: configuration.evaluateEvery)
    return TrainingLoop(
      subject.learner, plan: plan, score: subject.learner.score, evaluators: subject.evaluators)
  }

  private var configuration: RunConfiguration { choices.configuration }

  /// What the reader should know of the type in which the network computes.
  private var precisionNotes: [String] {
    guard configuration.autocast == .float16, configuration.gradientScaling == .none else { return [] }
    return [
      "autocast: float16 without gradient_scaling: gradients below 6e-8 on their way back count as zero"
    ]
  }

  // MARK: Beginning

  /// Puts the loop where the run in the folder stands, where it is to be continued.
  ///
  /// - Returns: What the reader should know of it.
  private func continueRun(_ loop: TrainingLoop, _ subject: RunSubject) throws -> [String] {
    let continuation = RunContinuation(directory: directory, configuration: configuration, choice: checkpoint)
    let changes = try continuation.checkConfiguration()
    let notes = try continuation.restore(loop) + [changes].compactMap(\.self)
    return loop.progress.position.step == 0 ? notes + (try adopt(subject)) : notes
  }

  private func isContinued(_ opening: RunDirectory.Opening) -> Bool {
    if case .resume = opening { directory.hasBegun } else { false }
  }

  /// Begins with what another run learned, where the configuration says so.
  ///
  /// - Returns: What was taken over and what begins anew.
  private func adopt(_ subject: RunSubject) throws -> [String] {
    guard let from = configuration.from, let learner = subject.supervised else { return [] }
    let source = try NetworkCheckpoint(at: URL(filePath: from))
    let taken = try source.adopt(into: learner)
    let rate = OptionValue.number(configuration.learningRate)
    let schedule =
      "\(configuration.schedule.rawValue) over \(Counted.text(configuration.epochs, "epoch")) from \(rate)"
    return [
      "begins with \(taken.joined(separator: ", ")) of \(source.name); its schedule, \(schedule), begins anew"
    ]
  }

  // MARK: Handlers

  private func handlers(
    _ subject: RunSubject, _ loop: TrainingLoop, _ times: StepTimes
  ) throws -> [any TrainingHandler] {
    let position = loop.progress.position
    let request = HandlerRequest(
      configuration: configuration, directory: directory, learner: subject.learner,
      supervised: subject.supervised, position: position,
      log: try MetricLog(in: directory, resumingAt: position.resumedStep, epochs: position.epoch),
      console: console,
      isInterrupted: isInterrupted, now: now)
    return [times, WorkerWatch(subject.workerNotes, on: console)]
      + (try choices.catalogues.handlers.compactMap { try $0.make(request) })
  }

  // MARK: Ending

  private func train(_ loop: TrainingLoop, _ times: StepTimes) throws -> RunSummary {
    defer { console.finishLine() }
    let ending = { (status: RunStatus, reason: String?) in
      summary(of: loop, times, status, reason)
    }
    do {
      _ = try loop.run()
      return try finish(ending(.finished, nil))
    } catch is TrainingInterruption {
      return try finish(ending(.interrupted, "asked to stop"))
    } catch {
      try? directory.write(ending((error as? TrainingError)?.status ?? .failed, "\(error)"))
      throw error
    }
  }

  /// Saves how the run ended, in a folder that still holds what the run was told.
  private func finish(_ summary: RunSummary) throws -> RunSummary {
    for file in [directory.configurationFile, directory.metricsFile]
    where !FileManager.default.fileExists(atPath: file.path) {
      throw RunError.removed(path: file.relativePath)
    }
    try directory.write(summary)
    return summary
  }

  private func summary(
    of loop: TrainingLoop, _ times: StepTimes, _ status: RunStatus, _ reason: String?
  ) -> RunSummary {
    let progress = loop.progress
    return RunSummary(
      status: status, reason: reason, epochs: progress.position.epoch, steps: progress.position.step,
      seconds: progress.seconds, secondsPerStep: times.median,
      metrics: loop.beginning?.metrics(in: progress.lastValues, splits: loop.learner.splits) ?? [],
      conflictShare: progress.lastValues[MetricKey.conflictShare],
      conflictSteps: progress.lastValues[MetricKey.conflictSteps].map { Int($0) },
      values: progress.lastValues.filter { $0.value.isFinite })
  }
}

extension MultiTaskStep {
  /// What the reader should know of how the task gradients are held; nothing where all rows are.
  fileprivate var memoryNotes: [String] {
    guard let footprint, gradientMemory == .stream else { return [] }
    let rows = "\(footprint.taskCount) rows of \(NumberText.grouped(footprint.coordinateCount)) numbers"
    let sharing = footprint.processes > 1 ? ", which \(footprint.processes) workers share" : ""
    let memory = footprint.deviceBytes.map { " of the \(DurationText.size($0)) there are\(sharing)" } ?? ""
    return [
      "holds the task gradients of one layer at a time (gradient_memory: \(settings.memory)): "
        + "all of them, \(rows), would take \(DurationText.size(footprint.bytes))\(memory)"
    ]
  }
}

extension RunBeginning {
  /// The metrics among some values, split by split and task by task.
  fileprivate func metrics(in values: [String: Double], splits: [String]) -> [MetricValue] {
    splits.flatMap { split in
      tasks.flatMap { task in
        task.metrics.compactMap { record in
          values[MetricKey.metric(record.name, of: task.name, split: split)].map {
            MetricValue(
              task: task.name, name: record.name, split: split, value: $0,
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
