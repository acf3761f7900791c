public import Torch
import TorchNN
public import TruceData
public import TruceModels
import TruceRun

/// A task that asks for one number less its mean, over its deviation, and is measured in the number's own unit.
///
/// The loss is the mean squared error of the standardised numbers, so that tasks of different units have losses of one size.
/// The metric is the mean absolute error times the deviation. Metrics of the catalogue would see standardised numbers and so
/// are refused by name.
public struct StandardizedTask: ProblemTask {
  /// The task's name.
  public let name: String
  /// What a standardised distance is multiplied by to be in the number's unit.
  public let deviation: Double

  /// Creates a task.
  ///
  /// - Parameters:
  ///   - name: The task's name.
  ///   - deviation: The deviation that the targets were divided by.
  public init(name: String, deviation: Double) {
    self.name = name
    self.deviation = deviation
  }

  /// One number.
  public var output: TaskOutput { .vector(1) }

  /// The mean squared error of the standardised numbers.
  public func loss(output: Tensor, target: TaskTarget) -> Tensor? {
    guard target.hasLabels else { return nil }
    return Losses.meanSquared(output, target.values, mask: target.elementMask)
  }

  /// The median and the mean.
  public func constantAnswers(to target: TaskTarget) -> [Tensor] {
    RegressionTask(name: name).constantAnswers(to: target)
  }

  /// The mean absolute error in the number's unit.
  public func makeMetrics() -> [any Metric] { [StandardizedAbsoluteError(deviation: deviation)] }
}

/// The mean distance between standardised outputs and targets, in the unit they had before.
private struct StandardizedAbsoluteError: DeferredMetric {
  let deviation: Double
  private var base = MeanAbsoluteError()

  init(deviation: Double) { self.deviation = deviation }

  var records: [MetricRecord] { base.records }

  func numbers(output: Tensor, target: TaskTarget) -> BatchNumbers? {
    base.numbers(output: output, target: target)
  }

  mutating func add(_ numbers: [[Double]], count: Int) { base.add(numbers, count: count) }

  mutating func merge(_ other: StandardizedAbsoluteError) { base.merge(other.base) }

  var values: [Double] { base.values.map { $0 * deviation } }
}
