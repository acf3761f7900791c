public import Torch
public import TruceData
public import TruceModels
public import TruceOptions
public import TruceRun

/// One task of a problem: what it needs of the network, and how its outputs are judged.
public protocol ProblemTask {
  /// The task's name.
  var name: String { get }
  /// What the network is to give.
  var output: TaskOutput { get }
  /// The part of an example that the task looks at, where examples have parts; nil for the whole example.
  var part: Int? { get }
  /// What the answers are, where metrics of the catalogue can judge them.
  var answerKind: AnswerKind? { get }
  /// The loss over a batch: a scalar, or nil where the batch has no label for the task.
  func loss(output: Tensor, target: TaskTarget) -> Tensor?
  /// Metrics that have seen nothing; the names of their values differ.
  func makeMetrics() -> [any Metric]
  /// Outputs that ignore the input, one row each, such as the most frequent class of some labels: the constant
  /// predictors that a network has to beat. None where they are not known.
  func constantAnswers(to target: TaskTarget) -> [Tensor]
  /// Label and prediction of each sample as a reader is shown them, in words or as maps; nil for a task that has
  /// nothing to show.
  func answers(output: Tensor, target: TaskTarget) -> ShownAnswers?
}

extension ProblemTask {
  /// The whole example.
  public var part: Int? { nil }

  /// Answers that only the task's own metrics judge.
  public var answerKind: AnswerKind? { nil }

  /// The names and directions of what the metrics measure.
  public var metricRecords: [MetricRecord] { makeMetrics().flatMap(\.records) }

  /// None.
  public func constantAnswers(to target: TaskTarget) -> [Tensor] { [] }

  /// Nothing to show.
  public func answers(output: Tensor, target: TaskTarget) -> ShownAnswers? { nil }

  /// The task as a network sees it.
  public var networkTask: NetworkTask { NetworkTask(name: name, output: output, part: part) }
}
