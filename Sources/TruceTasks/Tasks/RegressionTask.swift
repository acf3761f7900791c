public import Torch
import TorchNN
public import TruceData
public import TruceModels
public import TruceOptions

/// A task whose outputs are numbers, with the absolute error as its loss and, unless told otherwise, as its metric.
public struct RegressionTask: ProblemTask {
  /// The task's name.
  public let name: String
  /// The number of numbers for each example.
  public let count: Int
  private let metrics: [any Metric]

  /// Creates a task.
  ///
  /// - Parameters:
  ///   - name: The task's name.
  ///   - count: The number of numbers for each example.
  ///   - metrics: What is measured: metrics that have seen nothing.
  public init(name: String, count: Int = 1, metrics: [any Metric] = [MeanAbsoluteError()]) {
    self.name = name
    self.count = count
    self.metrics = metrics
  }

  /// So many numbers.
  public var output: TaskOutput { .vector(count) }

  /// Numbers.
  public var answerKind: AnswerKind? { .numbers }

  /// The mean absolute error.
  public func loss(output: Tensor, target: TaskTarget) -> Tensor? {
    guard target.hasLabels else { return nil }
    return Losses.l1(output, target.values, mask: target.elementMask)
  }

  /// The median, which has the least absolute error, and the mean, which has the least squared one.
  public func constantAnswers(to target: TaskTarget) -> [Tensor] {
    let values = target.values
    guard values.rank == 2, values.shape[1] == count, (target.mask?.rank ?? 1) == 1 || count == 1 else {
      return []
    }
    let labels = target.labelledValues.reshaped([-1, count])
    guard labels.count > 0 else { return [] }
    return [labels.median(0, keepingAxes: true), labels.mean([0], keepingAxes: true)]
  }

  /// The metrics, which have seen nothing.
  public func makeMetrics() -> [any Metric] { metrics }
}
