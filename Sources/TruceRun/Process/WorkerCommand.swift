public import Foundation

/// How a run becomes a process: the contract between a study and the program that trains.
///
///     truce-engine train --config <folder>/config.yaml --output <folder> [--resume]
///
/// The worker writes the files of ``RunDirectory`` and ends with an ``ExitStatus``: 0 when finished, 65 when
/// training diverged (summary status `diverged`), 130 when SIGTERM or SIGINT asked it to stop, which it does
/// after a checkpoint (status `interrupted`) and however often they ask. Any other code is a failure whose reason is the last
/// line of standard error. `--resume` continues from the last checkpoint and starts anew where there is none.
public struct WorkerCommand: Sendable, Equatable {
  /// The program.
  public var executable: URL
  /// Arguments in front of `train`, such as a script for an interpreter.
  public var leadingArguments: [String]

  /// Creates a command.
  public init(executable: URL, leadingArguments: [String] = []) {
    self.executable = executable
    self.leadingArguments = leadingArguments
  }

  /// The arguments for a run's folder.
  public func arguments(for directory: RunDirectory, resuming: Bool) -> [String] {
    leadingArguments + [
      "train", "--config", directory.configurationFile.path, "--output", directory.url.path,
    ] + (resuming ? ["--resume"] : [])
  }

  /// The environment that gives a worker its share of the machine's threads, which do not spin for long, and tells it among
  /// how many the memory is shared.
  public static func environment(
    threads: Int, jobs: Int = 1, from base: [String: String] = ProcessInfo.processInfo.environment
  ) -> [String: String] {
    let share = ["OMP_NUM_THREADS": "\(threads)", "MKL_NUM_THREADS": "\(threads)", jobsVariable: "\(jobs)"]
    return StartVariables.settled(base).merging(share) { $1 }
  }

  /// The variable that tells a worker how many there are at once.
  private static let jobsVariable = "TRUCE_JOBS"

  /// The number of workers at once, of which this process is one; 1 where nothing says so.
  public static func jobs(in environment: [String: String] = ProcessInfo.processInfo.environment) -> Int {
    max(1, environment[jobsVariable].flatMap { Int($0) } ?? 1)
  }
}
