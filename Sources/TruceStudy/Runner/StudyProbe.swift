public import Foundation
import Truce
import TruceRun

/// Estimates a study by running a few steps of each kind of cell.
///
/// Cells of one kind differ only in optimizer, learning rate, options and seed. The measured time of a
/// step is multiplied by a run's steps; what else a short run took (its start, one measurement, a checkpoint)
/// is added once for every epoch that is measured. Also finds early what the engine will refuse.
public struct StudyProbe<C: Clock> where C.Duration == Duration {
  private let plan: StudyPlan
  private let launcher: any WorkerLauncher
  private let options: RunnerOptions
  private let steps: Int
  private let scratch: URL
  private let clock: C

  /// Creates a probe.
  ///
  /// - Parameters:
  ///   - plan: The plan.
  ///   - launcher: How workers are started.
  ///   - options: How the study will be run.
  ///   - steps: The steps of a measured run.
  ///   - scratch: A folder for the measured runs, which is removed in the end.
  ///   - clock: The clock.
  public init(
    plan: StudyPlan, launcher: any WorkerLauncher, options: RunnerOptions, steps: Int = 10,
    scratch: URL, clock: C
  ) {
    self.plan = plan
    self.launcher = launcher
    self.options = options
    self.steps = steps
    self.scratch = scratch
    self.clock = clock
  }

  /// Measures one cell of each kind.
  ///
  /// - Returns: The estimate.
  /// - Throws: ``StudyError/failedRuns(count:first:exitStatus:)`` where a measured run fails.
  public func estimate() async throws -> StudyEstimate {
    defer { try? FileManager.default.removeItem(at: scratch) }
    var shares: [StudyEstimate.Share] = []
    for cells in kinds() {
      guard let cell = cells.first else { continue }
      shares.append(try await share(of: cell, runs: cells.reduce(0) { $0 + $1.seeds.count }))
    }
    return StudyEstimate(shares: shares, jobs: options.jobs)
  }

  private func kinds() -> [[StudyCell]] {
    let groups = Dictionary(grouping: plan.cells) { cell in
      var kind = cell.configuration
      kind.optimizer = .sgd
      kind.learningRate = 1
      for path in [\RunConfiguration.options, \.weightingOptions, \.optimizerOptions, \.scheduleOptions] {
        kind[keyPath: path] = [:]
      }
      return kind.resolvedYAML
    }
    let order = plan.cells.map(\.id)
    return groups.values.sorted {
      (order.firstIndex(of: $0[0].id) ?? 0) < (order.firstIndex(of: $1[0].id) ?? 0)
    }
  }

  private func share(of cell: StudyCell, runs: Int) async throws -> StudyEstimate.Share {
    let directory = RunDirectory(scratch.appending(path: cell.id))
    var configuration = cell.configuration
    configuration.maxSteps = min(steps, configuration.maxSteps ?? steps)
    try directory.open(.force)
    try directory.write(configuration)
    let start = clock.now
    let worker = try launcher.launch(
      WorkerOrder(
        directory: directory, configuration: configuration, isResuming: false,
        threads: options.threadsPerJob, jobs: options.jobs, claim: directory.claim()))
    let exit = try await ending(of: worker)
    let seconds = start.duration(to: clock.now) / .seconds(1)
    return try share(cell, runs, directory, exit, seconds: seconds)
  }

  private func ending(of worker: any Worker) async throws -> WorkerExit {
    do {
      while worker.exit == nil { try await clock.sleep(for: .milliseconds(20)) }
    } catch {
      worker.kill()
      throw error
    }
    return worker.exit ?? .code(0)
  }

  private func share(
    _ cell: StudyCell, _ runs: Int, _ directory: RunDirectory, _ exit: WorkerExit, seconds: Double
  ) throws -> StudyEstimate.Share {
    guard WorkerVerdict(exit, of: directory, wasToldToStop: false) == .finished,
      let summary = try directory.summary(),
      let position = RunPosition(of: directory, maxSteps: cell.configuration.maxSteps),
      let planned = position.plannedSteps
    else { throw failure(of: cell, directory, exit) }
    let step = summary.secondsPerStep ?? summary.seconds / Double(max(1, summary.steps))
    let rest = max(0, seconds - step * Double(summary.steps))
    let measurements = max(1, cell.configuration.epochs / cell.configuration.evaluateEvery)
    return StudyEstimate.Share(
      cell: cell.id, runs: runs, secondsPerStep: step, steps: planned,
      secondsPerRun: Double(planned) * step + Double(measurements) * rest,
      bytesPerRun: Self.size(of: directory.url))
  }

  private func failure(of cell: StudyCell, _ directory: RunDirectory, _ exit: WorkerExit) -> StudyError {
    let verdict = WorkerVerdict(exit, of: directory, wasToldToStop: false)
    let reason = verdict.failure ?? verdict.state.reason ?? "it ended as \(verdict.state.word)"
    let status = exit.code.flatMap(ExitStatus.init) ?? .internalError
    return .failedRuns(count: 1, first: "\(cell.title): \(reason)", exitStatus: status)
  }

  private static func size(of folder: URL) -> Int {
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.fileSizeKey])
    let sizes = (files?.allObjects ?? []).compactMap { file in
      try? (file as? URL)?.resourceValues(forKeys: [.fileSizeKey]).fileSize
    }
    return sizes.reduce(0, +)
  }
}
