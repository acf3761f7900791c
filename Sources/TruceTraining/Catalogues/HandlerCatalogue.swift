public import Foundation
public import TruceRun

/// The handlers of a run: the one list from which a run makes what watches it, in the order in which they are told.
public enum HandlerCatalogue {
  /// The entries: what records and shows first, what may end the run behind it.
  public static let entries: [HandlerEntry] = [
    .metrics, .updates, .progress, .skippedSteps, .loader, .tensorBoard, .similarity, .predictions,
    .checkpoints,
    .interruption,
  ]
}

/// One line of the catalogue of handlers: a name, and a way to make the handler of a run.
public struct HandlerEntry: Sendable {
  /// The name, by which two entries are told apart.
  public let name: String
  private let makeHandler: @Sendable (HandlerRequest) throws -> (any TrainingHandler)?

  /// Creates a line.
  ///
  /// - Parameters:
  ///   - name: The name.
  ///   - make: Makes the handler of a run; nil where the run's configuration does not ask for one.
  public init(
    name: String, make: @escaping @Sendable (HandlerRequest) throws -> (any TrainingHandler)?
  ) {
    self.name = name
    makeHandler = make
  }

  /// Makes the handler of a run; nil where the run's configuration does not ask for one.
  public func make(_ request: HandlerRequest) throws -> (any TrainingHandler)? { try makeHandler(request) }
}

/// What a handler can be made with.
public struct HandlerRequest {
  /// What the run was told.
  public let configuration: RunConfiguration
  /// The run's folder.
  public let directory: RunDirectory
  /// What learns.
  public let learner: any Learner
  /// The same, where it learns from labelled data; nil for an agent.
  public let supervised: SupervisedLearner?
  /// Where training stands as the run begins or is continued.
  public let position: TrainingPosition
  /// The open log, `metrics.jsonl`.
  public let log: MetricLog
  /// Where progress is shown.
  public let console: Console
  /// Whether the run has been asked to stop.
  public let isInterrupted: () -> Bool
  /// The time, for the record.
  public let now: () -> Date

  /// The steps taken before a continued run goes on; nil for a new run.
  public var resumedStep: Int? { position.resumedStep }

  /// Where the run's checkpoints are kept.
  var store: CheckpointStore { CheckpointStore(directory.checkpoints) }
}
