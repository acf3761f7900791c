public import Foundation
import Truce
public import TruceRun
import TruceToy

/// A worker for the problem `toy`, the two-task problem in the plane on which CAGrad was introduced.
///
/// A run is one descent; its seed picks the start. It leaves what any run leaves, and `trajectory.csv`.
public struct ToyWorker: Sendable {
  /// The name of the problem.
  public static let problem = "toy"
  /// The key under which the number of steps to the global minimum is recorded; absent where it was never reached.
  public static let stepsToMinimum = "toy/iterations_to_global_minimum"
  /// The keys of the position `x₁`, `x₂`.
  public static let position = (x: "toy/x1", y: "toy/x2")
  /// The key of the mean loss `L₀`.
  public static let meanLoss = "toy/mean_loss"

  private let directory: RunDirectory
  private let date: Date

  /// Creates a worker for a run's folder.
  ///
  /// - Parameters:
  ///   - directory: The folder, with its configuration.
  ///   - date: The time of day.
  public init(_ directory: RunDirectory, date: Date) {
    self.directory = directory
    self.date = date
  }

  /// The recorded points of a run.
  public static func trajectoryFile(of directory: RunDirectory) -> URL {
    directory.url.appending(path: "trajectory.csv")
  }

  /// Runs from the start to the last step; takes well under a second, and so is not resumed but repeated.
  ///
  /// - Returns: `ExitStatus.badData` where the run diverged.
  /// - Throws: `RunError` or `MethodError` where the configuration is wrong or a file cannot be written.
  public func run() throws -> ExitStatus {
    let setup = try ToySetup(directory.configuration(), file: directory.configurationFile.relativePath)
    try directory.open(.resume)
    try directory.write(
      RunEnvironment(
        device: "cpu", threads: 1, libtorchVersion: nil,
        repository: GitState(of: URL(filePath: ".")), startedAt: date))
    let log = try MetricLog(in: directory)
    try log.append(.begin(setup.beginning))
    let clock = ContinuousClock()
    let start = clock.now
    let run = try Toy.run(from: setup.start, settings: setup.settings)
    let seconds = start.duration(to: clock.now) / .seconds(1)
    return try write(run.thinned(perOctave: 32), setup, log, seconds: seconds)
  }

  private func write(
    _ run: ToyRun, _ setup: ToySetup, _ log: MetricLog, seconds: Double
  ) throws(RunError) -> ExitStatus {
    let lines = [TrajectoryCSV.header] + TrajectoryCSV.lines(of: [run], settings: setup.settings)
    try AtomicFile.write(
      lines.joined(separator: "\n") + "\n", to: Self.trajectoryFile(of: directory))
    let perStep = seconds / Double(max(1, run.final.iteration))
    for point in run.trajectory {
      let progress = RunProgress(
        epoch: 0, step: point.iteration, seconds: perStep * Double(point.iteration),
        values: Self.values(at: point, split: "train", metric: "loss").merging([
          Self.position.x: point.x.x, Self.position.y: point.x.y,
        ]) { first, _ in first })
      try log.append(.step(progress))
    }
    var values = Self.values(at: run.final, split: "test", metric: "final_loss")
    values[Self.stepsToMinimum] = run.iterationsToGlobalMinimum.map(Double.init)
    let progress = RunProgress(epoch: 1, step: run.final.iteration, seconds: seconds, values: values)
    try log.append(.epoch(progress))
    return try end(run, progress, log, perStep: perStep)
  }

  private func end(
    _ run: ToyRun, _ last: RunProgress, _ log: MetricLog, perStep: Double
  ) throws(RunError) -> ExitStatus {
    let status: RunStatus = run.stop == nil ? .finished : .diverged
    let reason = run.stop.map { "step \($0.iteration): \($0.reason)" }
    try log.append(
      .end(RunEnding(epoch: 1, step: last.step, seconds: last.seconds, status: status, reason: reason)))
    try directory.write(
      RunSummary(
        status: status, reason: reason, epochs: 1, steps: last.step, seconds: last.seconds,
        secondsPerStep: perStep, metrics: ToySetup.metrics(last.values), values: last.values))
    return status == .finished ? .success : .badData
  }

  private static func values(at point: ToyPoint, split: String, metric: String) -> [String: Double] {
    [
      MetricKey.metric(metric, of: ToySetup.tasks[0], split: split): point.losses.x,
      MetricKey.metric(metric, of: ToySetup.tasks[1], split: split): point.losses.y,
      meanLoss: point.meanLoss,
    ]
  }
}
