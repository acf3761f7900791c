public import Foundation
import TruceRun

/// How environments in processes of their own are run.
public struct WorkerSettings: Sendable {
  /// The number of processes; nil for one on each core but the learner's.
  ///
  /// There are never more than tasks. Results do not depend on it.
  public var count: Int?
  /// The Python that runs them; nil for the one that ``PythonLocation/found(for:environment:folders:takingAny:)`` finds.
  public var python: URL?
  /// How long a worker may take from its start until its environments stand.
  public var startDeadline: Duration
  /// How long a worker may take for a step of its environments, or to begin an episode.
  public var stepDeadline: Duration
  /// Whether pictures will be asked for, so that a worker prepares to draw.
  public var draws: Bool
  /// How often a worker is started anew, without an answer in between, before the run gives up.
  public var restartLimit: Int
  /// How often a worker is started anew in all before the run gives up: one that dies now and then is ill too.
  public var totalRestartLimit: Int
  /// What is told of each worker that is started anew.
  public var onRestart: @Sendable (WorkerRestart) -> Void

  /// Creates settings.
  public init(
    count: Int? = nil, python: URL? = nil, startDeadline: Duration = .seconds(180),
    stepDeadline: Duration = .seconds(30), draws: Bool = false, restartLimit: Int = 3,
    totalRestartLimit: Int = 10, onRestart: @escaping @Sendable (WorkerRestart) -> Void = { _ in }
  ) {
    self.count = count
    self.python = python
    self.startDeadline = startDeadline
    self.stepDeadline = stepDeadline
    self.draws = draws
    self.restartLimit = restartLimit
    self.totalRestartLimit = totalRestartLimit
    self.onRestart = onRestart
  }

  /// The number of processes for so many tasks.
  func count(forTasks tasks: Int) -> Int {
    let wanted = count ?? ProcessorShare.count() - 1
    return max(1, min(wanted, tasks))
  }
}

/// A worker was replaced by a new one, which repeats the steps of the episode.
public struct WorkerRestart: Equatable, Sendable, CustomStringConvertible {
  /// The tasks whose environments it runs.
  public let tasks: [String]
  /// Why.
  public let fault: WorkerFault
  /// How often it has been replaced since it last gave an answer, this time counted.
  public let number: Int
  /// The last lines that it printed.
  public let lastWords: [String]

  /// The event in one line.
  public var description: String {
    "the worker of \(tasks.joined(separator: ", ")) \(fault); it is started anew and repeats the episode"
      + WorkerFault.said(lastWords)
  }
}
